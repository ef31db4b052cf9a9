// What an owner asks to have removed is gone: from the store's bytes, from the site, and from the next night's list.
import test from 'node:test';
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { promisify } from 'node:util';
import { inflateSync } from 'node:zlib';
import { auditor, readJson } from '../support/fleet.mjs';

const run = promisify(execFile);

// Two servers on one port, told apart by path. What each says of itself is found in the store as long as it is there.
function start() {
  const server = createServer(async (request, response) => {
    const parts = [];
    for await (const part of request) parts.push(part);
    const who = request.url.split('/')[1];
    if (who === 'broken') return response.writeHead(500, { 'Content-Type': 'text/plain' }).end('quetzalcoatl was here');
    if (request.method !== 'POST') return response.writeHead(405).end();
    const { id, method } = JSON.parse(Buffer.concat(parts).toString());
    if (id === undefined) return response.writeHead(202).end();
    const result = method === 'initialize' ? { protocolVersion: '2025-06-18', capabilities: { tools: {} }, serverInfo: { name: `${who}-axolotl`, version: '1' } }
      : { tools: [{ name: `${who}_tapir`, description: `${who} okapi`, inputSchema: { type: 'object' } }] };
    response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify({ jsonrpc: '2.0', id, result }));
  });
  return new Promise((ready) => server.listen(0, '127.0.0.1', () => ready(server)));
}

// The bytes of the store and of what stands beside it, blobs inflated where they can be.
async function everything(folder) {
  const parts = [];
  for (const name of (await readdir(folder)).filter((n) => n.startsWith('store.sqlite'))) parts.push(await readFile(join(folder, name), 'latin1'));
  const db = new DatabaseSync(join(folder, 'store.sqlite'), { readOnly: true });
  for (const { name } of db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all())
    for (const row of db.prepare(`SELECT * FROM ${name}`).all())
      for (const value of Object.values(row))
        if (value instanceof Uint8Array) try { parts.push(inflateSync(value).toString('latin1')); } catch { /* not deflated */ }
  db.close();
  return parts.join('\n');
}

test('forget erases every trace but the place of the badge, and the server stays away', { timeout: 60_000 }, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'rollcall-forget-'));
  const server = await start();
  const port = server.address().port;
  const of = (who) => `http://localhost:${port}/${who}/mcp`;
  const config = join(folder, 'rollcall.json'), db = join(folder, 'store.sqlite'), site = join(folder, 'site');
  const row = (who) => ({ server: { name: `org.${who}/pangolin`, title: `${who} Numbat`, description: `${who} aardvark`, version: '1.0.0', remotes: [{ type: 'streamable-http', url: of(who) }] } });
  const night = (day) => auditor('run', '--config', config, '--db', db, '--at', `2026-11-${day}T02:30:00Z`, '--allow-private', '--quiet');
  const forget = (target, ...more) => auditor('forget', target, '--why', 'asked by mail, who@vendor.com', '--config', config, '--db', db, '--at', '2026-11-22T12:00:00Z', ...more);
  const publish = async () => { await run(process.env.ROLLCALL_RENDER, ['site', '--db', db, '--out', site, '--base-url', 'http://localhost:8000/']); };
  try {
    await writeFile(config, JSON.stringify({ contact: 'mailto:operator@example.com', probe: { retry_after_ms: 50 }, politeness: { per_site_per_second: 100, per_site_burst: 100, per_site_connections: 30, per_address_per_second: 500 } }));
    await writeFile(join(folder, 'registries.json'), JSON.stringify({ registries: [{ id: 'one', name: 'One', kind: 'mcp-registry', url: 'registry.json' }] }));
    await writeFile(join(folder, 'registry.json'), JSON.stringify({ servers: ['kept', 'leaver', 'broken'].map(row), metadata: {} }));
    for (const day of [20, 21]) assert.equal((await night(day)).code, 0);
    const before = await everything(folder);
    for (const word of ['leaver-axolotl', 'leaver_tapir', 'leaver okapi', 'leaver Numbat', 'leaver aardvark', 'quetzalcoatl']) assert.ok(before.includes(word), word);
    await publish();
    const slugs = Object.fromEntries((await readJson(join(site, 'api/v1/servers.json'))).servers.map((s) => [s.slug.split('/')[1], s.slug]));

    const dry = await forget(of('leaver'), '--dry-run');
    assert.equal(dry.code, 0, dry.stderr);
    assert.match(dry.stdout, /would be removed: .*1 endpoints.*2 cells/s);
    assert.ok((await everything(folder)).includes('leaver aardvark'), 'a dry run removes nothing');
    await assert.rejects(readFile(join(folder, 'opt-out.txt')));

    for (const who of ['leaver', 'broken']) {
      const done = await forget(of(who));
      assert.equal(done.code, 0, done.stderr);
      assert.match(done.stdout, /^removed: /m);
      assert.doesNotMatch(done.stdout, /\u001b/);
    }
    const after = await everything(folder);
    for (const word of ['leaver-axolotl', 'leaver_tapir', 'leaver okapi', 'leaver Numbat', 'leaver aardvark', 'org.leaver', 'broken aardvark', 'quetzalcoatl', 'who@vendor.com', of('leaver')])
      assert.ok(!after.includes(word), `"${word}" is still in the store`);
    for (const word of ['kept-axolotl', 'kept_tapir', 'kept aardvark']) assert.ok(after.includes(word), `"${word}" is gone with them`);
    assert.match(await readFile(join(folder, 'opt-out.txt'), 'utf8'), new RegExp(`^${of('leaver')} +# 2026-11-22: asked by mail, who@vendor.com$`, 'm'));

    await publish();
    const names = (await readJson(join(site, 'api/v1/servers.json'))).servers.map((s) => s.name);
    assert.deepEqual(names, ['kept Numbat']);
    const badge = await readFile(join(site, `badge/${slugs.leaver}.svg`), 'utf8');
    assert.match(badge, /removed at the owner/);
    assert.doesNotMatch(badge, /leaver/);
    assert.match(await readFile(join(site, `servers/${slugs.leaver}/index.html`), 'utf8'), /no longer on the roll/);
    await assert.rejects(readFile(join(site, `api/v1/servers/${slugs.leaver}.json`)));

    // The registry still lists it; the next night neither asks it nor writes it down.
    const next = await night(23);
    assert.equal(next.code, 0, next.stderr);
    const later = await everything(folder);
    for (const word of ['leaver Numbat', 'leaver aardvark', 'leaver-axolotl', of('leaver')]) assert.ok(!later.includes(word), `"${word}" came back`);
    const again = await forget(of('leaver'));
    assert.match(again.stdout, /is there already/);
    assert.match(again.stdout, /nothing about it was stored/);
    const log = new DatabaseSync(db, { readOnly: true });
    const lines = log.prepare("SELECT detail FROM operator_log WHERE what = 'forget'").all().map((l) => l.detail);
    log.close();
    assert.equal(lines.length, 2);
    assert.match(lines[0], /1 endpoints/);
  } finally {
    server.closeAllConnections();
    server.close();
    await rm(folder, { recursive: true, force: true });
  }
});

test('forget refuses what names nobody, or everybody', { timeout: 30_000 }, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'rollcall-forget-'));
  const config = join(folder, 'rollcall.json'), db = join(folder, 'store.sqlite');
  try {
    await writeFile(config, '{}');
    new DatabaseSync(db).close();
    const cases = [
      ['com', /is everybody below \.com/],
      ['co.uk', /is everybody below \.co\.uk/],
      ['onrender.com', /is a platform on which many host/],
      ['vendor.com/mcp', /expected a URL, a host or a site/],
      ['https://', /expected a URL, a host or a site/],
      ['two words', /expected a URL, a host or a site/],
    ];
    for (const [target, expected] of cases) {
      const got = await auditor('forget', target, '--why', 'x', '--config', config, '--db', db);
      assert.equal(got.code, 2, `${target}: ${got.stderr}`);
      assert.match(got.stderr, expected);
      await assert.rejects(readFile(join(folder, 'opt-out.txt')), target);
    }
    const silent = await auditor('forget', 'vendor.com', '--why', ' \n', '--config', config, '--db', db);
    assert.equal(silent.code, 2);
    assert.match(silent.stderr, /--why: "", expected/);
    const nowhere = await auditor('forget', 'vendor.com', '--why', 'x', '--config', config, '--db', join(folder, 'none.sqlite'));
    assert.equal(nowhere.code, 2);
    assert.match(nowhere.stderr, /none\.sqlite.*does not exist/);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
