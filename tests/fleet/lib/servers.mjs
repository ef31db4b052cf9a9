// A part of the fleet's servers: each on an address of its own, with the log of what was asked of them.
import { createWriteStream } from 'node:fs';
import net from 'node:net';
import { join } from 'node:path';
import { TLSSocket } from 'node:tls';
import { breakConnection, serve } from './behaviours.mjs';
import { blackhole } from './blackhole.mjs';
import { offerOf } from './certificates.mjs';

export const kindOf = (row) => row.tls ?? 'good';
export const nameOf = (row) => `${kindOf(row)} ${row.host_name}`;

// One line a request; what a stranger would have seen of us. `opened`: the session in its header is one that this server gave.
function requestLog(file) {
  const stream = createWriteStream(file, { flags: 'a' });  // each process of the fleet adds its lines
  let lines = [];
  const flush = () => {
    if (lines.length > 0) stream.write(lines.join(''));
    lines = [];
  };
  const timer = setInterval(flush, 200);
  return {
    log: (row, state, request, rpc, region) => {
      const { host, accept, 'last-event-id': resumes, 'mcp-session-id': session } = request.headers;
      lines.push(`${JSON.stringify({ case: row.name, region, method: request.method, url: `${row.scheme}://${host}${request.path}`,
        rpc: typeof rpc.method === 'string' ? rpc.method : null, accept, resumes, ...(session && { opened: state.given.has(session) }),
        headers: Object.keys(request.headers) })}\n`);
    },
    close: () => { clearInterval(timer); flush(); return new Promise((resolve) => stream.end(resolve)); },
  };
}

const listen = (server, where) => new Promise((resolve, reject) => {
  server.once('error', reject);
  server.listen(where, () => { server.off('error', reject); server.on('error', () => {}); resolve(server); });
});

// What a row says to a connection, by the region that it comes from.
const seenFrom = (row, region) => row.variants.get(region) ?? row;

const needsBytes = ['reset', 'close', 'handshake_failure', 'tls_close', 'tls_reset', 'tls_hang'];
const nobodyListens = (row) => !row.behaviour || ['refused', 'blackhole'].includes(row.behaviour);

// Stands a row up; `accepted` and `log` hear of its connections and requests.
async function standUp(row, { o, sources, certificates, accepted, log }) {
  if (row.behaviour === 'blackhole') return blackhole(row.address, o.ports[row.scheme]);
  const offers = new Map(row.scheme === 'https' ? [row, ...row.variants.values()].map((r) => [r, offerOf(r, certificates.get(nameOf(r)))]) : []);
  const state = { sessions: new Set(), given: new Set(), streams: new Map(), rests: new Map(), greeted: new Set(), forgot: false, slowMs: o.slowMs };
  const server = net.createServer((socket) => {
    accepted(socket);
    const region = sources.get(socket.remoteAddress), seen = seenFrom(row, region);
    if (o.cut.includes(region)) return socket.resetAndDestroy();
    const write = (...request) => log(...request, region);
    const bare = seen.scheme === 'http' || seen.behaviour === 'not_tls';
    if ((bare || needsBytes.includes(seen.behaviour)) && breakConnection(seen, socket)) return undefined;
    if (bare) return serve(seen, state, socket, write);
    const secure = new TLSSocket(socket, offers.get(seen));
    secure.on('error', () => socket.destroy());
    secure.on('_tlsError', () => setTimeout(() => socket.destroy(), 20));
    if (!breakConnection(seen, secure)) serve(seen, state, secure, write);
    return undefined;
  });
  return listen(server, { host: row.address, port: o.ports[row.scheme], backlog: 512 });
}

// Stands up the rows that are its part, every `of`-th from `part` on. Returns an end to them.
export async function standUpPart(rows, part, of, { o, sources, certificates }) {
  const requests = requestLog(join(o.out, 'requests.jsonl'));
  const sockets = new Set();
  const accepted = (socket) => {
    sockets.add(socket);
    socket.setNoDelay(true);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
  };
  const standing = rows.filter((row) => row.behaviour === 'blackhole' || !nobodyListens(row)).filter((_, i) => i % of === part);
  const servers = await Promise.all(standing.map((row) => standUp(row, { o, sources, certificates, accepted, log: requests.log })));
  return async () => {
    for (const s of servers) await s.close();
    for (const s of sockets) s.destroy();
    await requests.close();
  };
}
