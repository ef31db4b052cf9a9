// A name server for the fleet's names: A records, no AAAA, and the ways in which a name can fail.
import dgram from 'node:dgram';

const type = { A: 1, ANY: 255 };
const rcode = { ok: 0, servfail: 2, nxdomain: 3, notimp: 4 };

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

function answer(query, question, code, address) {
  const head = Buffer.alloc(12);
  query.copy(head, 0, 0, 2);
  head.writeUInt16BE(0x8580 | code, 2);  // a response, authoritative, recursion as asked and offered
  head.writeUInt16BE(1, 4);
  head.writeUInt16BE(address ? 1 : 0, 6);
  const parts = [head, query.subarray(12, question.end)];
  if (address) {
    const record = Buffer.from([0xc0, 12, 0, type.A, 0, 1, 0, 0, 0, 30, 0, 4, 0, 0, 0, 0]);
    address.split('.').forEach((byte, i) => { record[12 + i] = Number(byte); });
    parts.push(record);
  }
  return Buffer.concat(parts);
}

// lookUp(name) gives {address} or {dns: "nxdomain" | "nodata" | "servfail" | "silent"} or undefined.
export function startDns(port, lookUp) {
  const socket = dgram.createSocket('udp4');
  socket.on('message', (query, from) => {
    const question = readQuestion(query);
    if (!question) return;
    const known = lookUp(question.name);
    if (known?.dns === 'silent') return;
    let reply;
    if (!known || known.dns === 'nxdomain') reply = answer(query, question, rcode.nxdomain);
    else if (known.dns === 'servfail') reply = answer(query, question, rcode.servfail);
    else if (known.dns === 'nodata' || (question.type !== type.A && question.type !== type.ANY)) reply = answer(query, question, rcode.ok);
    else reply = answer(query, question, rcode.ok, known.address);
    socket.send(reply, from.port, from.address, () => {});
  });
  return new Promise((resolve, reject) => {
    socket.once('error', reject);
    socket.bind(port, '127.0.0.1', () => { socket.off('error', reject); socket.on('error', () => {}); resolve(socket); });
  });
}
