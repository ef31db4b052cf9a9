// The command `health` from outside: every example as a file and over HTTP, and everything that can go wrong on the way.
import test from 'node:test';
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { chmod, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const audit = process.env.ROLLCALL_AUDIT;
const root = resolve(import.meta.dirname, '../..');
const folder = join(root, 'tests/audit/health/examples');
const golden = (name) => readFile(join(root, 'tests/golden/health', `${name}.txt`), 'utf8');

function health(...args) {
  return new Promise((done, reject) => execFile(audit, ['health', ...args], { cwd: folder, maxBuffer: 64 << 20 }, (error, stdout, stderr) => {
    if (error && typeof error.code !== 'number') reject(error);
    else done({ code: error?.code ?? 0, stdout, stderr });
  }));
}

// A server on loopback that answers by `answer`; its URL ends without a slash.
async function serve(answer, use) {
  const server = createServer(answer);
  await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
  try {
    await use(`http://127.0.0.1:${server.address().port}`);
  } finally {
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  }
}

const stateOf = (table) => /^ {2}(up|degraded|down|unknown): /m.exec(table)[1];
const codeFor = (state) => (state === 'up' ? 0 : 1);

test('every example as a file: the golden table and its exit code', { timeout: 120_000 }, async () => {
  const names = await readdir(folder);
  assert.ok(names.length > 80);
  for (const name of names) {
    const got = await health(name);
    const wanted = await golden(name);
    assert.equal(got.stdout, wanted, name);
    assert.equal(got.code, codeFor(stateOf(wanted)), name);
    assert.equal(got.stderr, '', name);
  }
});

test('every example with a head over HTTP reads as its file does', { timeout: 120_000 }, async () => {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.http'));
  const answer = async (request, response) => {
    const text = await readFile(join(folder, `${request.url.slice('/health/'.length)}`), 'utf8');
    const [head, ...body] = text.split('\n\n');
    const [first, ...fields] = head.split('\n');
    for (const field of fields) response.setHeader(...field.split(': '));
    response.writeHead(Number(first.split(' ')[1])).end(body.join('\n\n'));
  };
  await serve(answer, async (url) => {
    for (const name of names) {
      const over = await health('--allow-private', '--json', '--component', name.split('.')[0], `${url}/health/${name}`);
      const file = await health('--json', '--component', name.split('.')[0], name);
      const [a, b] = [over, file].map((r) => JSON.parse(r.stdout).documents[0]);
      assert.deepEqual({ ...a, source: '' }, { ...b, source: '' }, name);
      assert.equal(over.code, file.code, name);
    }
  });
});

test('several files make one table with a heading each; the worst decides the exit code', async () => {
  const got = await health('postgres.healthy.http', 'postgres.exhausted.http', 'health-json.healthy.http');
  assert.equal(got.code, 1);
  const heads = got.stdout.split('\n').filter((line) => /^ {2}component /.test(line));
  assert.equal(heads.length, 3);
  assert.equal(new Set(heads).size, 1, 'columns are as wide everywhere');
  assert.equal((await health('postgres.healthy.http', 'mysql.healthy.http')).code, 0);
});

test('as JSON: one document, fixed names, whatever the number of sources', async () => {
  const got = await health('--json', 'postgres.exhausted.http');
  const { documents } = JSON.parse(got.stdout);
  assert.deepEqual(documents, [{
    source: 'postgres.exhausted.http', state: 'degraded', reason: 'pool_exhausted', family: 'postgres_pool', http_status: 503,
    components: [{
      component: 'postgres', state: 'degraded', reason: 'pool_exhausted', derived: false,
      metrics: { pool_total: { value: 10, unit: null }, pool_idle: { value: 0, unit: null }, pool_waiting: { value: 4, unit: null }, latency_ms: { value: 41, unit: 'ms' } },
      note: null,
    }],
    warnings: [], recognised: ['status', 'latencyMs', 'pool.totalCount', 'pool.idleCount', 'pool.waitingCount'], unrecognised: [],
  }]);
});

test('standard input, and a component by name', async () => {
  const child = spawn(audit, ['health', '-', '--component', 'mail']);
  child.stdin.end('HTTP/1.1 200 OK\r\n\r\n{"status":"ok"}');
  let out = '';
  for await (const piece of child.stdout) out += piece;
  assert.match(out, /^ {2}mail {7}up /m);
});

test('what cannot be read: told by name, exit 2, and the others are shown', async () => {
  const scratch = await mkdtemp(join(tmpdir(), 'rollcall-health-'));
  try {
    const missing = join(scratch, 'missing.json');
    const got = await health(missing, 'postgres.healthy.http');
    assert.equal(got.code, 2);
    assert.equal(got.stderr, `rollcall-audit: ${missing}: cannot be read\n`);
    assert.match(got.stdout, /postgres +up/);
    assert.match((await health(scratch)).stderr, /is a folder, expected a file/);
    if (process.getuid() !== 0) {
      await writeFile(missing, '{}');
      await chmod(missing, 0);
      assert.equal((await health(missing)).code, 2);
    }
    for (const args of [[], ['--timeout', '0', 'x'], ['--nonsense', 'postgres.healthy.http']]) assert.equal((await health(...args)).code, 2, args.join(' '));
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
});

test('URLs that are not asked: exit 2 before anything is sent', async () => {
  let asked = 0;
  await serve((request, response) => { asked += 1; response.end('ok'); }, async (url) => {
    const refused = await health(`${url}/health`);
    assert.equal(refused.code, 2);
    assert.match(refused.stderr, /is excluded \(private_address\).*--allow-private/);
    for (const bad of ['http://', 'https://user:pw@example.com/health', 'http://169.254.169.254/latest/meta-data/']) assert.equal((await health(bad)).code, 2, bad);
    assert.doesNotMatch((await health('https://user:hunter2pw@example.com/health')).stderr, /hunter2pw/);
  });
  assert.equal(asked, 0);
});

// name, what the server does, then: state, reason, a piece of the note
const answers = [
  ['404', (q, r) => r.writeHead(404).end('{"status":"error"}'), 'unknown', 'http_404'],
  ['401', (q, r) => r.writeHead(401).end('{"status":"down"}'), 'unknown', 'http_401'],
  ['a page', (q, r) => r.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>Hello</title>'), 'unknown', 'not_a_health_document'],
  ['60 MB', (q, r) => { r.writeHead(200); r.write(`{"status":"ok","x":"${'x'.repeat(60e6)}`); r.end('"}'); }, 'unknown', 'no_document', /larger than 1 MiB/],
  ['70 KB', (q, r) => r.end(`{"status":"ok","x":"${'x'.repeat(70e3)}"}`), 'unknown', 'too_large'],
  ['a redirect to another site', (q, r) => r.writeHead(302, { location: 'http://elsewhere.test/health' }).end(), 'unknown', 'no_document', /another site/],
  ['a redirect to itself', (q, r) => r.writeHead(302, { location: q.url }).end(), 'unknown', 'no_document', /without end/],
  ['a redirect on the site', (q, r) => (q.url === '/there' ? r.end('{"status":"ok"}') : r.writeHead(307, { location: '/there' }).end()), 'up', null],
  ['a connection that ends at once', (q, r) => r.destroy(), 'down', 'tcp_reset'],
  ['no answer in time', () => {}, 'down', 'http_hang'],
  ['an answer that does not end', (q, r) => { r.writeHead(200); r.write('{"status":'); }, 'down', null, /did not end in time/],
  ['500 without text', (q, r) => r.writeHead(500).end(), 'down', 'http_500'],
];

test('answers of every kind over HTTP', { timeout: 120_000 }, async (t) => {
  for (const [name, answer, state, reason, note] of answers)
    await t.test(name, async () => serve(answer, async (url) => {
      const begun = Date.now();
      const got = await health('--json', '--allow-private', '--timeout', '1', `${url}/health`);
      assert.ok(Date.now() - begun < 5000, 'within its time');
      const { documents: [document] } = JSON.parse(got.stdout);
      assert.equal(document.state, state, got.stdout);
      if (reason !== null || state === 'up') assert.equal(document.reason, reason, got.stdout);
      if (note) assert.match(document.components[0].note, note);
      assert.equal(got.code, codeFor(state));
      assert.equal(got.stderr, '');
    }));
});

test('a port where nobody listens', async () => {
  let gone;
  await serve(() => {}, async (url) => { gone = url; });
  const got = await health('--json', '--allow-private', `${gone}/health/postgres`);
  const { documents: [document] } = JSON.parse(got.stdout);
  assert.deepEqual([document.state, document.reason, document.components[0].component], ['down', 'tcp_refused', 'postgres']);
  assert.equal(got.code, 1);
});
