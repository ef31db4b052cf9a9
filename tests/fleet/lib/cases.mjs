// The rows of the files under cases/ and stories/, as they stand on one night.
import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { tlsKinds } from './certificates.mjs';
import { gateAnswers } from './gate.mjs';
import { healthAnswer } from './owners.mjs';
import { byRegion, onNight } from './story.mjs';

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

function checkKinds(row, where = '') {
  const bad = (why) => { throw new Error(`${row.name}${where}: ${why}`); };
  if (!(row.scheme in usualPort)) bad('scheme: expected http or https');
  if (!row.dns && !behaviours.includes(row.behaviour)) bad(`no such behaviour: ${row.behaviour}`);
  if (row.tls && !tlsKinds.includes(row.tls)) bad(`no such kind of certificate: ${row.tls}`);
  if (!row.expect?.class || !row.expect.reason) bad('expect: class and reason are needed');
}

// Who listens is the same for all regions; what is said to each differs.
const listens = (row) => Boolean(row.behaviour) && !['refused', 'blackhole'].includes(row.behaviour);

function check(row, seen) {
  if (!/^[a-z0-9]([a-z0-9-]{0,60}[a-z0-9])?$/.test(row.name ?? '')) throw new Error(`${row.name ?? 'a case without a name'}: the name is no DNS label`);
  if (seen.has(row.name)) throw new Error(`${row.name}: two cases of this name`);
  seen.add(row.name);
  checkKinds(row);
  for (const [region, seenThere] of row.variants) {
    checkKinds(seenThere, ` from ${region}`);
    if (seenThere.scheme !== row.scheme || (!seenThere.dns && listens(seenThere) !== listens(row))) throw new Error(`${row.name} from ${region}: one port is open to all regions, or to none`);
  }
}

async function readFiles(folders) {
  const files = (await Promise.all(folders.map(async (folder) => (await readdir(folder)).filter((name) => name.endsWith('.json')).sort().map((name) => join(folder, name))))).flat();
  return Promise.all(files.map(async (file) => {
    try {
      return { file: basename(file), rows: JSON.parse(await readFile(file, 'utf8')).flatMap(named) };
    } catch (e) {
      throw new Error(`${file}: ${e.message}`);
    }
  }));
}

// A row of many names is many rows, titled after their names.
const titled = (name) => name.split('-').map((word) => word[0].toUpperCase() + word.slice(1)).join(' ');
const named = ({ names, ...row }) => (names ? names.map((name) => ({ ...structuredClone(row), name, title: titled(name) })) : row);

// Does anything about it that a verdict rests on differ between nights or regions?
function isChanging(entry) {
  const later = Object.values(entry.nights ?? {});
  return Boolean(entry.regions) || later.some((n) => n.regions || n.tools || n.slow !== undefined || (n.expect && n.expect.class !== entry.expect?.class));
}

// --only: names, names that begin so ("drift-*"), and all of a file ("drift.json").
function chosen(only, name, file) {
  return !only || only.some((one) => one === name || one === file || (one.endsWith('*') && name.startsWith(one.slice(0, -1))));
}

// All rows of the folders' files, each on an address of its own; the copies of a row are called name-2, name-3 and so on.
export async function loadCases(folders, { night, only, ports, copies, regions }) {
  const seen = new Set();
  const rows = (await readFiles(folders)).flatMap(({ file, rows: entries }) => entries.map((entry) => {
    const { regions: differing, ...row } = onNight(entry, night);
    row.changes = isChanging(entry);
    row.variants = regions.length > 0 ? byRegion({ ...row, regions: differing }, regions) : new Map();
    check(row, seen);
    return { row, wanted: chosen(only, row.name, file), file };
  }));
  for (const one of only ?? [])
    if (one !== 'none' && !rows.some(({ row, file }) => chosen([one], row.name, file))) throw new Error(`--only: no such case: ${one}`);
  return Array.from({ length: copies }, (_, copy) => rows.map(({ row, wanted }, i) => {
    if (!wanted) return undefined;
    const number = copy * rows.length + i;
    const one = copy === 0 ? row : { ...structuredClone(row), name: `${row.name}-${copy + 1}` };
    const address = `127.77.${Math.floor(number / 200)}.${(number % 200) + 1}`;
    for (const there of one.variants.values()) place(Object.assign(there, { name: one.name }), address, ports);
    return place(one, address, ports);
  })).flat().filter((row) => row);
}

// Servers with nothing wrong, for crowds.
export function healthy({ healthy: count, healthyDelay, ports }) {
  return Array.from({ length: count }, (_, i) => place({
    name: `many-${String(i + 1).padStart(4, '0')}`, title: `Healthy ${i + 1}`, description: 'A server with nothing wrong.', scheme: 'http', variants: new Map(),
    behaviour: 'mcp', era: 'legacy', tools: 2, delay_ms: healthyDelay, expect: { class: 'P', reason: 'ok', era: 'legacy', tools: '2' },
  }, `127.78.${Math.floor(i / 200)}.${(i % 200) + 1}`, ports));
}

// The regions of a regions.json are told apart by the address that they come from: address -> region.
async function readSources({ regions: file, cut }) {
  const all = file ? JSON.parse(await readFile(file, 'utf8')).regions : [];
  const sources = new Map(all.filter((r) => r.bind_address).map((r) => [r.bind_address, r.id]));
  for (const region of cut) if (![...sources.values()].includes(region)) throw new Error(`--cut: "${region}", expected a region of --regions with an address of its own`);
  return sources;
}

// All that stands under these options, and from where each region comes: the same in every process of the fleet.
export async function rowsOf(o) {
  const sources = await readSources(o);
  return { sources, rows: [...await loadCases(o.cases, { ...o, regions: [...sources.values()] }), ...healthy(o)] };
}
