// A server built on fastmcp: node fastmcp.mjs PORT [stateless]
import { FastMCP } from 'fastmcp';
import { z } from 'zod';

const [port, kind] = process.argv.slice(2);
const server = new FastMCP({ name: 'fastmcp-peer', version: '0.4.2' });
for (const [name, description] of [['roll', 'Rolls a die'], ['flip', 'Flips a coin']])
  server.addTool({ name, description, parameters: z.object({ times: z.number().default(1) }), execute: async () => '4' });

await server.start({ transportType: 'httpStream', httpStream: { port: Number(port), host: '127.0.0.1', stateless: kind === 'stateless' } });
