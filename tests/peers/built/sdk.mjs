// A server built on the current official library: node sdk.mjs PORT [modern-only]
// It speaks both eras, or with `modern-only` refuses a client that begins with `initialize`.
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server';
import { z } from 'zod';
import { serve } from './web.mjs';

const [port, kind] = process.argv.slice(2);

function makeServer() {
  const server = new McpServer({ name: 'sdk-peer', version: '1.2.3' }, { capabilities: { tools: {} } });
  const answer = async (value) => ({ content: [{ type: 'text', text: JSON.stringify(value) }] });
  server.registerTool('add', { title: 'Add', description: 'Adds two numbers', inputSchema: z.object({ a: z.number(), b: z.number() }), annotations: { readOnlyHint: true } },
    ({ a, b }) => answer(a + b));
  server.registerTool('echo', { description: 'Says what it was told', inputSchema: z.object({ text: z.string() }) }, ({ text }) => answer(text));
  server.registerTool('now', { description: 'The time', inputSchema: z.object({}) }, () => answer(new Date().toISOString()));
  return server;
}

const handler = createMcpHandler(makeServer, kind === 'modern-only' ? { legacy: 'reject' } : {});
serve(port, (request) => handler.fetch(request));
