// The fleet: reads the cases, stands every server up on an address of its own, and says what must be found there.
import { createWriteStream } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import net from 'node:net';
import { join } from 'node:path';
import { TLSSocket } from 'node:tls';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { breakConnection, serve } from './behaviours.mjs';
import { expectation, healthy, loadCases, registryOf } from './cases.mjs';
import { makeCertificates, offerOf } from './certificates.mjs';
import { startDns } from './dns.mjs';
import { registered } from './owners.mjs';

const usage = `rollcall-fleet --cases FOLDER --out DIR [--night N] [--owners [--at TIME]] [--only NAME,NAME|none] [--copies N] [--healthy N]
  [--healthy-delay-ms MS] [--slow-ms MS] [--https-port 443] [--http-port 80] [--dns-port 5300]`;

function options(args) {
  const text = (fallback) => ({ type: 'string', ...(fallback !== undefined && { default: fallback }) });
  const { values } = parseArgs({ args, options: { cases: text(), out: text(), night: text('1'), only: text(), at: text('2026-11-11T02:30:00Z'), owners: { type: 'boolean', default: false }, copies: text('1'), healthy: text('0'),
    'healthy-delay-ms': text('0'), 'slow-ms': text('5200'), 'https-port': text('443'), 'http-port': text('80'), 'dns-port': text('5300') } });
  if (!values.cases || !values.out) throw new Error(usage);
  const number = (name) => {
    const n = Number(values[name]);
    if (!Number.isInteger(n) || n < 0) throw new Error(`--${name}: expected a whole number`);
    return n;
  };
  const at = new Date(values.at);
  if (Number.isNaN(at.getTime())) throw new Error('--at: expected a time such as 2026-11-11T02:30:00Z');
  return { at, owners: values.owners, cases: values.cases, out: values.out, only: values.only?.split(','), night: number('night'), copies: number('copies'), healthy: number('healthy'),
    healthyDelay: number('healthy-delay-ms'), slowMs: number('slow-ms'),
    ports: { https: number('https-port'), http: number('http-port'), dns: number('dns-port') } };
}

// One line a request; what a stranger would have seen of us. `opened`: the session in its header is one that this server gave.
function requestLog(file) {
  const stream = createWriteStream(file);
  let lines = [];
  const flush = () => {
    if (lines.length > 0) stream.write(lines.join(''));
    lines = [];
  };
  const timer = setInterval(flush, 200);
  return {
    log: (row, state, request, rpc) => {
      const { host, accept, 'last-event-id': resumes, 'mcp-session-id': session } = request.headers;
      lines.push(`${JSON.stringify({ case: row.name, method: request.method, url: `${row.scheme}://${host}${request.path}`,
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

// A socket that listens and never accepts: its thread sleeps, and connections of our own fill the queue, so that
// the kernel drops whatever comes next.
async function blackhole(address, port) {
  const worker = new Worker(`const { parentPort, workerData } = require('node:worker_threads');
    require('node:net').createServer().listen({ ...workerData, backlog: 1 }, () => {
      parentPort.postMessage('listening');
      setTimeout(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0), 20);
    });`, { eval: true, workerData: { host: address, port } });
  await new Promise((resolve, reject) => { worker.once('message', resolve); worker.once('error', reject); });
  await new Promise((resolve) => setTimeout(resolve, 120));
  const held = Array.from({ length: 6 }, () => net.connect({ host: address, port }).on('error', () => {}));
  await new Promise((resolve) => setTimeout(resolve, 50));
  return { close: () => { held.forEach((s) => s.destroy()); return worker.terminate(); } };
}

export async function main(args) {
  const o = options(args);
  await mkdir(o.out, { recursive: true });
  const rows = [...await loadCases(o.cases, o), ...healthy(o)];
  const certificates = await makeCertificates(o.out, rows.filter((r) => r.scheme === 'https').map((r) => ({ name: r.host_name, kind: r.tls ?? 'good' })));

  const byName = new Map(rows.map((r) => [r.host_name, r]));
  const lookUp = (name) => byName.get(name) ?? byName.get(name.slice(name.indexOf('.') + 1));  // and one label below
  const dns = await startDns(o.ports.dns, lookUp);

  const requests = requestLog(join(o.out, 'requests.jsonl'));
  const sockets = new Set(), servers = [];
  const accept = (row, state, offer) => (socket) => {
    sockets.add(socket);
    socket.setNoDelay(true);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    const bare = row.scheme === 'http' || row.behaviour === 'not_tls';
    const below = ['reset', 'close', 'handshake_failure', 'tls_close', 'tls_reset', 'tls_hang'].includes(row.behaviour);
    if ((bare || below) && breakConnection(row, socket)) return;
    if (bare) return serve(row, state, socket, requests.log);
    const secure = new TLSSocket(socket, offer);
    secure.on('error', () => socket.destroy());
    secure.on('_tlsError', () => setTimeout(() => socket.destroy(), 20));
    if (!breakConnection(row, secure)) serve(row, state, secure, requests.log);
  };
  servers.push(...await Promise.all(rows.filter((r) => r.behaviour === 'blackhole').map((r) => blackhole(r.address, o.ports[r.scheme]))));
  for (const row of rows) {
    if (['refused', 'blackhole'].includes(row.behaviour) || !row.behaviour) continue;
    const offer = row.scheme === 'https' ? offerOf(row, certificates.get(row.host_name)) : undefined;
    const state = { sessions: new Set(), given: new Set(), streams: new Map(), rests: new Map(), greeted: new Set(), forgot: false, slowMs: o.slowMs };
    servers.push(await listen(net.createServer(accept(row, state, offer)), { host: row.address, port: o.ports[row.scheme], backlog: 512 }));
  }

  const save = (name, value) => writeFile(join(o.out, name), typeof value === 'string' ? value : `${JSON.stringify(value, null, 1)}\n`);
  await save('registry.json', registryOf(rows));
  await save('urls.txt', rows.map((r) => `${r.url}\n`).join(''));
  if (o.owners) {
    const owners = registered(rows, o.at);
    await save('owners.json', owners.records);
    await save('owners.env', owners.environment);
  }
  await save('expected.json', { night: o.night, cases: rows.map((row) => expectation(row, o.owners)) });
  await save('ready.json.part', { pid: process.pid, count: rows.length, night: o.night, ports: o.ports });

  let ending = false;
  const end = async () => {
    if (ending) return;
    ending = true;
    dns.close();
    for (const s of servers) await s.close();
    for (const s of sockets) s.destroy();
    await requests.close();
    process.exit(0);
  };
  process.on('SIGTERM', end);
  process.on('SIGINT', end);
  await rename(join(o.out, 'ready.json.part'), join(o.out, 'ready.json'));
}
