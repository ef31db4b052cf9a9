// Small servers that answer fast and always alike, each on a loopback address of its own; they count what they are asked.
import http from 'node:http';

const tool = (name) => ({ name, inputSchema: { type: 'object' } });

function answer(index, message) {
  if (message.method === 'initialize') {
    return { protocolVersion: '2025-06-18', capabilities: { tools: {} }, serverInfo: { name: `server ${index % 5}`, version: '1' } };
  }
  if (message.method === 'tools/list') return { tools: Array.from({ length: 1 + index % 3 }, (_, i) => tool(`tool-${i}`)) };
  return undefined;
}

// What the server with that number is: most work, some fail in their own ways, and always in the same.
const kinds = ['ok', 'ok', 'ok', 'ok', 'missing', 'ok', 'page', 'ok', 'login', 'broken'];

export async function startServers(count, port, delay) {
  let asked = 0;
  const listeners = new Set();
  const server = http.createServer((request, response) => {
    asked += 1;
    for (const listener of listeners) listener(asked);
    const index = Number(request.socket.localAddress.split('.').at(-1));
    let body = '';
    request.on('data', (piece) => { body += piece; });
    request.on('end', () => setTimeout(() => {
      const kind = kinds[index % kinds.length];
      const send = (status, type, text) => response.writeHead(status, { 'content-type': type }).end(text);
      if (kind === 'missing') return send(404, 'text/plain', 'no such page');
      if (kind === 'page') return send(200, 'text/html', '<!doctype html><title>A page</title>');
      if (kind === 'login') return response.writeHead(401, { 'www-authenticate': 'Bearer' }).end();
      if (kind === 'broken') return send(500, 'text/plain', 'broken');
      if (request.method !== 'POST') return send(405, 'text/plain', '');
      const message = JSON.parse(body || '{}');
      if (message.id === undefined) return send(202, 'text/plain', '');
      const result = answer(index, message);
      const error = { code: -32601, message: 'no such method' };
      return send(200, 'application/json', JSON.stringify({ jsonrpc: '2.0', id: message.id, ...(result ? { result } : { error }) }));
    }, delay(index)));
  });
  server.keepAliveTimeout = 1000;
  await new Promise((resolve) => server.listen(port, '0.0.0.0', resolve));
  return {
    urls: Array.from({ length: count }, (_, i) => `http://127.70.0.${i + 1}:${port}/mcp`),
    count: () => asked,
    // Calls back at each request, with how many there were; returns what ends that.
    watch(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    stop: () => new Promise((resolve) => { server.close(resolve); server.closeAllConnections(); }),
  };
}
