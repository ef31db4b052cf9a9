// The fleet: reads the cases, stands every server up on an address of its own, and says what must be found there.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { rowsOf } from './cases.mjs';
import { makeCertificates } from './certificates.mjs';
import { startDns } from './dns.mjs';
import { expectation } from './expected.mjs';
import { fileOf, markdownOf, registryOf, urlsOf } from './listings.mjs';
import { registered } from './owners.mjs';
import { kindOf, nameOf, standUpPart } from './servers.mjs';

const usage = `rollcall-fleet --cases FOLDER,FOLDER --out DIR [--night N] [--regions FILE [--cut REGION,REGION]] [--owners [--at TIME]]
  [--only NAME,FILE,BEGIN*|none] [--copies N] [--healthy N] [--healthy-delay-ms MS]
  [--slow-ms MS] [--spread] [--processes N] [--https-port 443] [--http-port 80] [--dns-port 5300]`;

const defaults = { cases: undefined, out: undefined, night: '1', only: undefined, at: '2026-11-11T02:30:00Z', regions: undefined, cut: undefined, copies: '1', healthy: '0', processes: '1',
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
  return { at, owners: values.owners, spread: values.spread, cases: values.cases.split(','), out: values.out, only: values.only?.split(','), night: number('night'), copies: number('copies'), processes: Math.max(1, number('processes')),
    regions: values.regions, cut: values.cut?.split(',') ?? [], healthy: number('healthy'), healthyDelay: number('healthy-delay-ms'), slowMs: number('slow-ms'),
    ports: { https: number('https-port'), http: number('http-port'), dns: number('dns-port') } };
}

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

// The parts that other processes stand up; resolves once all of them have. A part that ends before it is told to ends all.
async function elsewhere(o, certificates) {
  const others = Array.from({ length: o.processes - 1 }, () => fork(join(import.meta.dirname, 'part.mjs'), { serialization: 'advanced' }));
  const gone = others.map((child) => once(child, 'exit'));
  let ending = false;
  others.forEach((child, i) => child.on('exit', () => {
    if (ending) return;
    console.error(`rollcall-fleet: part ${i + 1} ended`);
    process.exit(2);
  }));
  others.forEach((child, i) => child.send({ o, certificates, part: i + 1, of: o.processes }));
  await Promise.all(others.map((child) => once(child, 'message')));
  return async () => {
    ending = true;
    for (const child of others) child.disconnect();
    await Promise.all(gone);
  };
}

export async function main(args) {
  const o = options(args);
  await mkdir(o.out, { recursive: true });
  await rm(join(o.out, 'requests.jsonl'), { force: true });
  const { sources, rows } = await rowsOf(o);
  const certificates = await makeCertificates(o.out, hostsOf(rows));
  const dns = await startDns(o.ports.dns, rows, { sources, cut: o.cut });
  const endings = await Promise.all([standUpPart(rows, 0, o.processes, { o, sources, certificates }), elsewhere(o, certificates)]);

  await describe(rows, o, sources);
  const ready = { pid: process.pid, count: rows.length, night: o.night, ports: o.ports };
  await writeFile(join(o.out, 'ready.json.part'), JSON.stringify(ready, null, 1));

  let ending = false;
  const end = async () => {
    if (ending) return;
    ending = true;
    await dns.close();
    await Promise.all(endings.map((one) => one()));
    process.exit(0);
  };
  process.on('SIGTERM', end);
  process.on('SIGINT', end);
  await rename(join(o.out, 'ready.json.part'), join(o.out, 'ready.json'));
}
