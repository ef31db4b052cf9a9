// The planted cases, end to end: the fleet on loopback, whole nights with the real program, every cell compared.
import test from 'node:test';
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { auditor, configure as configureFor, readJson, readLines, startFleet as startFleetOn } from '../support/fleet.mjs';

const { ROLLCALL_AUDIT: audit } = process.env;
const ports = { https: 8443, http: 8080, dns: 5391 };

const startFleet = (folder, ...args) => startFleetOn(folder, ports, '--slow-ms', '4200', ...args);

// Wide enough apart that a busy machine with sanitizers files nothing as slow that is not.
const configure = (folder, out, probe = {}, dns = {}) => configureFor(folder, { out, ports },
  { concurrency: 40, connect_ms: 1500, tls_ms: 4000, first_byte_ms: 5500, total_ms: 12000, slow_ms: 3400, retry_after_ms: 100, ...probe }, dns);

const methods = new Set(['server/discover', 'initialize', 'notifications/initialized', 'tools/list']);
const withoutQuery = (url) => url.split('?')[0];

// What is wrong with a request that a stranger received, or undefined: it must be read only, and sent to the listed
// URL or to one that the server itself named.
function fault({ method, url, rpc, accept, resumes, opened, headers }, { url: listed, named }) {
  const known = [listed, ...named].map(withoutQuery).includes(withoutQuery(url));
  const origins = [listed, ...named].filter((at) => URL.canParse(at)).map((at) => new URL(at).origin);
  if (headers.some((name) => ['authorization', 'origin', 'proxy-authorization'].includes(name))) return 'a header that we never send';
  switch (method) {
    case 'POST': return !methods.has(rpc) ? 'another method' : known ? undefined : 'nobody named this URL';
    case 'DELETE': return !opened ? 'no session of ours' : known ? undefined : 'nobody named this URL';
    case 'GET':
      if (accept === 'text/event-stream' || resumes !== undefined) return known ? undefined : 'nobody named this stream';
      return known || (url.includes('/.well-known/') && origins.includes(new URL(url).origin)) ? undefined : 'nobody named this document';
    default: return 'another HTTP method';
  }
}

test('every planted case is filed as what it is, three nights long', { timeout: 240_000 }, async (t) => {
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
        const expected = join(servers.out, 'expected.json');
        const compared = await auditor('planted', '--db', db, '--at', at, '--expected', expected, '--table');
        if (night === 1) compared.stdout.trim().split('\n').forEach((line) => t.diagnostic(line));
        const wrong = compared.stdout.split('\n').filter((line) => /WRONG|not probed/.test(line));
        assert.equal(compared.code, 0, `night ${night}\n${wrong.join('\n')}${compared.stderr}`);
        assert.match(compared.stdout, /^planted cases: (\d+) of \1$/m);

        const again = await auditor('run', '--config', config, '--db', db, '--at', at, '--allow-private', '--quiet');
        assert.equal(again.code, 0);
        assert.match(again.stderr, /is done already/);
        const cases = new Map((await readJson(expected)).cases.map((c) => [c.name, c]));
        const requests = await readLines(join(servers.out, 'requests.jsonl'));
        assert.deepEqual(requests.map((r) => ({ ...r, why: fault(r, cases.get(r.case)) })).filter((r) => r.why), [], 'a stranger was sent this');
        sent.push(...requests);
      } finally {
        await servers.stop();
      }
    }
    assert.ok(sent.length > 100);
    for (const method of ['POST', 'GET', 'DELETE']) assert.ok(sent.some((r) => r.method === method), `no ${method} at all`);

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
