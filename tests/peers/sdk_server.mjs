// A server built on the current official library: node sdk_server.mjs PORT [modern-only]
// It speaks both eras, or with `modern-only` refuses a client that begins with `initialize`.
import { createServer } from 'node:http';
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server';
import { z } from 'zod';

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

async function body(request) {
  const parts = [];
  for await (const part of request) parts.push(part);
  return Buffer.concat(parts);
}

createServer(async (request, response) => {
  const url = new URL(request.url, `http://127.0.0.1:${port}`);
  if (url.pathname !== '/mcp') return void response.writeHead(404).end();
  const carries = !['GET', 'HEAD'].includes(request.method);
  const answer = await handler.fetch(new Request(url, { method: request.method, headers: request.headers, body: carries ? await body(request) : undefined }));
  response.writeHead(answer.status, Object.fromEntries(answer.headers));
  if (answer.body) for await (const part of answer.body) response.write(part);
  response.end();
}).listen(Number(port), '127.0.0.1');
