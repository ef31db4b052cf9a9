// Names that bite: whatever a registry or a server calls itself, no page, feed, table, path, query or terminal breaks.
import test from 'node:test';
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { promisify } from 'node:util';
import { auditor } from '../support/fleet.mjs';

const run = promisify(execFile);

const names = [
  '<script>alert(1)</script>', '"><img src=x onerror=alert(1)>', "'); DROP TABLE cell; --", '=HYPERLINK("http://evil.dev","x")', '+1+1', '-2+3', '@SUM(A1)', '\t=1', '\r=2',
  '\u001b[31mred\u001b[0m\u001b]0;title\u0007', 'a\u0000b\u0008c', '\u202eevil\u202c', '\u2066x\u2069', '{{url}} {{#mark}}', '../../../etc/passwd', 'a/../b', 'CON', '%2e%2e%2f',
  ']]><x/>', '&amp;&#x3c;', '\ufeffbom', '\u{1f9ff}'.repeat(60), 'x'.repeat(290), '${7*7} `id` $(id)', '\n# heading\n[a](javascript:alert(1))', '\ud800',
];
const links = ['javascript:alert(1)', 'https://ok.dev/"onclick="x', 'data:text/html,<script>alert(1)</script>', 'https://evil.dev/\u202e', 'http://[', 'https://me:pw@evil.dev/'];
const listed = ['https://evil.test/<script>', 'https://evil.test/mcp?x="><script>alert(1)</script>', 'https://evil.test/=cmd|calc', 'https://evil.test/../../x', 'https://evil.test/%00', 'https://evil.test/\u202e'];

// What acts in a terminal, a feed or a table instead of being seen; a newline and a tab may stand in a page.
// A progress line may return to its beginning; nothing else that a terminal obeys is ours to send.
const ordering = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/;
const acting = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/;

function hostileServer() {
  const server = createServer(async (request, response) => {
    const parts = [];
    for await (const part of request) parts.push(part);
    const i = Number(request.url.slice(2)) || 0;
    const name = names[i % names.length];
    if (i % 3 === 2) return response.writeHead(500, { 'Content-Type': 'text/html' }).end(`<h1>${name}</h1>\u001b[2J<script>alert(1)</script>`);
    if (request.method !== 'POST') return response.writeHead(405).end();
    const { id, method } = JSON.parse(Buffer.concat(parts).toString());
    if (id === undefined) return response.writeHead(202).end();
    const result = method === 'initialize' ? { protocolVersion: '2025-06-18', capabilities: { tools: {}, [name]: {} }, serverInfo: { name, version: name } }
      : { tools: [{ name, description: name, inputSchema: { type: 'object', properties: { [name]: { description: name } } } }] };
    response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify({ jsonrpc: '2.0', id, result }));
  });
  return new Promise((ready) => server.listen(0, '127.0.0.1', () => ready(server)));
}

// Cells of a CSV (RFC 4180).
function cells(text) {
  const out = [];
  let cell = '', quoted = false;
  for (let i = 0; i < text.length; i += 1) {
    const c = text[i];
    if (quoted && c === '"' && text[i + 1] === '"') { cell += '"'; i += 1; } else if (c === '"') quoted = !quoted;
    else if (!quoted && (c === ',' || c === '\n' || c === '\r')) { out.push(cell); cell = ''; } else cell += c;
  }
  assert.ok(!quoted, 'a quoted cell ends');
  return [...out, cell];
}

test('hostile names go through intake, store, site and check, and break nothing', { timeout: 120_000 }, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'rollcall-names-'));
  const server = await hostileServer();
  const config = join(folder, 'rollcall.json'), db = join(folder, 'store.sqlite'), site = join(folder, 'site');
  const url = (i) => `http://127.0.0.1:${server.address().port}/s${i}`;
  try {
    await writeFile(config, JSON.stringify({ contact: 'mailto:operator@example.com', probe: { retry_after_ms: 50 }, politeness: { per_site_per_second: 100, per_site_burst: 100, per_site_connections: 30, per_address_per_second: 500 }, dns: { servers: '127.0.0.1:9', timeout_ms: 100, tries: 1 } }));
    await writeFile(join(folder, 'registries.json'), JSON.stringify({ registries: [{ id: 'shady', name: '<b>Shady</b> =1+1', kind: 'mcp-registry', url: 'registry.json' }] }));
    const row = (name, i, remote) => ({ server: { name, title: name, description: name, version: name, repository: { url: links[i % links.length] }, websiteUrl: links[(i + 1) % links.length], remotes: [{ type: name, url: remote }] } });
    await writeFile(join(folder, 'registry.json'), JSON.stringify({ servers: [...names.map((n, i) => row(n, i, url(i))), ...listed.map((u, i) => row(`listed ${i}`, i, u)), ...names.map((n) => n)], metadata: {} }));

    const intake = await auditor('intake', '--config', config, '--db', db, '--at', '2026-11-21T02:30:00Z', '--allow-private');
    assert.equal(intake.code, 0, intake.stderr);
    const book = await auditor('intake', '--config', config, '--db', db, '--at', '2026-11-21T02:30:00Z', '--allow-private', '--json');
    const counted = JSON.parse(book.stdout).all;
    assert.equal(counted.rows, 2 * names.length + listed.length);
    assert.equal(counted.rows, counted.rejected + counted.superseded + counted.deleted + counted.repeated + counted.listings);
    for (const day of [21]) {
      const night = await auditor('run', '--config', config, '--db', db, '--at', `2026-11-${day}T02:30:00Z`, '--allow-private');
      assert.equal(night.code, 0, night.stderr);
      for (const told of [night, intake, book]) assert.doesNotMatch(told.stdout + told.stderr, ordering, 'nothing acts on a terminal');
    }
    for (const i of [0, 9, 11]) {
      for (const how of [[], ['--trace'], ['--plugin']]) {
        const told = await auditor('check', url(i), '--config', config, '--allow-private', ...how);
        assert.doesNotMatch(told.stdout + told.stderr, acting, `check ${how} of ${JSON.stringify(names[i])}`);
      }
    }

    await run(process.env.ROLLCALL_RENDER, ['site', '--db', db, '--out', site, '--base-url', 'http://localhost:8000/']);
    let pages = 0, tables = 0;
    for (const entry of await readdir(site, { recursive: true, withFileTypes: true })) {
      const path = relative(site, join(entry.parentPath, entry.name));
      assert.match(path, /^[A-Za-z0-9._~/-]+$/, 'a path is a path');
      if (!entry.isFile()) continue;
      const text = await readFile(join(site, path), 'utf8');
      if (/\.(html|svg|xml|txt|md|csv)$/.test(path)) assert.doesNotMatch(text.replaceAll('\r\n', '\n'), acting, path);
      if (/\.(html|svg|xml)$/.test(path)) {
        pages += 1;
        assert.ok(!/<script>alert|<img src=x|onerror=alert\(1\)>|<b>Shady/.test(text), path);
        assert.ok(!/href="(?!https?:|mailto:|\.|#|[a-z]+\/|\/)/i.test(text), path);
        assert.ok(!/href="(javascript|data):/i.test(text), path);
      }
      if (path.endsWith('.json')) JSON.parse(text);
      if (path.endsWith('.csv')) {
        tables += 1;
        for (const cell of cells(text)) if (!/^[-+]?[0-9.]+$/.test(cell)) assert.doesNotMatch(cell, /^[=+@\t\r-]/, `${path}: ${cell}`);
      }
      assert.ok(!text.includes('me:pw@'), path);
    }
    assert.ok(pages > names.length && tables > 2, `${pages} pages, ${tables} tables`);
    const store = new DatabaseSync(db, { readOnly: true });
    assert.equal(store.prepare('PRAGMA integrity_check').get().integrity_check, 'ok');
    assert.ok(store.prepare('SELECT count(*) AS n FROM cell').get().n > 0);
    store.close();
  } finally {
    server.closeAllConnections();
    server.close();
    await rm(folder, { recursive: true, force: true });
  }
});
