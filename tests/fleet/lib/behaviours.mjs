// What happens on a connection, by family: faults below HTTP, canned HTTP answers, MCP over Streamable HTTP and
// over the HTTP+SSE transport of 2024.
import { randomUUID } from 'node:crypto';
import { beginStream, encode, endStream, head, RequestReader, writeAnswer, writeChunk, writeEndlessly, writeRaw } from './http.mjs';
import { converse, streamOf, textOf } from './mcp.mjs';
import { isLetIn, secretIn } from './owners.mjs';

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

// An empty SETTINGS frame, the first thing a HTTP/2 server says.
const http2Settings = Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]);

// Faults of the first bytes, before any request is read. True if the connection is dealt with.
export function breakConnection(row, socket) {
  switch (row.behaviour) {
    case 'reset': socket.resetAndDestroy(); return true;
    case 'close': socket.end(); return true;
    case 'handshake_failure':  // a fatal TLS alert in place of the server's hello
      socket.once('data', () => socket.end(Buffer.from([21, 3, 3, 0, 2, 2, 40])));
      return true;
    case 'banner': socket.end(row.banner ?? 'SSH-2.0-OpenSSH_9.6\r\n'); return true;
    case 'not_tls':  // what a plain web server says to a TLS hello
      socket.once('data', () => socket.end('HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n'));
      return true;
    case 'tls_close': socket.once('data', () => socket.end()); return true;  // hangs up on the hello
    case 'tls_reset': socket.once('data', () => socket.resetAndDestroy()); return true;
    case 'tls_hang': socket.resume(); return true;
    case 'http2_cleartext': socket.once('data', () => socket.end(http2Settings)); return true;
    case 'hang': socket.resume(); return true;
    default: return false;
  }
}

function parse(body) {
  try {
    const value = JSON.parse(body);
    return value !== null && typeof value === 'object' ? value : {};
  } catch {
    return {};
  }
}

// $id, {origin}, {host} and {secret}, the credential that came, in a row's text.
function fill(text, { row, id, request }) {
  return text.replaceAll('"$id"', JSON.stringify(id)).replaceAll('{origin}', row.origin).replaceAll('{host}', row.host).replaceAll('{secret}', secretIn(row, request));
}

// The row's own answer to this request, if it has one: by "GET /path", by JSON-RPC method (and cursor), or by HTTP
// method. Some are given but once on a connection.
function cannedFor({ row, request, rpc, socket }) {
  const all = row.answers ?? {};
  const path = request.path.split('?')[0];
  const keys = [`${request.method} ${path}`, `${rpc.method} ${rpc.params?.cursor}`, rpc.method];
  if (request.method !== 'POST' || (path.startsWith(row.path) && !isLetIn(row, request))) keys.push(request.method);
  const key = keys.find((k) => all[k] && !(all[k].once && socket.saidOnce?.has(k)));
  if (all[key]?.once) (socket.saidOnce ??= new Set()).add(key);
  return all[key];
}

async function sayCanned(ctx, canned) {
  const { socket, row } = ctx;
  if (canned.delay_ms) await pause(canned.delay_ms);
  if (canned.hang) return;
  if (canned.reset) { socket.resetAndDestroy(); return; }
  const text = fill(typeof (canned.body ?? '') === 'string' ? canned.body ?? '' : JSON.stringify(canned.body), ctx);
  const headers = Object.fromEntries(Object.entries(canned.headers ?? {}).map(([k, v]) => [k, typeof v === 'string' ? fill(v, ctx) : v]));
  if (headers['Mcp-Session-Id']) ctx.state.given.add(headers['Mcp-Session-Id']);
  if (canned.raw !== undefined)
    return writeRaw(socket, [canned.raw].flat().map((part) => (typeof part === 'string' ? fill(part, ctx) : part)), canned.then);
  if (canned.endless !== undefined) {
    socket.write(head(canned.status ?? 200, { 'Content-Type': canned.type ?? 'application/json', ...headers, Connection: 'close' }));
    if (text) socket.write(text);
    if (canned.endless) writeEndlessly(socket, canned.endless);
    return;
  }
  if (canned.sse) {  // text as it stands, as an event stream; kept open if asked
    beginStream(socket, headers);
    if (text) writeChunk(socket, text);
    if (!canned.open) endStream(socket);
    return;
  }
  const type = canned.type ?? (typeof canned.body === 'object' ? 'application/json' : undefined);
  await writeAnswer(socket, { ...canned, headers: { ...(type && { 'Content-Type': type }), ...headers }, body: text, gzip: row.gzip, pieces: row.pieces, wire: canned.wire ?? row.wire });
}

// A message of the server's own, framed as the row says.
async function sayMessage(ctx, { status, message, session, headers: more }) {
  const { socket, row, state, rpc, request } = ctx;
  const headers = { ...JSON.parse(fill(JSON.stringify(row.headers ?? {}), ctx)), ...more, ...(session && { [row.session === 'lower-case' ? 'mcp-session-id' : 'Mcp-Session-Id']: session }) };
  if (!message) return writeAnswer(socket, { status, headers, wire: row.wire });
  const latin = (text) => (row.quirks?.includes('latin1') ? Buffer.from(text, 'latin1') : text);
  const text = textOf(row, message).replaceAll('{secret}', secretIn(row, request));
  if (row.reply !== 'sse' || status !== 200) {
    const body = latin(row.frame ? row.frame.replaceAll('{message}', () => text) : text);
    return writeAnswer(socket, { status, headers: { 'Content-Type': row.type ?? 'application/json', ...headers }, body, gzip: row.gzip, pieces: row.pieces, wire: row.wire });
  }
  let stream = latin(streamOf(row, text));
  if (row.quirks?.includes('breaks_off') && rpc.method === 'tools/list') {  // the rest is for whoever comes back for it
    const id = randomUUID();
    state.rests.set(id, stream);
    stream = `id: ${id}\nretry: 100\ndata: \n\n`;
  }
  if (row.wire) {
    const { bytes, label } = encode(stream, row.wire);
    beginStream(socket, { ...headers, ...(label && { 'Content-Encoding': label }) });
    writeChunk(socket, bytes);
    return endStream(socket);
  }
  beginStream(socket, headers);
  if (row.pieces) for (let i = 0; i < stream.length && !socket.destroyed; i += row.pieces) { writeChunk(socket, stream.slice(i, i + row.pieces)); await pause(row.pause_ms ?? 1); }
  else writeChunk(socket, stream);
  if (!row.quirks?.includes('stays_open')) endStream(socket);
}

// The transport of 2024-11-05: GET opens the stream, messages are posted beside it.
async function eventStream(ctx) {
  const { socket, row, state, request, rpc } = ctx;
  const [path, query] = request.path.split('?');
  if (request.method === 'GET' && path === row.path) {
    const id = randomUUID();
    state.streams.set(id, socket);
    socket.on('close', () => state.streams.delete(id));
    beginStream(socket);
    writeChunk(socket, `${row.preface ?? ''}event: endpoint\ndata: ${fill(row.endpoint ?? '/messages', ctx)}?sessionId=${id}\n\n`);
    return;
  }
  const stream = path === '/messages' && request.method === 'POST' ? state.streams.get(new URLSearchParams(query).get('sessionId')) : undefined;
  if (!stream) return writeAnswer(socket, { status: path === row.path ? 405 : 404 });
  await writeAnswer(socket, { status: 202, body: 'Accepted' });
  const { message } = converse({ ...row, era: 'legacy', protocol: row.protocol ?? '2024-11-05' }, state, request, rpc);
  if (message && !stream.destroyed) writeChunk(stream, streamOf(row, textOf(row, message)));
}

async function answer(ctx) {
  const { socket, row, request, rpc, state } = ctx;
  if (row.delay_ms) await pause(row.delay_ms);
  if (row.slow && rpc.method === 'tools/list') await pause(state.slowMs);
  if (socket.destroyed) return;
  const canned = cannedFor(ctx);
  if (canned) return sayCanned(ctx, canned);
  const path = request.path.split('?')[0];
  if (row.behaviour === 'http') return writeAnswer(socket, { status: 404, body: 'Not Found' });
  if (row.era === 'sse') return eventStream(ctx);
  if (path !== (row.answers_at ?? row.path)) return writeAnswer(socket, { status: 404, body: 'Not Found' });
  const rest = request.method === 'GET' && state.rests.get(request.headers['last-event-id']);
  if (rest) {
    beginStream(socket);
    writeChunk(socket, rest);
    return endStream(socket);
  }
  if (request.method === 'GET') return writeAnswer(socket, { status: 405, headers: { Allow: 'POST, DELETE' } });
  return sayMessage(ctx, converse(row, state, request, rpc));
}

// Reads requests off the connection and answers one after the other.
export function serve(row, state, socket, log) {
  const reader = new RequestReader();
  let turn = Promise.resolve(), waiting = 0;
  socket.on('data', (chunk) => {
    const good = reader.push(chunk, (request) => {
      const rpc = request.method === 'POST' ? parse(request.body) : {};
      log(row, state, request, rpc);
      if (++waiting > 64) return socket.destroy();
      turn = turn.then(() => (socket.destroyed ? undefined : answer({ row, state, socket, request, rpc, id: rpc.id ?? null })))
        .catch(() => socket.destroy()).finally(() => { --waiting; });
    });
    if (!good) socket.destroy();
  });
}
