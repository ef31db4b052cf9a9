// A registry that behaves as registries do on their worst nights: each night has its clear line and its exit status, and
// the last good listing stays in use. The table of them is printed.
import test from 'node:test';
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { auditor } from '../support/fleet.mjs';

const row = (name) => ({
  server: { name: `dev.vendor/${name}`, description: 'd', version: '1.0.0', remotes: [{ type: 'streamable-http', url: `https://${name}.test/mcp` }] },
});
const names = (from, to) => Array.from({ length: to - from }, (_, i) => `s${from + i}`);
const page = (list, next) => JSON.stringify({ servers: list.map(row), metadata: { count: list.length, ...(next ? { nextCursor: next } : {}) } });

const NEXT = 'dev.vendor/s6:1.0.0';
const good = [page(names(0, 7), NEXT), page(names(7, 12))];

// A page as it should be: the first, or the one behind the cursor.
function serve(request, response, pages = good, headers = {}) {
  const second = request.url.includes('cursor=');
  if (second) assert.ok(request.url.endsWith(`cursor=${encodeURIComponent(NEXT)}`), request.url);
  response.writeHead(200, { 'Content-Type': 'application/json', ...headers }).end(pages[second ? 1 : 0]);
}

const throttle = (status, headers = {}) => (request, response) => response.writeHead(status, headers).end('{"message":"slow down"}');
const inASecond = () => new Date(Date.now() + 1000).toUTCString();
// The first answers are these, the others are good.
const then = (...first) => {
  let turn = 0;
  return (request, response) => (turn < first.length ? first[turn++](request, response) : serve(request, response));
};
const onSecond = (answer) => (request, response) => (request.url.includes('cursor=') ? answer(request, response) : serve(request, response));
const text = (body, headers = {}) => (request, response) => response.writeHead(200, headers).end(body);
const cut = (request, response) => {
  response.writeHead(200, { 'Content-Length': 5000 });
  response.write(good[1].slice(0, 100), () => response.destroy());
};
const packed = gzipSync(good[1]);

// name, how the registry behaves, exit status, what the line says
const nights = [
  ['pages', (q, r) => serve(q, r), 0, /^shaky: 12 rows, 12 accepted, 0 rejected, 12 remotes$/],
  ['compressed', onSecond(text(packed, { 'Content-Encoding': 'gzip' })), 0, /^shaky: 12 rows/],
  ['a BOM before the JSON', onSecond(text(`\ufeff${good[1]}`)), 0, /^shaky: 12 rows/],
  ['429 with seconds', then(throttle(429, { 'Retry-After': '1' })), 0, /^shaky: 12 rows/],
  ['429 with a date', then((q, r) => throttle(429, { 'Retry-After': inASecond() })(q, r)), 0, /^shaky: 12 rows/],
  ['429 with nothing, twice', then(throttle(429), throttle(429)), 0, /^shaky: 12 rows/],
  ['503, then a page', then(throttle(503)), 0, /^shaky: 12 rows/],
  ['429 for ever', onSecond(throttle(429)), 1, /^shaky: partial: page 2 \(.*\): HTTP 429, also at the 5th try; stale for 1 day, the last good listing stays in use$/],
  ['429 with a day', throttle(429, { 'Retry-After': '86400' }), 1, /^shaky: failed: page 1 .*: HTTP 429, asks us to wait 24 h, longer than the 10 min that are left/],
  ['a dropped connection, once', onSecond(then(cut)), 0, /^shaky: 12 rows/],
  ['dropped in the middle', onSecond(cut), 1, /^shaky: partial: page 2 .*: was cut off after \d+ bytes, also at the 3rd try; stale for 1 day/],
  ['another shape', onSecond(text('{"items":[]}')), 1, /^shaky: partial: page 2 .*: \/: an object \(items\), expected \{"servers": \[\.\.\.\]\}; stale for 2 days/],
  ['an error with status 200', onSecond(text('{"error":"too many requests"}')), 1, /^shaky: partial: page 2 .*: \/: an object \(error\)/],
  ['HTML with status 200', text('<!doctype html><title>Sorry</title>'), 1, /^shaky: failed: page 1 .*: \/: HTML or XML/],
  ['shrunk to a third', (q, r) => serve(q, r, [page(names(0, 2), NEXT), page(names(7, 9))]), 1,
    /^shaky: not believed: lists 4 remotes, fewer than half of the 12 of its last good reading \(if it is right: --accept-smaller shaky\); stale for 5 days/],
  ['60 MB', text(page(['a'.repeat(60e6)])), 1, /^shaky: failed: page 1 .*: is larger than 32 MiB; stale/],
  ['gzip cut off', onSecond(text(packed.subarray(0, packed.length - 30), { 'Content-Encoding': 'gzip' })), 1,
    /^shaky: partial: page 2 .*: its compression was cut off after \d+ bytes/],
  ['JSON cut off', onSecond(text(good[1].slice(0, 200))), 1, /^shaky: partial: page 2 .*parse error/],
  ['a cursor that comes back', text(page(names(0, 7), NEXT)), 1, /^shaky: partial: page 2 .*cursor_loop: its next cursor was used before/],
  ['empty pages without end', (() => { let n = 0; return (q, r) => text(page([], `c${++n}`))(q, r); })(), 1, /^shaky: partial: page 2 .*page_guard: a second empty page/],
  ['led to another place for ever', (q, r) => r.writeHead(302, { Location: q.url }).end(), 1, /^shaky: failed: page 1 .*redirects without end/],
  ['gone', throttle(404), 1, /^shaky: failed: page 1 .*HTTP 404; stale for 12 days, the last good listing stays in use$/],
  ['back again', (q, r) => serve(q, r), 0, /^shaky: 12 rows/],
];

async function withRegistry(work) {
  const folder = await mkdtemp(join(tmpdir(), 'rollcall-registries-'));
  const registry = { answer: null, requests: [] };
  const server = createServer((request, response) => {
    registry.requests.push(request);
    registry.answer(request, response);
  });
  await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
  registry.url = `http://127.0.0.1:${server.address().port}/v0.1/servers`;
  const configure = (more = {}, others = []) => writeFile(join(folder, 'registries.json'), JSON.stringify({ registries: [
    { id: 'shaky', name: 'Shaky', kind: 'mcp-registry', url: registry.url, ...more },
    { id: 'steady', name: 'Steady', kind: 'file', url: 'list.txt' }, ...others] }));
  await writeFile(join(folder, 'rollcall.json'), JSON.stringify({ contact: 'mailto:operator@vendor.dev', intake: { pause_ms: 0, backoff_ms: 5 } }));
  await writeFile(join(folder, 'list.txt'), 'https://steady.test/mcp\n');
  await configure();
  const night = (day, ...more) => auditor('intake', '--config', join(folder, 'rollcall.json'), '--db', join(folder, 'store.sqlite'),
    '--at', new Date(Date.UTC(2026, 9, day, 2, 30)).toISOString().replace('.000', ''), '--allow-private', ...more);
  try {
    await work({ folder, registry, configure, night });
  } finally {
    server.closeAllConnections();
    server.close();
    await rm(folder, { recursive: true, force: true });
  }
}

const lineOf = (got, id) => got.stderr.split('\n').find((line) => line.startsWith(`${id}: `)) ?? `nothing of ${id}: ${got.stderr}`;
const frozen = (got) => Number(/^frozen for .*\beligible (\d+)/m.exec(got.stderr + got.stdout)?.[1]);

test('every bad night of a registry has its line and its status, and costs no listing', { timeout: 180_000 }, async () => {
  const told = [];
  await withRegistry(async ({ registry, night }) => {
    for (const [i, [name, answer, code, line]] of nights.entries()) {
      registry.answer = answer;
      registry.requests = [];
      const got = await night(i + 1);
      const said = lineOf(got, 'shaky');
      assert.match(said, line, name);
      assert.equal(got.code, code, `${name}: ${got.stderr}`);
      assert.equal(frozen(got), 13, `${name}: ${got.stderr}`);
      assert.match(lineOf(got, 'steady'), /^steady: 1 rows/, name);
      for (const request of registry.requests) assert.match(request.headers['user-agent'], /^Rollcall\/[0-9.]+ \(\+http:.*probed/);
      told.push(`${name.padEnd(28)} ${code}  ${said.replace(/\(http[^)]*\)/, '(...)').slice(0, 150)}`);
    }
  });
  console.log(`what a person reads (exit status, line)\n${told.map((line) => `  ${line}`).join('\n')}`);
});

test('a listing that really shrank is taken once the operator says so', { timeout: 60_000 }, async () => {
  await withRegistry(async ({ registry, night }) => {
    registry.answer = (q, r) => serve(q, r);
    assert.equal((await night(1)).code, 0);
    registry.answer = text(page(names(0, 3)));
    assert.equal((await night(2)).code, 1);
    const got = await night(3, '--accept-smaller', 'shaky');
    assert.equal(got.code, 0, got.stderr);
    assert.match(lineOf(got, 'shaky'), /^shaky: 3 rows.*; 0 new, 9 gone$/);
    assert.equal(frozen(got), 4);
  });
});

test('a page that has not changed is not sent again', { timeout: 60_000 }, async () => {
  await withRegistry(async ({ registry, night }) => {
    const sent = [];
    registry.answer = (request, response) => {
      const second = request.url.includes('cursor=');
      const etag = second ? '"two"' : 'W/"one"';
      if (request.headers['if-none-match'] === etag) {
        sent.push(304);
        return response.writeHead(304, { ETag: etag }).end();
      }
      sent.push(200);
      return serve(request, response, good, { ETag: etag });
    };
    assert.equal((await night(1)).code, 0);
    const got = await night(2);
    assert.equal(got.code, 0, got.stderr);
    assert.equal(lineOf(got, 'shaky'), 'shaky: unchanged, 12 remotes');
    assert.equal(frozen(got), 13);
    assert.deepEqual(sent, [200, 200, 304, 304]);
  });
});

test('a key goes to the registry alone and is written nowhere', { timeout: 60_000 }, async () => {
  const key = 'k3y-that-nobody-may-see';
  await withRegistry(async ({ folder, registry, configure, night }) => {
    const elsewhere = [];
    const other = createServer((request, response) => {
      elsewhere.push(request.headers);
      response.writeHead(200).end(page(names(0, 2)));
    });
    await new Promise((ready) => other.listen(0, '127.0.0.1', ready));
    try {
      await configure({ key_env: 'SHAKY_KEY', key_header: 'X-API-Key' });
      registry.answer = (q, r) => serve(q, r);
      const without = await night(1);
      assert.equal(without.code, 2, without.stderr);
      assert.match(without.stderr, /registry "shaky": the environment variable SHAKY_KEY is not set, expected the registry's key/);

      process.env.SHAKY_KEY = key;
      registry.requests = [];
      const got = await night(1);
      assert.equal(got.code, 0, got.stderr);
      assert.ok(registry.requests.every((request) => request.headers['x-api-key'] === key));

      registry.answer = (q, r) => r.writeHead(307, { Location: `http://127.0.0.1:${other.address().port}/` }).end();
      const led = await night(2);
      assert.equal(elsewhere.length, 1);
      assert.equal(elsewhere[0]['x-api-key'], undefined);
      registry.answer = throttle(401);
      const refused = await night(3);
      assert.match(lineOf(refused, 'shaky'), /HTTP 401/);

      const store = await readFile(join(folder, 'store.sqlite'), 'latin1');
      for (const place of [store, got.stdout, got.stderr, led.stderr, refused.stderr]) assert.ok(!place.includes(key));
    } finally {
      delete process.env.SHAKY_KEY;
      other.closeAllConnections();
      other.close();
    }
  });
});

test('a saved page is read as the registry itself, and every kind from its file', { timeout: 60_000 }, async () => {
  await withRegistry(async ({ folder, registry, configure, night }) => {
    const kinds = [
      ['docker-catalog', JSON.stringify({ registry: { one: { remote: { url: 'https://docker.test/mcp' } }, two: { remote: {} } } }), /^docker-catalog: 2 rows, 2 accepted, 0 rejected, 1 remotes/],
      ['cline-catalog', JSON.stringify({ version: 1, entries: [
        { id: 'one', type: 'mcp', install: { args: ['one', '--transport', 'http', 'https://cline.test/mcp'] } }, { id: 'two', type: 'plugin' }] }),
      /^cline-catalog: 2 rows, 1 accepted, 1 rejected \(not_mcp 1\), 1 remotes/],
      ['markdown', '| Name | URL |\n|---|---|\n| One | `https://markdown.test/mcp` |\n', /^markdown: 1 rows, 1 accepted, 0 rejected, 1 remotes/],
      ['server-json', JSON.stringify(row('one').server), /^server-json: 1 rows, 1 accepted, 0 rejected, 1 remotes/],
      ['file', JSON.stringify({ mcpServers: { one: { url: 'https://file.test/mcp', headers: { Authorization: 'Bearer s3cret' } } } }), /^file: 1 rows, 1 accepted, 0 rejected, 1 remotes/],
    ];
    for (const [kind, document] of kinds) await writeFile(join(folder, `${kind}.saved`), document);
    await writeFile(join(folder, 'page.json'), page(names(0, 7)));
    await configure({ url: 'page.json' }, kinds.map(([kind]) => ({ id: kind, name: kind, kind, url: `${kind}.saved` })));
    registry.answer = throttle(500);
    const got = await night(1);
    assert.equal(got.code, 0, got.stderr);
    assert.match(lineOf(got, 'shaky'), /^shaky: 7 rows/);
    for (const [kind, , line] of kinds) assert.match(lineOf(got, kind), line);
    assert.equal(registry.requests.length, 0);
    assert.ok(!(await readFile(join(folder, 'store.sqlite'), 'latin1')).includes('s3cret'));
  });
});
