// Regions over real proxies and from a source address: what they see, what becomes of them when they fail, and that no
// secret is told.
import test from 'node:test';
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import dns from 'node:dns/promises';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { promisify } from 'node:util';
import { inflateSync } from 'node:zlib';
import { auditor, configure, readJson, startFleet } from '../support/fleet.mjs';
import { startMicrosocks, startTinyproxy } from '../support/proxies.mjs';

const ports = { https: 8953, http: 8650, dns: 5891, socks: 9711, connect: 9712 };
const probe = { concurrency: 24, connect_ms: 2000, tls_ms: 4000, first_byte_ms: 4000, total_ms: 15000, retry_after_ms: 100 };
const secret = { socks: 'planted-socks-4d1f', connect: 'planted-connect-77ab' };
const urls = { ROLLCALL_SOCKS: `socks5://probe:${secret.socks}@127.0.0.1:${ports.socks}`, ROLLCALL_CONNECT: `http://probe:${secret.connect}@127.0.0.1:${ports.connect}` };
const home = { id: 'home', city: 'Oslo', country: 'Norway', egress: 'bind', bind_address: '127.66.0.1' };
const south = { id: 'south', city: 'Lima', country: 'Peru', egress: 'socks5', proxy_env: 'ROLLCALL_SOCKS' };
const east = { id: 'east', city: 'Tokyo', country: 'Japan', egress: 'http-connect', proxy_env: 'ROLLCALL_CONNECT' };

const run = promisify(execFile);
const at = (night) => `2026-11-1${night}T02:30:00Z`;

async function kitchen(name, work) {
  const folder = await mkdtemp(join(tmpdir(), `rollcall-regions-${name}-`));
  const open = [];
  Object.assign(process.env, urls);
  try {
    return await work({ folder, db: join(folder, 'store.sqlite'), ended: (thing) => { open.push(thing); return thing; } });
  } finally {
    for (const thing of open.reverse()) await (thing.stop ?? thing.kill)();
    for (const variable of Object.keys(urls)) delete process.env[variable];
    await rm(folder, { recursive: true, force: true });
  }
}

async function configured(folder, fleet, regions, more = {}) {
  const config = await configure(folder, fleet, probe);
  const settings = { ...await readJson(config), politeness: { per_site_per_second: 1000, per_site_burst: 1000, per_site_connections: 100, per_address_per_second: 10000, per_address_connections: 1000 }, ...more };
  await writeFile(config, JSON.stringify(settings));
  await writeFile(join(folder, 'config/regions.json'), JSON.stringify({ regions }));
  return config;
}

// Every cell, as {region: {url: reason}}.
function cellsOf(db, date) {
  const store = new DatabaseSync(db, { readOnly: true });
  const out = {};
  for (const row of store.prepare(`SELECT g.code AS region, e.url, r.code AS reason, a.detail FROM cell c JOIN region g ON g.id = c.region_id JOIN endpoint e ON e.id = c.endpoint_id
    JOIN reason r ON r.id = c.reason_id JOIN round d ON d.id = c.round_id LEFT JOIN answer a ON a.id = c.answer_id WHERE d.date = ?`).all(date))
    (out[row.region] ??= {})[row.url] = row.detail?.includes('proxy') ? `${row.reason}: ${row.detail}` : row.reason;
  store.close();
  return out;
}

function rowsOf(db, sql, ...args) {
  const store = new DatabaseSync(db, { readOnly: true });
  const out = store.prepare(sql).all(...args).map((row) => ({ ...row }));
  store.close();
  return out;
}

const statesOf = (db, date) => Object.fromEntries(rowsOf(db, `SELECT e.url, s.code AS state FROM verdict v JOIN endpoint e ON e.id = v.endpoint_id JOIN state s ON s.id = v.state_id
  JOIN round d ON d.id = v.round_id WHERE d.date = ?`, date).map((r) => [r.url, r.state]));
const regionsOf = (db, date) => Object.fromEntries(rowsOf(db, `SELECT g.code, n.* FROM round_region n JOIN region g ON g.id = n.region_id JOIN round d ON d.id = n.round_id WHERE d.date = ?`, date).map((r) => [r.code, r]));

function textOfStore(db) {
  const store = new DatabaseSync(db, { readOnly: true });
  const parts = [];
  for (const { name } of store.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all())
    for (const row of store.prepare(`SELECT * FROM ${name}`).all())
      for (const value of Object.values(row)) {
        if (typeof value === 'string') parts.push(value);
        if (value instanceof Uint8Array) {
          parts.push(Buffer.from(value).toString('latin1'));
          try { parts.push(inflateSync(value).toString('utf8')); } catch { /* not deflated */ }
        }
      }
  store.close();
  return parts.join('\n');
}

function assertNoSecret(where, text) {
  for (const one of Object.values(secret))
    for (const spelling of [one, Buffer.from(`probe:${one}`).toString('base64'), `127.0.0.1:${ports.socks}`, `127.0.0.1:${ports.connect}`])
      assert.ok(!text.includes(spelling), `${where} holds ${spelling}`);
}

const mixed = ['weather', 'invoices', 'gated', 'not-found', 'server-error', 'expired-certificate', 'nxdomain', 'no-address', 'refused', 'reset', 'cut-stream', 'plain-http', 'ssh-banner', 'dictionary', 'recipes'];

test('what regions see through proxies is what is there, or our own failure; and no secret is told', { timeout: 120_000 }, () => kitchen('mixed', async ({ folder, db, ended }) => {
  const fleet = ended(await startFleet(folder, ports, '--only', mixed.join(',')));
  ended(await startMicrosocks(ports.socks, 'probe', secret.socks));
  ended(await startTinyproxy(folder, ports.connect, 'probe', secret.connect));
  const config = await configured(folder, fleet, [home, south, east]);
  const done = await auditor('run', '--config', config, '--db', db, '--at', at(1), '--allow-private');
  assert.equal(done.code, 0, done.stderr);

  const expected = Object.fromEntries((await readJson(join(fleet.out, 'expected.json'))).cases.map((c) => [c.url, c]));
  const cells = cellsOf(db, '2026-11-11');
  const named = (region) => Object.fromEntries(Object.entries(cells[region]).map(([url, why]) => [expected[url].name, why]));
  const planted = Object.fromEntries(Object.values(expected).map((c) => [c.name, c.expect?.reason ?? c.reason]));
  assert.deepEqual(named('home'), planted);
  assert.deepEqual(named('south'), { ...planted, refused: 'tcp_refused: connection refused, says our proxy' });
  // tinyproxy has one answer for all that it cannot connect to.
  assert.deepEqual(named('east'), { ...planted, refused: 'proxy_failed: the proxy answered HTTP 500' });

  const trace = await auditor('check', Object.keys(expected)[0], '--config', config, '--allow-private', '--region', 'south', '--trace');
  const refused = await auditor('check', Object.values(expected).find((c) => c.name === 'refused').url, '--config', config, '--allow-private', '--region', 'east', '--trace', '--json');
  assert.match(refused.stdout, /"reason": "proxy_failed"/);
  const site = join(folder, 'site');
  await run(process.env.ROLLCALL_RENDER, ['site', '--db', db, '--out', site, '--base-url', 'http://localhost:8000/']);
  assertNoSecret('the store', textOfStore(db) + await readFile(db, 'latin1'));
  assertNoSecret('what was printed', [done, trace, refused].map((d) => d.stdout + d.stderr).join('\n'));
  for (const entry of await readdir(site, { recursive: true, withFileTypes: true }))
    if (entry.isFile()) assertNoSecret(entry.name, await readFile(join(entry.parentPath, entry.name), 'latin1'));
}));

test('a proxy that is stopped half-way: its cells are ours, and the verdicts stand', { timeout: 120_000 }, () => kitchen('stopped', async ({ folder, db, ended }) => {
  const servers = 60;
  const fleet = ended(await startFleet(folder, ports, '--only', 'none', '--healthy', String(servers), '--healthy-delay-ms', '80'));
  const socks = ended(await startMicrosocks(ports.socks, 'probe', secret.socks));
  ended(await startTinyproxy(folder, ports.connect, 'probe', secret.connect));
  const config = await configured(folder, fleet, [south, east], { probe: { ...probe, concurrency: 8 } });
  const whole = await auditor('run', '--config', config, '--db', db, '--at', at(1), '--allow-private', '--quiet');
  assert.equal(whole.code, 0, whole.stderr);
  assert.ok(Object.values(cellsOf(db, '2026-11-11').south).every((why) => why === 'ok'));

  const second = auditor('run', '--config', config, '--db', db, '--at', at(2), '--allow-private');
  const measured = () => rowsOf(db, "SELECT count(*) AS n FROM cell c JOIN region g ON g.id = c.region_id JOIN round d ON d.id = c.round_id WHERE d.date = '2026-11-12' AND g.code = 'south'")[0].n;
  while (measured() < servers / 3) await new Promise((r) => setTimeout(r, 20));
  await socks.kill();
  const done = await second;
  assert.equal(done.code, 0, done.stderr);

  const cells = cellsOf(db, '2026-11-12');
  const kinds = (region) => Object.values(cells[region]).reduce((sum, why) => ({ ...sum, [why.split(':')[0]]: (sum[why.split(':')[0]] ?? 0) + 1 }), {});
  const south2 = kinds('south');
  console.log(`# stopped half-way: ${south2.ok} cells of the first half, ${south2.proxy_failed} of the second`);
  assert.deepEqual(Object.keys(south2).sort(), ['ok', 'proxy_failed'], 'nothing that the proxy broke is anybody else\'s');
  assert.ok(south2.ok >= servers / 3 && south2.proxy_failed >= 10, JSON.stringify(south2));
  assert.deepEqual(kinds('east'), { ok: servers });
  assert.ok(Object.values(statesOf(db, '2026-11-12')).every((state) => state === 'up'));
  assert.deepEqual(rowsOf(db, "SELECT DISTINCT b.code FROM verdict v JOIN bucket b ON b.id = v.bucket_id JOIN round d ON d.id = v.round_id WHERE d.date = '2026-11-12'").map((r) => r.code), ['healthy_stable']);
  const { south: note } = regionsOf(db, '2026-11-12');
  assert.deepEqual([note.verdict, note.ours, note.good], ['ok', south2.proxy_failed, south2.ok]);
  assert.match(done.stderr, new RegExp(`region south: its network or its proxy failed for ${south2.proxy_failed} of ${servers} servers, which do not count`));
}));

test('a region without a network is not counted, and with one region all is unknown, never down', { timeout: 120_000 }, () => kitchen('down', async ({ folder, db, ended }) => {
  const fleet = ended(await startFleet(folder, ports, '--only', 'none', '--healthy', '12'));
  const dead = { ...south, id: 'dead' };
  let config = await configured(folder, fleet, [home, dead]);  // nobody listens at its proxy
  const done = await auditor('run', '--config', config, '--db', db, '--at', at(1), '--allow-private', '--quiet');
  assert.equal(done.code, 0, done.stderr);
  assert.deepEqual([...new Set(Object.values(statesOf(db, '2026-11-11')))], ['up']);
  const { dead: verdict } = regionsOf(db, '2026-11-11');
  assert.deepEqual([verdict.verdict, verdict.why], ['down', 'its network or its proxy failed for 12 of 12 servers']);

  config = await configured(folder, fleet, [dead]);
  const alone = join(folder, 'alone.sqlite');
  const lost = await auditor('run', '--config', config, '--db', alone, '--at', at(1), '--allow-private');
  assert.deepEqual([...new Set(Object.values(statesOf(alone, '2026-11-11')))], ['unknown']);
  assert.match(lost.stderr, /region dead is not counted tonight: its network or its proxy failed for 12 of 12 servers/);

  // Endpoints with known answers: they are there, and then nothing is.
  const controlled = await configured(folder, fleet, [home], { self_check: [
    { url: (await readJson(join(fleet.out, 'expected.json'))).cases[0].url }, { url: 'https://no-such-name.test/mcp', expect: 'dns_nxdomain' }] });
  const watched = join(folder, 'watched.sqlite');
  assert.equal((await auditor('run', '--config', controlled, '--db', watched, '--at', at(1), '--allow-private', '--quiet')).code, 0);
  const well = regionsOf(watched, '2026-11-11').home;
  assert.deepEqual([well.verdict, well.controls_ok, well.controls_total], ['ok', 4, 4]);
  assert.ok(well.started <= well.finished);
  await fleet.stop();
  const gone = await auditor('run', '--config', controlled, '--db', watched, '--at', at(2), '--allow-private');
  assert.equal(regionsOf(watched, '2026-11-12').home.verdict, 'down', gone.stderr);
  assert.deepEqual([...new Set(Object.values(statesOf(watched, '2026-11-12')))], ['unknown']);
  // The same again from the same cells: nothing changes.
  const before = textOfStore(watched);
  assert.equal((await auditor('judge', '--config', controlled, '--db', watched, '--at', at(2), '--allow-private', '--quiet')).code, 0);
  assert.equal(textOfStore(watched), before);
}));

test('names that the proxies look up', { timeout: 120_000 }, (t) => kitchen('names', async ({ folder, db, ended }) => {
  const fleet = ended(await startFleet(folder, ports, '--only', 'weather,invoices,nxdomain,refused,plain-http'));
  const expected = (await readJson(join(fleet.out, 'expected.json'))).cases;
  const resolver = new dns.Resolver();
  resolver.setServers([`127.0.0.1:${ports.dns}`]);
  const hosts = join(folder, 'hosts');
  const lines = await Promise.all(expected.map(async (c) => {
    const name = new URL(c.url).hostname;
    const address = await resolver.resolve4(name).catch(() => []);
    return address.length ? `${address[0]} ${name}` : '';
  }));
  await writeFile(hosts, ['127.0.0.1 localhost', ...lines, ''].join('\n'));
  const socks = await startMicrosocks(ports.socks, 'probe', secret.socks, hosts);
  if (!socks) return t.skip('this machine gives no process a hosts file of its own');
  ended(socks);
  ended(await startTinyproxy(folder, ports.connect, 'probe', secret.connect, hosts));
  process.env.ROLLCALL_SOCKS = urls.ROLLCALL_SOCKS.replace('socks5:', 'socks5h:');
  const config = await configured(folder, fleet, [south, { ...east, names: 'proxy' }]);
  const done = await auditor('run', '--config', config, '--db', db, '--at', at(1), '--allow-private', '--quiet');
  assert.equal(done.code, 0, done.stderr);
  const cells = cellsOf(db, '2026-11-11');
  const named = (region) => Object.fromEntries(Object.entries(cells[region]).map(([url, why]) => [expected.find((c) => c.url === url).name, why]));
  const seen = { weather: 'ok', invoices: 'ok', 'plain-http': 'ok', nxdomain: 'dns_nxdomain' };
  assert.deepEqual(named('south'), { ...seen, refused: 'tcp_refused: connection refused, says our proxy' });
  assert.deepEqual(named('east'), { ...seen, refused: 'proxy_failed: the proxy answered HTTP 500' });
}));

test('a way out that cannot be is refused before anything is sent', { timeout: 60_000 }, () => kitchen('refused', async ({ folder, ended }) => {
  const fleet = ended(await startFleet(folder, ports, '--only', 'weather'));
  delete process.env.ROLLCALL_NOT_SET;
  process.env.ROLLCALL_OTHER = `https://probe:${secret.socks}@127.0.0.1:1`;
  const rows = [
    [{ ...south, proxy_env: 'ROLLCALL_NOT_SET' }, /regions\.json: \/regions\/0\/proxy_env: ROLLCALL_NOT_SET is not set, expected the proxy's URL in it: socks5:\/\//],
    [{ ...south, proxy_env: 'ROLLCALL_OTHER' }, /\/regions\/0\/proxy_env: ROLLCALL_OTHER holds an https:\/\/ URL, expected socks5:\/\/user:password@host:port, since egress is "socks5"/],
    [{ ...home, bind_address: '203.0.113.77' }, /\/regions\/0\/bind_address: "203\.0\.113\.77", expected an address of this machine \(.*127\.0\.0\.1/],
    [{ ...home, egress: 'tor' }, /\/regions\/0\/egress: "tor", expected one of direct, bind, socks5, http-connect/],
  ];
  for (const [i, [region, message]] of rows.entries()) {
    const config = await configured(folder, fleet, [region]);
    for (const args of [['run', '--db', join(folder, `${i}.sqlite`), '--at', at(1)], ['check', 'https://weather.test:8953/mcp', '--region', region.id]]) {
      const done = await auditor(...args, '--config', config, '--allow-private');
      assert.equal(done.code, 2, done.stderr);
      assert.match(done.stderr, message);
      assertNoSecret('the message', done.stderr);
    }
  }
  const config = await configured(folder, fleet, [home]);
  const unknown = await auditor('check', 'https://weather.test:8953/mcp', '--region', 'mars', '--config', config, '--allow-private');
  assert.match(unknown.stderr, /--region: "mars" is not in regions\.json, expected one of home/);
  assert.equal((await readFile(join(fleet.out, 'requests.jsonl'), 'utf8').catch(() => '')).trim(), '', 'something was sent');
}));
