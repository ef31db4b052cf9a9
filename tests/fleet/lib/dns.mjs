// A name server for the fleet's names: A records, no AAAA, and the ways in which a name can fail. It answers on a thread
// of its own, so that a crowd that asks is not kept waiting by the servers that are busy with another crowd.
import dgram from 'node:dgram';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';

const type = { A: 1, CNAME: 5, ANY: 255 };
const rcode = { ok: 0, servfail: 2, nxdomain: 3, refused: 5 };
// The answers without a record, by the word in a row's `dns`.
const failures = { nodata: rcode.ok, servfail: rcode.servfail, nxdomain: rcode.nxdomain, refused: rcode.refused };

// The one question of a query, or null for what is none.
function readQuestion(query) {
  if (query.length < 17 || (query[2] & 0x80) !== 0 || query.readUInt16BE(4) !== 1) return null;
  const labels = [];
  let at = 12;
  while (at < query.length && query[at] !== 0) {
    const length = query[at];
    if (length > 63 || at + 1 + length >= query.length) return null;
    labels.push(query.toString('latin1', at + 1, at + 1 + length));
    at += 1 + length;
  }
  if (at + 5 > query.length) return null;
  return { name: labels.join('.').toLowerCase(), type: query.readUInt16BE(at + 1), end: at + 5 };
}

const encodeName = (name) => Buffer.concat([...name.split('.').map((label) => Buffer.concat([Buffer.from([label.length]), Buffer.from(label)])), Buffer.from([0])]);

function record(owner, kind, data) {
  const fixed = Buffer.from([0, kind, 0, 1, 0, 0, 0, 30, 0, 0]);
  fixed.writeUInt16BE(data.length, 8);
  return Buffer.concat([owner, fixed, data]);
}

function answer(query, question, code, records = []) {
  const head = Buffer.alloc(12);
  query.copy(head, 0, 0, 2);
  head.writeUInt16BE(0x8580 | code, 2);  // a response, authoritative, recursion as asked and offered
  head.writeUInt16BE(1, 4);
  head.writeUInt16BE(records.length, 6);
  return Buffer.concat([head, query.subarray(12, question.end), ...records]);
}

const asked = Buffer.from([0xc0, 12]);  // a pointer to the question's name
const bytesOf = (address) => Buffer.from(address.split('.').map(Number));

// The CNAME records from the name asked for to the last of the chain, and the owner of what follows.
function chain(names) {
  const owners = [asked, ...names.map(encodeName)];
  return { links: names.map((name, i) => record(owners[i], type.CNAME, encodeName(name))), last: owners.at(-1) };
}

function succeed(query, question, { dns = {}, address }) {
  if (dns.loop) return answer(query, question, rcode.ok, [record(asked, type.CNAME, encodeName('round.test')),
    record(encodeName('round.test'), type.CNAME, encodeName(question.name))]);
  const { links, last } = chain(dns.cname ?? []);
  if (question.type !== type.A && question.type !== type.ANY) return answer(query, question, rcode.ok, links);
  const addresses = (dns.addresses ?? ['$own']).map((a) => (a === '$own' ? address : a));
  return answer(query, question, rcode.ok, [...links, ...addresses.map((a) => record(last, type.A, bytesOf(a)))]);
}

// A response that promises records which are not there.
function damaged(query, question) {
  const whole = answer(query, question, rcode.ok, [record(asked, type.A, bytesOf('127.0.0.1'))]);
  return whole.subarray(0, whole.length - 3);
}

// The name and one label below it lead to the same server.
const lookUp = (names, name) => names.get(name) ?? names.get(name.slice(name.indexOf('.') + 1));

function replyTo(query, question, known) {
  if (!known) return answer(query, question, rcode.nxdomain);
  if (known.dns === 'silent') return undefined;
  if (known.dns === 'damaged') return damaged(query, question);
  return known.dns in failures ? answer(query, question, failures[known.dns]) : succeed(query, question, known);
}

// names: host -> {address, dns, regions: {region: {dns}}}; sources: who asks from where; cut: regions without a network,
// whose resolver reaches nobody and says so.
function serveNames({ port, names, sources, cut }) {
  const socket = dgram.createSocket({ type: 'udp4', recvBufferSize: 4 << 20 });
  socket.on('message', (query, from) => {
    const question = readQuestion(query);
    if (!question) return;
    const region = sources.get(from.address);
    const row = lookUp(names, question.name);
    const reply = cut.includes(region) ? answer(query, question, rcode.servfail) : replyTo(query, question, row && { ...row, ...row.regions[region] });
    if (reply) socket.send(reply, from.port, from.address, () => {});
  });
  socket.once('error', (e) => { throw e; });
  socket.bind(port, '127.0.0.1', () => parentPort.postMessage('ready'));
}

if (!isMainThread && workerData?.names) serveNames(workerData);

// Answers for the rows until it is closed.
export async function startDns(port, rows, { sources = new Map(), cut = [] } = {}) {
  const names = new Map(rows.map((row) => [row.host_name, { address: row.address, dns: row.dns,
    regions: Object.fromEntries([...row.variants].map(([region, seen]) => [region, { dns: seen.dns }])) }]));
  const worker = new Worker(new URL(import.meta.url), { workerData: { port, names, sources, cut } });
  await new Promise((resolve, reject) => { worker.once('message', resolve); worker.once('error', reject); });
  return { close: () => worker.terminate() };
}
