// What owners registered: the eight steps over real connections, and no secret anywhere but where it is meant to go.
import test from 'node:test';
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, copyFile, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { promisify } from 'node:util';
import { inflateSync } from 'node:zlib';
import { auditor, configure, readJson, readLines, root, startFleet } from '../support/fleet.mjs';

const ports = { https: 8543, http: 8180, dns: 5491 };
const probe = { concurrency: 60, connect_ms: 3000, tls_ms: 6000, first_byte_ms: 6000, total_ms: 20000, slow_ms: 6000, retry_after_ms: 100 };
const strangers = ['weather', 'gated', 'login-named', 'lazy-login', 'order-desk', 'museum'];

const rowsOf = async (name) => JSON.parse(await readFile(join(root, `tests/fleet/cases/${name}.json`), 'utf8'));

async function allNames() {
  const files = (await readdir(join(root, 'tests/fleet/cases'))).filter((f) => f.endsWith('.json'));
  return new Set((await Promise.all(files.map((f) => rowsOf(f.slice(0, -5))))).flat().map((r) => r.name));
}

// The environment that the records name; returns all secrets that are about.
async function takeEnvironment(out, rows) {
  for (const line of (await readFile(join(out, 'owners.env'), 'utf8')).trim().split('\n')) {
    const [name, value] = line.split('=');
    process.env[name] = value;
  }
  return [...new Set(rows.flatMap((r) => (r.key ? [r.key.secret, r.key.registered] : [])).filter(Boolean))];
}

// Every text of a store, blobs inflated where they can be.
function textOfStore(file) {
  const db = new DatabaseSync(file, { readOnly: true });
  const parts = [];
  for (const { name } of db.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all())
    for (const row of db.prepare(`SELECT * FROM ${name}`).all())
      for (const value of Object.values(row)) {
        if (typeof value === 'string') parts.push(value);
        if (value instanceof Uint8Array) {
          parts.push(Buffer.from(value).toString('latin1'));
          try { parts.push(inflateSync(value).toString('utf8')); } catch { /* not deflated */ }
        }
      }
  db.close();
  return parts.join('\n');
}

async function textOfFolder(folder) {
  const parts = [];
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true }))
    if (entry.isFile()) parts.push(await readFile(join(entry.parentPath, entry.name), 'latin1'));
  return parts.join('\n');
}

function spellings(secret) {
  const bytes = Buffer.from(secret);
  const cores = [0, 1, 2].map((skip) => bytes.subarray(skip, skip + Math.floor((bytes.length - skip) / 3) * 3).toString('base64'));
  return [secret, encodeURIComponent(secret), bytes.toString('hex'), ...cores];
}

function assertNoSecret(where, text, secrets) {
  for (const secret of secrets)
    for (const spelling of spellings(secret)) {
      const at = text.indexOf(spelling);
      assert.ok(at < 0, `${where} holds a secret: ...${text.slice(Math.max(0, at - 120), at + 60)}...`);
    }
}

test('owners: every step, every verdict, three nights long; strangers are sent nothing, and nothing keeps a secret', { timeout: 240_000 }, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'rollcall-owners-'));
  const db = join(folder, 'store.sqlite'), known = await allNames();
  const owned = [...await rowsOf('owners'), ...await rowsOf('health')];
  const others = strangers.filter((name) => known.has(name));
  const only = [...owned.map((r) => r.name), ...others].join(',');
  let secrets = [];
  const printed = [], requests = [];
  const say = async (...args) => {
    const done = await auditor(...args);
    printed.push(done.stdout, done.stderr);
    return done;
  };
  try {
    for (const night of [1, 2, 3]) {
      const at = `2026-11-1${night}T02:30:00Z`;
      const fleet = await startFleet(folder, ports, '--night', String(night), '--owners', '--at', at, '--only', only);
      try {
        const config = await configure(folder, fleet, probe);
        await copyFile(join(fleet.out, 'owners.json'), join(folder, 'config/owners.json'));
        secrets = await takeEnvironment(fleet.out, owned);
        const done = await say('run', '--config', config, '--db', db, '--at', at, '--allow-private');
        assert.equal(done.code, 0, done.stderr);
        const compared = await auditor('planted', '--db', db, '--at', at, '--expected', join(fleet.out, 'expected.json'));
        assert.equal(compared.code, 0, `night ${night}\n${compared.stdout}`);
        requests.push(...await readLines(join(fleet.out, 'requests.jsonl')));
        if (night === 1) {
          const urls = Object.fromEntries((await readJson(join(fleet.out, 'expected.json'))).cases.map((c) => [c.name, c.url]));
          await checks(say, urls, config, at);
        }
      } finally {
        await fleet.stop();
      }
    }
    whatWasSent(requests, owned, others);

    const site = join(folder, 'site');
    await promisify(execFile)(process.env.ROLLCALL_RENDER, ['site', '--db', db, '--out', site, '--base-url', 'http://localhost:8000/'], { maxBuffer: 64 << 20 });
    assert.ok(secrets.length >= 6);
    assertNoSecret('the store', textOfStore(db), secrets);
    assertNoSecret('the store, as bytes', await readFile(db, 'latin1'), secrets);
    assertNoSecret('the site', await textOfFolder(site), secrets);
    assertNoSecret('what was printed', printed.join('\n'), secrets);
    const document = await readJson(join(site, 'api/v1/servers/desk-bookings.test_8543/mcp.json'));
    assert.equal(document.state, 'up');
    assert.deepEqual(document.owner.steps.map((s) => s.state), Array(8).fill('passed'));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

// check --owner, for people and for machines.
async function checks(say, urls, config, at) {
  const look = (name, ...more) => say('check', urls[name], '--config', config, '--allow-private', '--owner', '--at', at, ...more);
  const well = await look('desk-bookings');
  assert.equal(well.code, 0, well.stdout);
  assert.match(well.stdout, /Test call +\d+ ms +as expected/);
  const ending = await look('staff-rota');
  assert.match(ending.stdout, /Its credential runs out in 30 hours\./);
  const refused = JSON.parse((await look('claims-desk', '--json')).stdout);
  assert.deepEqual([refused.state, refused.reason, refused.owner.failing], ['degraded', 'credential_refused', true]);
  assert.equal((await look('claims-desk', '--plugin')).code, 1);
  const sick = await look('health-postgres');
  assert.equal(sick.code, 1);
  assert.match(sick.stdout, /its health document reports trouble/);
  for (const name of ['meter-readings', 'parcel-tracking']) {
    await look(name, '--trace');
    await look(name, '--trace', '--json');
    process.env.ROLLCALL_OWN_HEADER = `Bearer ${process.env[name === 'meter-readings' ? 'ROLLCALL_PLANTED_METER' : 'ROLLCALL_PLANTED_PARCEL']}`;
    await say('check', urls[name], '--config', config, '--allow-private', '--trace', '--header-env', 'Authorization=ROLLCALL_OWN_HEADER');
    await say('check', urls[name], '--config', config, '--allow-private', '--json', '--header-env', 'Authorization=ROLLCALL_OWN_HEADER');
  }
}

// Read from the fleet's own log.
function whatWasSent(requests, owned, others) {
  const rows = new Map(owned.map((r) => [r.name, r]));
  const header = (r) => rows.get(r.case)?.key?.header ?? 'authorization';
  for (const r of requests) {
    const owner = rows.get(r.case)?.owner;
    const carries = r.headers.includes('authorization') || r.headers.includes('x-api-key');
    if (carries) assert.ok(owner?.credential && r.headers.includes(header(r)), `a credential went astray: ${JSON.stringify(r)}`);
    if (carries) assert.ok(!r.url.includes('/moved') && !r.url.includes('/.well-known/') && !r.url.includes('/health'), JSON.stringify(r));
    if (r.rpc === 'tools/call') assert.ok(owner?.canary, `a stranger was called: ${JSON.stringify(r)}`);
    if (r.url.endsWith('/health')) assert.ok(owner?.health_url, JSON.stringify(r));
  }
  const sent = (test) => requests.some(test);
  assert.ok(sent((r) => r.case === 'desk-bookings' && r.rpc === 'tools/call'));
  assert.ok(sent((r) => r.case === 'health-postgres' && r.url.endsWith('/health')));
  assert.ok(sent((r) => r.case === 'parcel-tracking' && r.url.includes('/moved')), 'the redirect was followed, without the credential');
  assert.ok(!sent((r) => r.case === 'cache-purge' && r.rpc === 'tools/call'), 'a destructive tool was called');
  for (const name of others) assert.ok(sent((r) => r.case === name));
}

test('an owner\'s record that must not be is refused before anything is sent', { timeout: 60_000 }, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'rollcall-owners-refused-'));
  const fleet = await startFleet(folder, ports, '--only', 'weather');
  try {
    const config = await configure(folder, fleet, probe);
    const url = (await readJson(join(fleet.out, 'expected.json'))).cases[0].url;
    const file = join(folder, 'config/owners.json');
    delete process.env.ROLLCALL_NOT_SET;
    const rows = [
      ['not listed', [{ endpoint: 'https://elsewhere.test/mcp' }], /\/owners\/0\/endpoint: "https:\/\/elsewhere\.test\/mcp" is on no registry's list, expected the URL of a listed endpoint/],
      ['twice, in another spelling', [{ endpoint: url }, { endpoint: url.replace('weather', 'WEATHER') }], /\/owners\/1\/endpoint: .* is the endpoint of \/owners\/0 too, expected one record an endpoint/],
      ['a variable that is not set', [{ endpoint: url, credential: { kind: 'bearer', env: 'ROLLCALL_NOT_SET' } }], /\/owners\/0\/credential\/env: ROLLCALL_NOT_SET is not set/],
      ['a credential over http', [{ endpoint: 'http://elsewhere.test/mcp', credential: { kind: 'bearer', env: 'PATH' } }], /\/owners\/0\/endpoint: .*expected an https:\/\/ URL: a credential is never sent over http/],
    ];
    for (const [name, owners, message] of rows) {
      await writeFile(file, JSON.stringify({ owners }));
      const done = await auditor('run', '--config', config, '--db', join(folder, `${name}.sqlite`), '--at', '2026-11-11T02:30:00Z', '--allow-private', '--quiet');
      assert.equal(done.code, 2, `${name}: ${done.stderr}`);
      assert.match(done.stderr, message, name);
    }
    await writeFile(file, JSON.stringify({ owners: [{ endpoint: 'https://10.0.0.1/mcp' }] }));
    const strict = await auditor('run', '--config', config, '--db', join(folder, 'strict.sqlite'), '--at', '2026-11-11T02:30:00Z', '--quiet');
    assert.equal(strict.code, 2);
    assert.ok((await readLines(join(fleet.out, 'requests.jsonl')).catch(() => [])).length === 0, 'something was sent');
  } finally {
    await fleet.stop();
    await rm(folder, { recursive: true, force: true });
  }
});

test('the secrets of a client\'s configuration and of a listed URL are never stored', { timeout: 60_000 }, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'rollcall-owners-listed-'));
  try {
    const secrets = ['planted-in-a-header-9c1', 'planted-in-an-argument-77', 'planted-as-password-4f', 'planted-in-env-0a8b'];
    await writeFile(join(folder, 'client.json'), JSON.stringify({ mcpServers: {
      one: { url: 'https://one.example.com/mcp', headers: { Authorization: `Bearer ${secrets[0]}` } },
      two: { command: 'npx', args: ['x', '--key', secrets[1]], env: { KEY: secrets[3] } },
      three: { url: `https://user:${secrets[2]}@three.example.com/mcp` },
    } }));
    await writeFile(join(folder, 'rollcall.json'), JSON.stringify({ base_url: 'http://localhost:8000/', contact: 'mailto:operator@example.com' }));
    const db = join(folder, 'store.sqlite');
    const done = await auditor('intake', '--config', join(folder, 'rollcall.json'), '--db', db, '--registry', `file:${join(folder, 'client.json')}`, '--at', '2026-11-11T02:30:00Z', '--allow-private');
    assert.notEqual(done.code, 3, done.stderr);
    assertNoSecret('the store', textOfStore(db), secrets);
    assertNoSecret('the store, as bytes', await readFile(db, 'latin1'), secrets);
    assertNoSecret('what was printed', done.stdout + done.stderr, secrets);
    assert.ok(textOfStore(db).includes('https://one.example.com/mcp'));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
