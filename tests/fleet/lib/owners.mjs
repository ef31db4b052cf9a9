// What lies behind a login, and what its owner registered: the key that opens it, the calls it answers, the health
// document beside it.
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const examples = resolve(import.meta.dirname, '../../audit/health/examples');

// The credential of a request, without its scheme; empty if it sent none.
export const secretIn = (row, request) => (row.key ? String(request.headers[row.key.header ?? 'authorization'] ?? '').replace(/^Bearer /, '') : '');

export const isLetIn = (row, request) => Boolean(row.key) && !row.key.broken && secretIn(row, request) === row.key.secret;

// The answer to GET /health: one of the documents that the reader's own tests read.
export function healthAnswer(row) {
  if (!row.health) return {};
  const [head, ...body] = readFileSync(join(examples, `${row.health}.http`), 'utf8').split(/\r?\n\r?\n/);
  const [status, ...fields] = head.split(/\r?\n/);
  return { 'GET /health': { status: Number(status.split(' ')[1]), headers: Object.fromEntries(fields.map((f) => f.split(/: */))), body: body.join('\n\n') } };
}

const hour = 3600e3, day = 24 * hour;

// "{+40h}": so long after the night's nominal time; "{night 5 -6h}": so long before or after that night's.
const moments = (text, { at, night }) => text.replace(/\{(?:night (\d+) )?([+-]\d+)h\}/g, (_, that, hours) =>
  new Date(at.getTime() + (that ? Number(that) - night : 0) * day + Number(hours) * hour).toISOString().replace('.000', ''));

// owners.json for the rows that have a record, and the lines of an environment with their secrets.
export function registered(rows, now) {
  const owned = rows.filter((row) => row.owner && !row.unlisted);
  return {
    records: { owners: owned.map((row) => ({ endpoint: row.url, ...JSON.parse(moments(JSON.stringify(row.owner), now).replaceAll('{origin}', row.origin)) })) },
    environment: owned.filter((row) => row.key).map((row) => `${row.owner.credential.env}=${row.key.registered ?? row.key.secret}\n`).join(''),
  };
}
