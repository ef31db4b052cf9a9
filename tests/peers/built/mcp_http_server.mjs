// mcp-http-server brings an older release of the official library for the transport; the server is of the current
// one. So they disagree on the versions that exist: node mcp_http_server.mjs PORT
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { startSseAndStreamableHttpMcpServer } from 'mcp-http-server';
import { z } from 'zod';

await startSseAndStreamableHttpMcpServer({
  port: Number(process.argv[2]), host: '127.0.0.1',
  createMcpServer: async () => {
    const server = new McpServer({ name: 'mcp-http-server-peer', version: '1.0.0' });
    server.registerTool('count', { description: 'Counts letters', inputSchema: { text: z.string() } }, async ({ text }) => ({ content: [{ type: 'text', text: String(text.length) }] }));
    return server;
  },
});
