// HTTP/1.1 by hand, so that an answer can be any bytes at all.
import { STATUS_CODES } from 'node:http';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';

const mostHead = 32 * 1024, mostBody = 1024 * 1024;

// Feeds bytes in, gives requests out: {method, path, headers (names in lower case), body}.
export class RequestReader {
  #buffer = Buffer.alloc(0);

  // Returns false when what comes is no HTTP/1 request within the bounds.
  push(chunk, onRequest) {
    this.#buffer = Buffer.concat([this.#buffer, chunk]);
    for (;;) {
      const end = this.#buffer.indexOf('\r\n\r\n');
      if (end < 0) return this.#buffer.length <= mostHead;
      const [first, ...lines] = this.#buffer.toString('latin1', 0, end).split('\r\n');
      const words = /^([A-Z]{1,16}) (\S{1,4096}) HTTP\/1\.[01]$/.exec(first);
      if (!words) return false;
      const headers = {};
      for (const line of lines) {
        const colon = line.indexOf(':');
        if (colon > 0) headers[line.slice(0, colon).toLowerCase()] = line.slice(colon + 1).trim();
      }
      const length = Number(headers['content-length'] ?? 0);
      if (headers['transfer-encoding'] || !(length >= 0 && length <= mostBody)) return false;
      if (this.#buffer.length < end + 4 + length) return true;
      const body = this.#buffer.toString('utf8', end + 4, end + 4 + length);
      this.#buffer = this.#buffer.subarray(end + 4 + length);
      onRequest({ method: words[1], path: words[2], headers, body });
    }
  }
}

export function head(status, headers, { version = '1.1', status_line: first, newline = '\r\n' } = {}) {
  const lines = [first ?? `HTTP/${version} ${status} ${STATUS_CODES[status] ?? ''}`];
  for (const [name, value] of Object.entries(headers))
    for (const one of [value].flat()) if (one !== null) lines.push(`${name}: ${one}`);
  return `${lines.join(newline)}${newline}${newline}`;
}

// One coding after the other, as Content-Encoding lists them.
const codings = { gzip: gzipSync, 'x-gzip': gzipSync, deflate: deflateSync, 'raw-deflate': deflateRawSync, br: brotliCompressSync,
  twice: (bytes) => Buffer.concat([gzipSync(bytes.subarray(0, 20)), gzipSync(bytes.subarray(20))]), none: (bytes) => bytes };
export function encode(text, { coding, label, cut = 0, swell = 0 }) {
  const names = (coding ?? 'none').split(', ');
  const encoded = names.reduce((now, name) => codings[name](now), Buffer.from(text + ' '.repeat(swell)));
  const called = { 'raw-deflate': 'deflate', twice: 'gzip' };
  return { bytes: encoded.subarray(0, encoded.length - cut), label: label ?? (coding && names.map((name) => called[name] ?? name).join(', ')) };
}

function chunks(bytes, size, { extension = '', trailers = {} }) {
  const out = [];
  for (let at = 0; at < bytes.length; at += size) {
    const piece = bytes.subarray(at, at + size);
    out.push(Buffer.from(`${piece.length.toString(16)}${extension}\r\n`), piece, Buffer.from('\r\n'));
  }
  return [...out, Buffer.from(`0\r\n${Object.entries(trailers).map(([k, v]) => `${k}: ${v}\r\n`).join('')}\r\n`)];
}

// An answer with the oddities of a row's `wire`; what may stand there is in the README.
function writeOddly(socket, { status, headers, body }, wire) {
  const { bytes, label } = encode(body, wire);
  const fields = { ...headers, ...(label && { 'Content-Encoding': label }), ...wire.headers };
  if (wire.padding) fields['X-Padding'] = 'x'.repeat(wire.padding);
  for (let i = 0; i < (wire.more_headers ?? 0); ++i) fields[`X-Field-${i}`] = 'value';
  if (wire.framing?.includes('chunked')) fields['Transfer-Encoding'] = 'chunked';
  if (!wire.framing || wire.framing.includes('length')) fields['Content-Length'] = bytes.length + (wire.longer ?? 0);
  for (const early of wire.interim ?? []) socket.write(head(early, early === 103 ? { Link: '</style.css>; rel=preload' } : {}));
  socket.write(head(status, fields, wire));
  const sent = wire.framing?.includes('chunked') ? chunks(bytes, wire.size ?? 1000, wire) : [bytes];
  for (const piece of sent) socket.write(piece);
  if (wire.junk) socket.write(wire.junk);
  if (wire.then === 'reset') socket.resetAndDestroy();
  else if (wire.then === 'close') socket.end();
}

// Bytes as they stand: texts and pauses (numbers, in ms) in turn.
export async function writeRaw(socket, parts, then) {
  for (const part of [parts].flat()) {
    if (socket.destroyed) return;
    if (typeof part === 'number') await pause(part);
    else socket.write(Buffer.from(part, 'latin1'));
  }
  if (then === 'reset') { await pause(20); socket.resetAndDestroy(); }
  if (then === 'close') socket.end();
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

// Writes an answer: status, headers, body (text), and how it is framed:
//   gzip: compressed;  pieces: chunks of so many bytes, one packet each;  close: without a length, ended by the close.
//   wire: see writeOddly.
export async function writeAnswer(socket, { status = 200, headers = {}, body = '', gzip, pieces, close, wire }) {
  if (wire) return writeOddly(socket, { status, headers, body }, wire);
  let bytes = Buffer.from(body);
  const fields = { ...headers };
  if (gzip) {
    bytes = gzipSync(bytes);
    fields['Content-Encoding'] = 'gzip';
  }
  if (pieces) fields['Transfer-Encoding'] = 'chunked';
  else if (close) fields.Connection = 'close';
  else if (status !== 204) fields['Content-Length'] = bytes.length;
  socket.write(head(status, fields));
  if (!pieces) {
    if (bytes.length > 0) socket.write(bytes);
    if (close) socket.end();
    return;
  }
  for (let at = 0; at < bytes.length && !socket.destroyed; at += pieces) {
    const piece = bytes.subarray(at, at + pieces);
    socket.write(Buffer.concat([Buffer.from(`${piece.length.toString(16)}\r\n`), piece, Buffer.from('\r\n')]));
    await pause(1);
  }
  socket.write('0\r\n\r\n');
}

// Begins an event stream; what is written to it afterwards are chunks.
export function beginStream(socket, headers = {}, status = 200) {
  socket.write(head(status, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-cache', ...headers, 'Transfer-Encoding': 'chunked' }));
}

export function writeChunk(socket, text) {
  const bytes = Buffer.from(text);
  socket.write(Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from('\r\n')]));
}

export const endStream = (socket) => socket.write('0\r\n\r\n');

// Writes without end, as fast as the reader reads.
export function writeEndlessly(socket, text) {
  const block = Buffer.from(text.repeat(Math.ceil(65536 / text.length)));
  const go = () => {
    while (!socket.destroyed && socket.writable && socket.write(block));
    if (!socket.destroyed) socket.once('drain', go);
  };
  go();
}
