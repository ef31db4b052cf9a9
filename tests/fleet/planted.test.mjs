// The planted cases, end to end: the fleet on loopback, whole nights with the real program, every cell compared.
import test from 'node:test';
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { mkdtemp, mkdir, readFile, writeFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

const root = resolve(import.meta.dirname, '../..');
const { ROLLCALL_AUDIT: audit, ROLLCALL_FLEET: fleet } = process.env;
const run = promisify(execFile);

// Runs the auditor; a finding (exit 1) is a result, not an error.
async function auditor(...args) {
  try {
    const { stdout, stderr } = await run(audit, args, { maxBuffer: 64 << 20 });
    return { code: 0, stdout, stderr };
  } catch (e) {
    if (typeof e.code !== 'number') throw e;
    return { code: e.code, stdout: e.stdout, stderr: e.stderr };
  }
}

// Starts the fleet and waits until it says that it is ready.
async function startFleet(folder, ...args) {
  const out = join(folder, 'fleet');
  await rm(out, { recursive: true, force: true });
  const child = spawn(fleet, ['--cases', join(root, 'tests/fleet/cases'), '--out', out, '--https-port', '8443', '--http-port', '8080',
    '--dns-port', '5391', '--slow-ms', '3000', ...args], { stdio: ['ignore', 'inherit', 'inherit'] });
  let exited = false;
  child.on('exit', () => { exited = true; });
  for (;;) {
    const ready = await readFile(join(out, 'ready.json'), 'utf8').catch(() => '');
    if (ready) break;
    assert.ok(!exited, 'the fleet ended before it was ready');
    await new Promise((r) => setTimeout(r, 50));
  }
  return { out, stop: () => new Promise((r) => { child.on('exit', r); child.kill('SIGTERM'); }) };
}

async function configure(folder, out, probe = {}, dns = {}) {
  const config = join(folder, 'config');
  await mkdir(config, { recursive: true });
  await writeFile(join(config, 'rollcall.json'), JSON.stringify({
    site_name: 'Planted', base_url: 'http://localhost:8000/', contact: 'mailto:operator@example.com',
    // Wide enough apart that a busy machine with sanitizers files nothing as slow that is not.
    probe: { concurrency: 40, connect_ms: 1500, tls_ms: 4000, first_byte_ms: 4000, total_ms: 12000, slow_ms: 2500, retry_after_ms: 100, ...probe },
    dns: { servers: '127.0.0.1:5391', timeout_ms: 1000, tries: 2, ...dns },
    tls: { trust_file: join(out, 'ca.pem') },
  }));
  await writeFile(join(config, 'registries.json'), JSON.stringify({
    registries: [{ id: 'planted', name: 'Planted', kind: 'mcp-registry', url: join(out, 'registry.json'), enabled: true }],
  }));
  return join(config, 'rollcall.json');
}

test('every planted case is filed as what it is, three nights long', { timeout: 240_000 }, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'rollcall-fleet-'));
  const db = join(folder, 'store.sqlite');
  const sent = [];
  try {
    for (const night of [1, 2, 3]) {
      const servers = await startFleet(folder, '--night', String(night));
      try {
        const config = await configure(folder, servers.out);
        const at = `2026-11-1${night}T02:30:00Z`;
        const done = await auditor('run', '--config', config, '--db', db, '--at', at, '--allow-private', '--quiet');
        assert.equal(done.code, 0, done.stderr);
        const compared = await auditor('planted', '--db', db, '--at', at, '--expected', join(servers.out, 'expected.json'));
        assert.equal(compared.code, 0, `night ${night}\n${compared.stdout}${compared.stderr}`);
        assert.match(compared.stdout, /^planted cases: (\d+) of \1$/m);

        const again = await auditor('run', '--config', config, '--db', db, '--at', at, '--allow-private', '--quiet');
        assert.equal(again.code, 0);
        assert.match(again.stderr, /is done already/);
        sent.push(...(await readFile(join(servers.out, 'requests.jsonl'), 'utf8')).trim().split('\n').map((line) => JSON.parse(line)));
      } finally {
        await servers.stop();
      }
    }
    const allowed = new Set(['server/discover', 'initialize', 'notifications/initialized', 'tools/list']);
    for (const r of sent) {
      if (r.method === 'POST') assert.ok(allowed.has(r.rpc), `a stranger was sent ${JSON.stringify(r)}`);
      else assert.ok(['GET', 'DELETE'].includes(r.method), `a stranger was sent ${JSON.stringify(r)}`);
    }
    assert.ok(sent.length > 100);

    const before = await auditor('judge', '--config', join(folder, 'config/rollcall.json'), '--db', db, '--at', '2026-11-13T02:30:00Z', '--allow-private');
    const after = await auditor('judge', '--config', join(folder, 'config/rollcall.json'), '--db', db, '--at', '2026-11-13T02:30:00Z', '--allow-private');
    assert.equal(before.stderr, after.stderr);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test('1,000 endpoints in one run, at least 500 in flight, in one process without a thread for each', { timeout: 240_000 }, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'rollcall-many-'));
  const servers = await startFleet(folder, '--night', '1', '--healthy', '1000', '--healthy-delay-ms', '1500', '--only', 'none');
  try {
    const config = await configure(folder, servers.out, { concurrency: 1000, slow_ms: 20_000, total_ms: 60_000, first_byte_ms: 20_000, connect_ms: 20_000, tls_ms: 30_000 }, { timeout_ms: 5000 });
    const done = await auditor('run', '--config', config, '--db', join(folder, 'store.sqlite'), '--at', '2026-11-11T02:30:00Z', '--allow-private');
    assert.equal(done.code, 0, done.stderr);
    const line = done.stderr.match(/(\d+) endpoints, (\d+) answered, at most (\d+) in flight/);
    assert.ok(line, done.stderr);
    assert.equal(line[1], '1000');
    assert.equal(line[2], '1000', done.stderr);
    assert.ok(Number(line[3]) >= 500, line[0]);
    console.log(`# ${line[0]}`);
  } finally {
    await servers.stop();
    await rm(folder, { recursive: true, force: true });
  }
});

test('a run that is killed goes on where it stopped and ends with the same cells', { timeout: 120_000 }, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'rollcall-kill-'));
  const servers = await startFleet(folder, '--night', '1');
  const db = join(folder, 'store.sqlite');
  try {
    const config = await configure(folder, servers.out);
    const args = ['--config', config, '--db', db, '--at', '2026-11-11T02:30:00Z', '--allow-private', '--quiet'];
    assert.equal((await auditor('intake', ...args)).code, 0);
    const child = spawn(audit, ['probe', ...args]);
    await new Promise((r) => setTimeout(r, 1200));
    child.kill('SIGKILL');
    await new Promise((r) => child.on('exit', r));
    assert.equal((await auditor('run', ...args)).code, 0);
    const compared = await auditor('planted', '--db', db, '--expected', join(servers.out, 'expected.json'));
    assert.equal(compared.code, 0, compared.stdout);
  } finally {
    await servers.stop();
    await rm(folder, { recursive: true, force: true });
  }
});

test('check explains a failure: steps, reason in words, what to fix, a command that reproduces it', { timeout: 60_000 }, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'rollcall-check-'));
  const servers = await startFleet(folder, '--night', '1');
  try {
    const config = await configure(folder, servers.out);
    const cases = JSON.parse(await readFile(join(servers.out, 'expected.json'), 'utf8'));
    const list = Array.isArray(cases) ? cases : cases.cases;
    const reasonOf = (c) => (c.expect ?? c).reason;
    const urlOf = (reason) => list.find((c) => reasonOf(c) === reason)?.url;
    for (const reason of ['tls_expired', 'http_404', 'dns_nxdomain', 'tool_schema_invalid']) {
      const url = urlOf(reason);
      assert.ok(url, `no planted case for ${reason}`);
      const got = await auditor('check', url, '--config', config, '--allow-private');
      assert.equal(got.code, 1, got.stdout + got.stderr);
      assert.ok(got.stdout.includes(`(${reason}, class`), got.stdout);
      assert.match(got.stdout, /What to fix: \w+/);
      assert.match(got.stdout, /Reproduce it:\n  curl /);
      assert.doesNotMatch(got.stdout, /\x1b/, 'no colour into a pipe');
      const plugin = await auditor('check', url, '--config', config, '--allow-private', '--plugin');
      assert.equal(plugin.code, 2);
      assert.match(plugin.stdout, /^MCP CRITICAL: .*\n$/);
      const doc = JSON.parse((await auditor('check', url, '--config', config, '--allow-private', '--json')).stdout);
      assert.equal(doc.reason, reason);
    }
    const expired = await auditor('check', urlOf('tls_expired'), '--config', config, '--allow-private');
    assert.match(expired.stdout, /valid from \d{4}-\d\d-\d\d to \d{4}-\d\d-\d\d/);
  } finally {
    await servers.stop();
    await rm(folder, { recursive: true, force: true });
  }
});
