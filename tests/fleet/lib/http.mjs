// HTTP/1.1 by hand, so that an answer can be any bytes at all.
import { gzipSync } from 'node:zlib';

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

const reasons = { 200: 'OK', 202: 'Accepted', 204: 'No Content', 301: 'Moved Permanently', 302: 'Found', 307: 'Temporary Redirect',
  308: 'Permanent Redirect', 400: 'Bad Request', 401: 'Unauthorized', 402: 'Payment Required', 403: 'Forbidden', 404: 'Not Found',
  405: 'Method Not Allowed', 406: 'Not Acceptable', 410: 'Gone', 415: 'Unsupported Media Type', 421: 'Misdirected Request',
  429: 'Too Many Requests', 451: 'Unavailable For Legal Reasons', 500: 'Internal Server Error', 502: 'Bad Gateway',
  503: 'Service Unavailable' };

export function head(status, headers) {
  const lines = [`HTTP/1.1 ${status} ${reasons[status] ?? ''}`];
  for (const [name, value] of Object.entries(headers))
    for (const one of [value].flat()) if (one !== null) lines.push(`${name}: ${one}`);
  return `${lines.join('\r\n')}\r\n\r\n`;
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

// Writes an answer: status, headers, body (text), and how it is framed:
//   gzip: compressed;  pieces: chunks of so many bytes, one packet each;  close: without a length, ended by the close.
export async function writeAnswer(socket, { status = 200, headers = {}, body = '', gzip, pieces, close }) {
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
