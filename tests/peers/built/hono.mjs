// A server built on the library of 2025 behind @hono/mcp, one transport a request: node hono.mjs PORT
import { StreamableHTTPTransport } from '@hono/mcp';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { Hono } from 'hono';
import { z } from 'zod';
import { serve } from './web.mjs';

const app = new Hono();
app.all('/mcp', async (context) => {
  const server = new McpServer({ name: 'hono-peer', version: '1.0.0' });
  server.registerTool('shout', { description: 'In capitals', inputSchema: { text: z.string() } }, async ({ text }) => ({ content: [{ type: 'text', text: text.toUpperCase() }] }));
  const transport = new StreamableHTTPTransport();
  await server.connect(transport);
  return transport.handleRequest(context);
});
serve(process.argv[2], app.fetch);
