// The fleet: reads the cases, stands every server up on an address of its own, and says what must be found there.
import { createWriteStream } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import net from 'node:net';
import { join } from 'node:path';
import { TLSSocket } from 'node:tls';
import { parseArgs } from 'node:util';
import { breakConnection, serve } from './behaviours.mjs';
import { blackhole } from './blackhole.mjs';
import { healthy, loadCases } from './cases.mjs';
import { makeCertificates, offerOf } from './certificates.mjs';
import { startDns } from './dns.mjs';
import { expectation } from './expected.mjs';
import { fileOf, markdownOf, registryOf, urlsOf } from './listings.mjs';
import { registered } from './owners.mjs';

const usage = `rollcall-fleet --cases FOLDER,FOLDER --out DIR [--night N] [--regions FILE [--cut REGION,REGION]] [--owners [--at TIME]]
  [--only NAME,FILE,BEGIN*|none] [--copies N] [--healthy N] [--healthy-delay-ms MS]
  [--slow-ms MS] [--spread] [--https-port 443] [--http-port 80] [--dns-port 5300]`;

const defaults = { cases: undefined, out: undefined, night: '1', only: undefined, at: '2026-11-11T02:30:00Z', regions: undefined, cut: undefined, copies: '1', healthy: '0',
  'healthy-delay-ms': '0', 'slow-ms': '5200', 'https-port': '443', 'http-port': '80', 'dns-port': '5300' };

function options(args) {
  const texts = Object.fromEntries(Object.entries(defaults).map(([name, value]) => [name, { type: 'string', ...(value !== undefined && { default: value }) }]));
  const { values } = parseArgs({ args, options: { ...texts, owners: { type: 'boolean', default: false }, spread: { type: 'boolean', default: false } } });
  if (!values.cases || !values.out) throw new Error(usage);
  const number = (name) => {
    const n = Number(values[name]);
    if (!Number.isInteger(n) || n < 0) throw new Error(`--${name}: expected a whole number`);
    return n;
  };
  const at = new Date(values.at);
  if (Number.isNaN(at.getTime())) throw new Error('--at: expected a time such as 2026-11-11T02:30:00Z');
  return { at, owners: values.owners, spread: values.spread, cases: values.cases.split(','), out: values.out, only: values.only?.split(','), night: number('night'), copies: number('copies'),
    regions: values.regions, cut: values.cut?.split(',') ?? [], healthy: number('healthy'), healthyDelay: number('healthy-delay-ms'), slowMs: number('slow-ms'),
    ports: { https: number('https-port'), http: number('http-port'), dns: number('dns-port') } };
}

// The regions of a regions.json are told apart by the address that they come from: address -> region.
async function readSources({ regions: file, cut }) {
  const all = file ? JSON.parse(await readFile(file, 'utf8')).regions : [];
  const sources = new Map(all.filter((r) => r.bind_address).map((r) => [r.bind_address, r.id]));
  for (const region of cut) if (![...sources.values()].includes(region)) throw new Error(`--cut: "${region}", expected a region of --regions with an address of its own`);
  return sources;
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

const kindOf = (row) => row.tls ?? 'good';
const nameOf = (row) => `${kindOf(row)} ${row.host_name}`;

// One a name and kind, whoever asks.
function hostsOf(rows) {
  const all = rows.filter((r) => r.scheme === 'https').flatMap((r) => [r, ...r.variants.values()]);
  return [...new Map(all.map((r) => [nameOf(r), { name: r.host_name, kind: kindOf(r) }])).values()];
}

// The documents about the fleet, all but ready.json.
async function describe(rows, o, sources) {
  const save = (name, value) => writeFile(join(o.out, name), typeof value === 'string' ? value : `${JSON.stringify(value, null, 1)}\n`);
  await save('registry.json', registryOf(rows, o));
  await save('list.md', markdownOf(rows, o));
  await save('file.txt', fileOf(rows, o));
  await save('urls.txt', urlsOf(rows));
  if (o.owners) {
    const owners = registered(rows, o);
    await save('owners.json', owners.records);
    await save('owners.env', owners.environment);
  }
  const cases = rows.filter((row) => !row.unlisted).map((row) => expectation(row, o));
  const stories = rows.filter((row) => row.story).map(({ name, title, story, domain, url }) => ({ name, title, story, domain, url }));
  await save('expected.json', { night: o.night, regions: [...sources.values()], cut: o.cut, cases, stories });
}

export async function main(args) {
  const o = options(args);
  await mkdir(o.out, { recursive: true });
  const sources = await readSources(o);
  const rows = [...await loadCases(o.cases, { ...o, regions: [...sources.values()] }), ...healthy(o)];
  const certificates = await makeCertificates(o.out, hostsOf(rows));
  const dns = await startDns(o.ports.dns, rows, { sources, cut: o.cut });

  const requests = requestLog(join(o.out, 'requests.jsonl'));
  const sockets = new Set();
  const accepted = (socket) => {
    sockets.add(socket);
    socket.setNoDelay(true);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
  };
  const standing = rows.filter((row) => row.behaviour === 'blackhole' || !nobodyListens(row));
  const servers = await Promise.all(standing.map((row) => standUp(row, { o, sources, certificates, accepted, log: requests.log })));

  await describe(rows, o, sources);
  const ready = { pid: process.pid, count: rows.length, night: o.night, ports: o.ports };
  await writeFile(join(o.out, 'ready.json.part'), JSON.stringify(ready, null, 1));

  let ending = false;
  const end = async () => {
    if (ending) return;
    ending = true;
    await dns.close();
    for (const s of servers) await s.close();
    for (const s of sockets) s.destroy();
    await requests.close();
    process.exit(0);
  };
  process.on('SIGTERM', end);
  process.on('SIGINT', end);
  await rename(join(o.out, 'ready.json.part'), join(o.out, 'ready.json'));
}
