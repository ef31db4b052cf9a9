// The rows of the files under cases/, as they stand on one night, and the documents about them.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { tlsKinds } from './certificates.mjs';
import { gateAnswers } from './gate.mjs';
import { healthAnswer } from './owners.mjs';

const behaviours = ['mcp', 'http', 'refused', 'blackhole', 'reset', 'close', 'banner', 'hang', 'handshake_failure', 'not_tls', 'http2_only',
  'http2_cleartext', 'tls_close', 'tls_reset', 'tls_hang', 'old_tls', 'client_certificate'];

const usualPort = { https: 443, http: 80 };

function place(row, address, ports) {
  const host = `${row.name}.${row.domain ?? 'test'}`;
  const port = ports[row.scheme];
  row.path ??= '/mcp';
  if (row.gate || row.health) row.answers = { ...gateAnswers(row), ...healthAnswer(row), ...row.answers };
  row.host_name = host;
  row.host = port === usualPort[row.scheme] ? host : `${host}:${port}`;
  row.origin = `${row.scheme}://${row.host}`;
  row.url = row.origin + row.path;
  row.address = address;
  return row;
}

// A row as it stands on a night: later nights lie over earlier ones, null takes an option away.
function onNight({ nights = {}, ...row }, night) {
  for (const from of Object.keys(nights).map(Number).sort((a, b) => a - b))
    if (from <= night) Object.assign(row, structuredClone(nights[from]));
  for (const key of Object.keys(row)) if (row[key] === null) delete row[key];
  return row;
}

function check(row, seen) {
  const bad = (why) => { throw new Error(`${row.name ?? 'a case without a name'}: ${why}`); };
  if (!/^[a-z0-9]([a-z0-9-]{0,60}[a-z0-9])?$/.test(row.name ?? '')) bad('the name is no DNS label');
  if (seen.has(row.name)) bad('two cases of this name');
  seen.add(row.name);
  if (!(row.scheme in usualPort)) bad('scheme: expected http or https');
  if (!row.dns && !behaviours.includes(row.behaviour)) bad(`no such behaviour: ${row.behaviour}`);
  if (row.tls && !tlsKinds.includes(row.tls)) bad(`no such kind of certificate: ${row.tls}`);
  if (!row.expect?.class || !row.expect.reason) bad('expect: class and reason are needed');
}

async function readRows(folder) {
  const files = (await readdir(folder)).filter((name) => name.endsWith('.json')).sort();
  const parts = await Promise.all(files.map(async (name) => {
    try {
      return JSON.parse(await readFile(join(folder, name), 'utf8'));
    } catch (e) {
      throw new Error(`${join(folder, name)}: ${e.message}`);
    }
  }));
  return parts.flat();
}

// All rows of a folder's files, each on an address of its own; the copies of a row are called name-2, name-3 and so on.
export async function loadCases(folder, { night, only, ports, copies }) {
  const all = await readRows(folder);
  const seen = new Set();
  const rows = all.map((entry) => {
    const row = onNight(entry, night);
    check(row, seen);
    return row;
  });
  for (const name of only ?? []) if (name !== 'none' && !seen.has(name)) throw new Error(`--only: no such case: ${name}`);
  return Array.from({ length: copies }, (_, copy) => rows.map((row, i) => {
    if (only && !only.includes(row.name)) return undefined;
    const number = copy * rows.length + i;
    const one = copy === 0 ? row : { ...structuredClone(row), name: `${row.name}-${copy + 1}` };
    return place(one, `127.77.${Math.floor(number / 200)}.${(number % 200) + 1}`, ports);
  })).flat().filter((row) => row);
}

// Servers with nothing wrong, for crowds.
export function healthy({ healthy: count, healthyDelay, ports }) {
  return Array.from({ length: count }, (_, i) => place({
    name: `many-${String(i + 1).padStart(4, '0')}`, title: `Healthy ${i + 1}`, description: 'A server with nothing wrong.', scheme: 'http',
    behaviour: 'mcp', era: 'legacy', tools: 2, delay_ms: healthyDelay, expect: { class: 'P', reason: 'ok', era: 'legacy', tools: '2' },
  }, `127.78.${Math.floor(i / 200)}.${(i % 200) + 1}`, ports));
}

// The URLs that a row's own answers name: where they redirect to, where metadata stands, where messages go.
function namedBy(row) {
  const text = JSON.stringify(row.answers ?? {}).replaceAll('{origin}', row.origin).replaceAll('{host}', row.host);
  const named = text.match(/https?:\/\/[^\s"\\,;<>]+/g) ?? [];
  const places = Object.values(row.answers ?? {}).map((a) => a?.headers?.Location).filter((at) => typeof at === 'string' && at.startsWith('/'));
  if (row.era === 'sse') places.push((row.endpoint ?? '/messages').replaceAll('{origin}', row.origin));
  return [...new Set([...named, ...places.map((at) => new URL(at, row.url).href)])];
}

// What a case must give; who is not told what owners registered can only find what a stranger finds.
export function expectation(row, withOwners) {
  const { state, verdict, ...expect } = row.expect;
  const judged = withOwners || !row.owner ? { ...(state && { state }), ...(verdict && { verdict }) } : {};
  return { name: row.name, url: row.url, named: namedBy(row), expect: { ...expect, ...judged } };
}

// The rows in the shape of the official registry's API.
export function registryOf(rows) {
  const at = '2026-11-01T00:00:00Z';
  return {
    servers: rows.map((r) => ({
      server: { name: `test.rollcall/${r.name}`, title: r.title ?? r.name, description: r.description ?? '', version: '1.0.0',
        remotes: [{ type: r.listed ?? 'streamable-http', url: r.url }] },
      _meta: { 'io.modelcontextprotocol.registry/official': { status: 'active', isLatest: true, publishedAt: at, updatedAt: at } },
    })),
    metadata: { count: rows.length },
  };
}
