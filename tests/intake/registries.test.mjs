// Registry documents as they should not be: each gives a clear line that names the registry and the place, the other
// registries go on, and the last good listing stays in use.
import test from 'node:test';
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const audit = process.env.ROLLCALL_AUDIT;

function auditor(...args) {
  return new Promise((resolve, reject) => execFile(audit, args, { maxBuffer: 64 << 20 }, (error, stdout, stderr) => {
    if (error && typeof error.code !== 'number') reject(error);
    else resolve({ code: error?.code ?? 0, stdout, stderr });
  }));
}

const row = (name, url) => ({ server: { name, description: 'd', version: '1.0.0', remotes: [{ type: 'streamable-http', url }] } });
const page = (rows, next) => JSON.stringify({ servers: rows, metadata: next ? { nextCursor: next } : {} });

async function configure(folder, url) {
  await writeFile(join(folder, 'rollcall.json'), JSON.stringify({ contact: 'mailto:operator@example.com', intake: { pause_ms: 0, backoff_ms: 5 } }));
  await writeFile(join(folder, 'registries.json'), JSON.stringify({ registries: [
    { id: 'shaky', name: 'Shaky', kind: 'mcp-registry', url },
    { id: 'steady', name: 'Steady', kind: 'file', url: 'list.txt' },
  ] }));
  await writeFile(join(folder, 'list.txt'), 'https://steady.test/mcp\n');
}

const intake = (folder, day) => auditor('intake', '--config', join(folder, 'rollcall.json'), '--db', join(folder, 'store.sqlite'),
  '--at', `2026-11-${String(day).padStart(2, '0')}T02:30:00Z`, '--allow-private');

test('a broken document never costs a listing, and the line says where it broke', { timeout: 120_000 }, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'rollcall-intake-'));
  const file = join(folder, 'registry.json');
  const good = page([row('a', 'https://a.test/mcp'), row('b', 'https://b.test/mcp')]);
  try {
    await configure(folder, file);
    await writeFile(file, good);
    const first = await intake(folder, 1);
    assert.equal(first.code, 0, first.stderr);
    assert.match(first.stderr, /eligible 3/);

    const broken = [
      ['truncated', good.slice(0, 60)],
      ['not JSON', '<!doctype html><title>Sorry</title>'],
      ['of another shape', '{"servers": {"a": 1}}'],
      ['an error object', '{"error": "too many requests"}'],
      ['50 MB', page([row('a'.repeat(50e6), 'https://a.test/mcp')])],
      ['nested without end', '['.repeat(1e6)],
      ['empty', ''],
    ];
    for (const [i, [name, text]] of broken.entries()) {
      await writeFile(file, text);
      const got = await intake(folder, i + 2);
      assert.equal(got.code, 1, `${name}: ${got.stderr}`);
      const line = got.stderr.split('\n').find((l) => l.startsWith('shaky: failed: page 1 ('));
      assert.ok(line, `${name}: ${got.stderr}`);
      assert.ok(line.length < 600 && line.includes('registry.json'), line);
      assert.match(line, /the last good listing stays in use$/);
      assert.match(got.stderr, /^steady: 1 rows/m, name);
      assert.match(got.stderr, /eligible 3/, name);
    }

    await writeFile(file, page([row('\u202e<script>\u0000\u001b[31m', 'https://a.test/mcp'), row("'; DROP TABLE cell; --", 'https://b.test/mcp'), { server: 7 }]));
    const hostile = await intake(folder, 20);
    assert.equal(hostile.code, 0, hostile.stderr);
    assert.match(hostile.stderr, /^shaky: 3 rows, 2 accepted, 1 rejected/m);
    assert.doesNotMatch(hostile.stderr, /[\u0000\u001b]/, 'no control character reaches the terminal');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test('a registry served over HTTP: pages, an error in the middle, a connection that breaks', { timeout: 60_000 }, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'rollcall-intake-'));
  let answer;
  const server = createServer((request, response) => answer(new URL(request.url, 'http://x').searchParams.get('cursor') ?? '', response));
  await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
  try {
    await configure(folder, `http://127.0.0.1:${server.address().port}/v0.1/servers`);
    const two = (cursor, response) => response.end(cursor === '' ? page([row('a', 'https://a.test/mcp')], 'a:1/2') : page([row('b', 'https://b.test/mcp')]));
    answer = two;
    const first = await intake(folder, 1);
    assert.equal(first.code, 0, first.stderr);
    assert.match(first.stderr, /^shaky: 2 rows, 2 accepted/m);

    answer = (cursor, response) => (cursor === '' ? two(cursor, response) : response.writeHead(500).end('{}'));
    const second = await intake(folder, 2);
    assert.equal(second.code, 1);
    assert.match(second.stderr, /^shaky: partial: page 2 \(.*cursor=a%3A1%2F2\): HTTP 500, also at the 3rd try; stale for 1 day, the last good listing stays in use$/m);
    assert.match(second.stderr, /eligible 3/);

    answer = (cursor, response) => { response.writeHead(200, { 'Content-Length': 1000 }); response.write('{"servers":['); setImmediate(() => response.destroy()); };
    const third = await intake(folder, 3);
    assert.equal(third.code, 1);
    assert.match(third.stderr, /^shaky: failed: page 1 \(.*was cut off after \d+ bytes/m);
  } finally {
    server.closeAllConnections();
    server.close();
    await rm(folder, { recursive: true, force: true });
  }
});

test('the operator is told what is wrong with the configuration, and nothing is sent', { timeout: 60_000 }, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'rollcall-config-'));
  const file = join(folder, 'rollcall.json');
  const run = (...more) => auditor('run', '--config', file, '--db', join(folder, 'x.sqlite'), ...more);
  try {
    const cases = [
      ['{"probe": {"concurency": 5}}', ['--allow-private'], /rollcall\.json: \/probe\/concurency.*concurrency/],
      ['{"probe": {"concurrency": 0}}', ['--allow-private'], /rollcall\.json: \/probe\/concurrency: 0, expected/],
      ['{"contact": "mailto:operator@example.com"}', [], /\/contact: .*placeholder/],
      ['{"contact": "mailto:me@real.dev", "probe": {"retry_after_ms": 5}}', [], /\/probe\/retry_after_ms: 5, expected at least 30000/],
      ['{', ['--allow-private'], /rollcall\.json.*line 1/],
      ['{}', ['--allow-private', '--at', 'yesterday'], /--at: "yesterday", expected/],
      ['{}', ['--allow-private', '--registry', 'https://x'], /--registry: "https:\/\/x", expected file:PATH/],
    ];
    for (const [text, more, expected] of cases) {
      await writeFile(file, text);
      const got = await run(...more);
      assert.equal(got.code, 2, `${text}: ${got.stderr}`);
      assert.match(got.stderr, expected);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
