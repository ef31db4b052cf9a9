// From node's HTTP server to a handler that takes a web Request: what several libraries are built for.
import { createServer } from 'node:http';

async function bodyOf(request) {
  const parts = [];
  for await (const part of request) parts.push(part);
  return Buffer.concat(parts);
}

export function serve(port, handle) {
  createServer(async (request, response) => {
    const url = new URL(request.url, `http://127.0.0.1:${port}`);
    if (url.pathname !== '/mcp') return void response.writeHead(404).end();
    const carries = !['GET', 'HEAD'].includes(request.method);
    const answer = await handle(new Request(url, { method: request.method, headers: request.headers, body: carries ? await bodyOf(request) : undefined }));
    response.writeHead(answer.status, Object.fromEntries(answer.headers));
    if (answer.body) for await (const part of answer.body) response.write(part);
    response.end();
  }).listen(Number(port), '127.0.0.1');
}
