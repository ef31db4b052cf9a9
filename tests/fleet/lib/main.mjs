// The fleet: reads the cases, stands every server up on an address of its own, and says what must be found there.
import { createWriteStream } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import net from 'node:net';
import { join } from 'node:path';
import tls from 'node:tls';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { breakConnection, serve } from './behaviours.mjs';
import { expectation, healthy, loadCases, registryOf } from './cases.mjs';
import { makeCertificates } from './certificates.mjs';
import { startDns } from './dns.mjs';

const usage = `rollcall-fleet --cases FOLDER --out DIR [--night N] [--only NAME,NAME|none] [--healthy N] [--healthy-delay-ms MS]
  [--slow-ms MS] [--https-port 443] [--http-port 80] [--dns-port 5300]`;

function options(args) {
  const text = (fallback) => ({ type: 'string', ...(fallback !== undefined && { default: fallback }) });
  const { values } = parseArgs({ args, options: { cases: text(), out: text(), night: text('1'), only: text(), healthy: text('0'),
    'healthy-delay-ms': text('0'), 'slow-ms': text('5200'), 'https-port': text('443'), 'http-port': text('80'), 'dns-port': text('5300') } });
  if (!values.cases || !values.out) throw new Error(usage);
  const number = (name) => {
    const n = Number(values[name]);
    if (!Number.isInteger(n) || n < 0) throw new Error(`--${name}: expected a whole number`);
    return n;
  };
  return { cases: values.cases, out: values.out, only: values.only?.split(','), night: number('night'), healthy: number('healthy'),
    healthyDelay: number('healthy-delay-ms'), slowMs: number('slow-ms'),
    ports: { https: number('https-port'), http: number('http-port'), dns: number('dns-port') } };
}

// One line a request; what a stranger would have seen of us.
function requestLog(file) {
  const stream = createWriteStream(file);
  let lines = [];
  const flush = () => {
    if (lines.length > 0) stream.write(lines.join(''));
    lines = [];
  };
  const timer = setInterval(flush, 200);
  return {
    log: (row, request, rpc) => lines.push(`${JSON.stringify({ case: row.name, method: request.method, path: request.path,
      rpc: typeof rpc.method === 'string' ? rpc.method : null, headers: Object.keys(request.headers) })}\n`),
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
  const certified = rows.filter((r) => r.scheme === 'https');
  const names = ['fleet.test', ...certified.flatMap((r) => [r.host_name, `*.${r.host_name}`])];
  const certificates = await makeCertificates(o.out, names, [...new Set(['good', ...certified.map((r) => r.tls ?? 'good')])]);
  const contexts = Object.fromEntries(Object.entries(certificates).map(([kind, pem]) => [kind, tls.createSecureContext(pem)]));

  const byName = new Map(rows.map((r) => [r.host_name, r]));
  const lookUp = (name) => byName.get(name.split('.').slice(-2).join('.'));
  const dns = await startDns(o.ports.dns, lookUp);

  const requests = requestLog(join(o.out, 'requests.jsonl'));
  const sockets = new Set(), servers = [];
  const accept = (row, state) => (socket) => {
    sockets.add(socket);
    socket.setNoDelay(true);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    const bare = row.scheme === 'http' || row.behaviour === 'not_tls';
    const below = ['reset', 'close', 'handshake_failure'].includes(row.behaviour);
    if ((bare || below) && breakConnection(row, socket)) return;
    if (bare) return serve(row, state, socket, requests.log);
    const secure = new tls.TLSSocket(socket, { isServer: true, secureContext: contexts[row.tls ?? 'good'],
      ALPNProtocols: row.behaviour === 'http2_only' ? ['h2'] : ['http/1.1'] });
    secure.on('error', () => socket.destroy());
    secure.on('_tlsError', () => setTimeout(() => socket.destroy(), 20));
    if (!breakConnection(row, secure)) serve(row, state, secure, requests.log);
  };
  for (const row of rows) {
    if (row.behaviour === 'refused' || row.dns) continue;
    if (row.behaviour === 'blackhole') {
      servers.push(await blackhole(row.address, o.ports[row.scheme]));
      continue;
    }
    const state = { sessions: new Set(), streams: new Map(), forgot: false, slowMs: o.slowMs };
    servers.push(await listen(net.createServer(accept(row, state)), { host: row.address, port: o.ports[row.scheme], backlog: 512 }));
  }

  const save = (name, value) => writeFile(join(o.out, name), typeof value === 'string' ? value : `${JSON.stringify(value, null, 1)}\n`);
  await save('registry.json', registryOf(rows));
  await save('urls.txt', rows.map((r) => `${r.url}\n`).join(''));
  await save('expected.json', { night: o.night, cases: rows.map(expectation) });
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
