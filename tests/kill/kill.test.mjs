// Killed at any moment, without a warning: what was stored stays, the next start goes on from there, and in the end
// nothing tells the store from one that was never disturbed.
import test from 'node:test';
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { auditor } from '../support/fleet.mjs';
import { startServers } from './servers.mjs';
import { cells, done, isSound, opened, stored, verdicts } from './stores.mjs';

const { ROLLCALL_AUDIT: audit } = process.env;
const port = 9470, servers = 30, kills = 50;
const seed = Number(process.env.ROLLCALL_SEED ?? 6);

// Mulberry32: the same moments for the same seed, as far as a machine can be asked for moments.
function randomFrom(state) {
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

async function prepare(folder, urls) {
  const config = join(folder, 'config');
  await mkdir(config, { recursive: true });
  await writeFile(join(config, 'rollcall.json'), JSON.stringify({
    site_name: 'Kill', base_url: 'http://localhost:8000/', contact: 'mailto:operator@example.com',
    probe: { concurrency: 6, retry_after_ms: 50, connect_ms: 20_000, first_byte_ms: 20_000, total_ms: 30_000, slow_ms: 20_000 },
    politeness: { per_site_per_second: 1000, per_site_burst: 1000, per_address_per_second: 1000 },
  }));
  await writeFile(join(config, 'regions.json'), JSON.stringify({ regions: [{ id: 'east', city: '', country: '', egress: 'direct' }, { id: 'west', city: '', country: '', egress: 'direct' }] }));
  const list = join(folder, 'list.txt');
  await writeFile(list, urls.map((u) => `${u}\n`).join(''));
  return ['--config', join(config, 'rollcall.json'), '--registry', `file:${list}`, '--allow-private', '--quiet'];
}

// Starts the auditor and kills it once `when` resolves. True if it was killed, false if it had ended by itself.
async function killed(args, when) {
  const child = spawn(audit, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  let stderr = '';
  child.stderr.on('data', (text) => { stderr += text; });
  const ended = new Promise((resolve) => child.on('close', (code, signal) => resolve({ code, signal })));
  await Promise.race([when, ended]);
  child.kill('SIGKILL');
  const { code, signal } = await ended;
  if (signal === 'SIGKILL') return true;
  assert.equal(code, 0, stderr);
  return false;
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const night = (n) => `2026-11-${String(n).padStart(2, '0')}`;

test(`a round killed ${kills} times ends as one that was never disturbed`, { timeout: 180_000 }, async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'rollcall-kill-'));
  const fleet = await startServers(servers, port, (index) => 5 + (index * 7) % 20);
  const random = randomFrom(seed);
  try {
    const common = await prepare(folder, fleet.urls);
    const run = (db, n) => ['run', '--db', db, '--at', `${night(n)}T02:30:00Z`, ...common];
    const disturbed = join(folder, 'disturbed.sqlite'), calm = join(folder, 'calm.sqlite');

    let count = 0, n = 1, most = 0;
    let before = [];
    for (; count < kills; n += 1) {
      for (let alive = true; alive && count < kills;) {
        // After so many requests and a moment: within a transaction, between two, before the first, after the last.
        const kind = random(), requests = Math.floor(random() * 90), moment = random() * 400;
        let unwatch = () => {};
        const start = fleet.count();
        const reached = kind < 0.15 ? pause(moment)
          : new Promise((resolve) => { unwatch = fleet.watch((seen) => { if (seen - start >= requests) resolve(); }); }).then(() => pause(moment));
        alive = await killed(run(disturbed, n), reached);
        unwatch();
        if (!alive) break;
        count += 1;
        before = await opened(disturbed, (db) => {
          isSound(db);
          const now = stored(db), known = new Set(now);
          assert.deepEqual(before.filter((cell) => !known.has(cell)), [], 'a stored cell was lost, or measured again');
          return now;
        });
        most = Math.max(most, before.length);
      }
      const last = await auditor(...run(disturbed, n));
      assert.equal(last.code, 0, last.stderr);
      assert.ok(await opened(disturbed, (db) => done(db, night(n))));
    }
    const nights = n - 1;
    for (let i = 1; i <= nights; i += 1) assert.equal((await auditor(...run(calm, i))).code, 0);

    const seen = await opened(disturbed, (db) => { isSound(db); return [cells(db), verdicts(db)]; });
    const expected = await opened(calm, (db) => [cells(db), verdicts(db)]);
    assert.equal(seen[0].length, nights * servers * 2);
    assert.deepEqual(seen[0], expected[0]);
    assert.deepEqual(seen[1], expected[1]);
    t.diagnostic(`${count} kills in ${nights} nights: ${seen[0].length} cells and ${seen[1].length} verdicts as in an undisturbed store`);
  } finally {
    await fleet.stop();
    await rm(folder, { recursive: true, force: true });
  }
});

// A store with a long list, and two parts of its round that were probed elsewhere.
async function inParts(folder, endpoints) {
  const urls = Array.from({ length: endpoints }, (_, i) => `http://127.71.${Math.floor(i / 250)}.${1 + i % 250}/mcp`);
  const common = await prepare(folder, urls);
  const main = join(folder, 'main.sqlite'), parts = [join(folder, 'east.sqlite'), join(folder, 'west.sqlite')];
  const at = ['--at', '2026-11-01T02:30:00Z'];
  assert.equal((await auditor('intake', '--db', main, ...at, ...common)).code, 0);
  const written = await auditor('shard', '--db', main, ...parts.flatMap((p) => ['--out', p]));
  assert.equal(written.code, 0, written.stderr);
  for (const [i, part] of parts.entries()) {
    const db = new DatabaseSync(part);
    db.exec(`INSERT INTO answer (id, http_status, era, transport, protocol, server_name, server_version, capabilities, tool_count, final_url, auth_challenge, detail, warnings, key)
        SELECT endpoint_id, 404, 0, 0, '', 'server ' || endpoint_id, '', '', NULL, '', '', 'part ${i}', '', CAST('key ${i} ' || endpoint_id AS BLOB) FROM frozen;
      INSERT INTO cell (round_id, region_id, endpoint_id, reason_id, step, tries, waited_ms, times, answer_id)
        SELECT round_id, ${i + 1}, endpoint_id, CASE endpoint_id % 3 WHEN 0 THEN 100 ELSE 600 END, 3, 1, 10, x'020202020000', endpoint_id FROM frozen;
      UPDATE round SET state = 'probed';`);
    db.close();
  }
  return { main, parts, common, at };
}

const size = 1000;

test('a merge that is killed has merged everything or nothing; a judging that is killed has judged all or none', { timeout: 180_000 }, async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'rollcall-kill-'));
  const random = randomFrom(seed + 1);
  try {
    const { main, parts, common, at } = await inParts(folder, size);
    const calm = join(folder, 'calm.sqlite'), into = join(folder, 'into.sqlite');
    const timed = async (...args) => {
      const begun = performance.now();
      const got = await auditor(...args);
      assert.equal(got.code, 0, got.stderr);
      return performance.now() - begun;
    };
    await copyFile(main, calm);
    const merging = await timed('merge', '--into', calm, ...parts, ...at);
    const merged = await opened(calm, cells);
    assert.equal(merged.length, 2 * size);

    const outcomes = { none: 0, all: 0 };
    const fresh = async () => {
      for (const end of ['', '-wal', '-shm']) await rm(into + end, { force: true });
      await copyFile(main, into);
    };
    await fresh();
    for (let i = 0; i < 6; i += 1) {
      await killed(['merge', '--into', into, ...parts, ...at], pause(merging * (0.2 + 0.9 * random())));
      const now = await opened(into, (db) => { isSound(db); return cells(db); });
      assert.ok(now.length === 0 || now.length === merged.length, `${now.length} cells of ${merged.length}`);
      outcomes[now.length ? 'all' : 'none'] += 1;
      if (now.length) await fresh();
    }
    await timed('merge', '--into', into, ...parts.toReversed(), ...at);
    assert.deepEqual(await opened(into, cells), merged);

    const judge = (db) => ['judge', '--db', db, ...at, ...common];
    const judging = await timed(...judge(calm));
    const judged = await opened(calm, verdicts);
    assert.equal(judged.length, size);
    const judgings = { none: 0, all: 0 };
    for (let i = 0; i < 6; i += 1) {
      await killed(judge(into), pause(judging * (0.2 + 0.9 * random())));
      const now = await opened(into, (db) => { isSound(db); return verdicts(db); });
      assert.ok(now.length === 0 || now.length === size, `${now.length} verdicts of ${size}`);
      judgings[now.length ? 'all' : 'none'] += 1;
    }
    await timed(...judge(into));
    assert.deepEqual(await opened(into, verdicts), judged);
    t.diagnostic(`merge killed 6 times: nothing ${outcomes.none}, everything ${outcomes.all}; judge killed 6 times: nothing ${judgings.none}, everything ${judgings.all}`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
