// What a store meets in its life: a full disk, a file that may not be written, another program, damage. Each time the
// program says what is wrong and with which file, ends with 3, and loses nothing that was stored.
import test, { after, before } from 'node:test';
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { chmod, copyFile, mkdir, mkdtemp, open, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { promisify } from 'node:util';
import { auditor } from '../support/fleet.mjs';
import { startServers } from '../kill/servers.mjs';
import { cells, isSound, opened, stored, verdicts } from '../kill/stores.mjs';

const { ROLLCALL_AUDIT: audit, ROLLCALL_RENDER: render } = process.env;
const count = 30, at = ['--at', '2026-11-01T02:30:00Z'];
let folder, fleet, common, config, listed, whole;

// Like `auditor`, but through a shell that first takes something away from it.
async function under(limits, ...args) {
  const quoted = args.map((a) => `'${a.replaceAll("'", "'\\''")}'`).join(' ');
  try {
    const { stdout, stderr } = await promisify(execFile)('bash', ['-c', `${limits} ${audit} ${quoted}`]);
    return { code: 0, stdout, stderr };
  } catch (e) {
    return { code: e.code, stdout: e.stdout, stderr: e.stderr };
  }
}

async function fresh(name, from = listed) {
  const file = join(folder, name);
  for (const end of ['', '-wal', '-shm']) await rm(file + end, { force: true });
  await copyFile(from, file);
  return file;
}

const ends = (got, message) => {
  assert.equal(got.code, 3, got.stderr);
  assert.ok(got.stderr.includes(`rollcall-audit: ${message}`), got.stderr);
  assert.doesNotMatch(got.stderr, /Sanitizer|terminate called/);
};

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rollcall-storage-'));
  fleet = await startServers(count, 9471, () => 10);
  config = join(folder, 'config', 'rollcall.json');
  await mkdir(join(folder, 'config'));
  await writeFile(config, JSON.stringify({
    site_name: 'Storage', base_url: 'http://localhost:8000/', contact: 'mailto:operator@example.com',
    probe: { retry_after_ms: 50, connect_ms: 20_000, first_byte_ms: 20_000, total_ms: 30_000, slow_ms: 20_000 },
    politeness: { per_site_per_second: 1000, per_site_burst: 1000, per_address_per_second: 1000 },
  }));
  await writeFile(join(folder, 'list.txt'), fleet.urls.map((u) => `${u}\n`).join(''));
  common = ['--config', config, '--registry', `file:${join(folder, 'list.txt')}`, '--allow-private', '--quiet'];
  [listed, whole] = [join(folder, 'listed.sqlite'), join(folder, 'whole.sqlite')];
  assert.equal((await auditor('intake', '--db', listed, ...at, ...common)).code, 0);
  await copyFile(listed, whole);
  assert.equal((await auditor('run', '--db', whole, ...at, ...common)).code, 0);
});

after(async () => {
  await fleet.stop();
  await rm(folder, { recursive: true, force: true });
});

// Resumed, the round ends as if nothing had happened.
async function endsWell(file) {
  await opened(file, isSound);
  const again = await auditor('run', '--db', file, ...at, ...common);
  assert.equal(again.code, 0, again.stderr);
  assert.deepEqual(await opened(file, (db) => [cells(db), verdicts(db)]), await opened(whole, (db) => [cells(db), verdicts(db)]));
}

test('a file that may not grow ends the run, and nothing that was stored is lost', async () => {
  const file = await fresh('limited.sqlite');
  const got = await under('ulimit -f 40;', 'run', '--db', file, ...at, ...common);
  ends(got, `${file}: cannot be read or written: `);
  assert.match(got.stderr, /: (File too large|disk I\/O error); what was stored before is kept$/m);
  await endsWell(file);
});

test('a full disk ends the run, and nothing that was stored is lost', async (t) => {
  const disk = join(folder, 'disk');
  await mkdir(disk);
  const file = join(disk, 'store.sqlite');
  const room = Math.ceil((await stat(listed)).size / 1024) + 100;
  // The disk is gone with its namespace: what was on it is copied out.
  const script = `mount -t tmpfs -o size=${room}k tmpfs ${disk} || exit 90; cp ${listed} ${file}; ${audit} "$@"; code=$?; cp ${disk}/* ${folder}/out/; exit $code`;
  await mkdir(join(folder, 'out'));
  const child = spawn('unshare', [process.getuid() === 0 ? '-m' : '-rm', 'bash', '-c', script, 'bash', 'run', '--db', file, ...at, ...common], { stdio: ['ignore', 'ignore', 'pipe'] });
  let stderr = '';
  child.stderr.on('data', (text) => { stderr += text; });
  const code = await new Promise((resolve) => { child.on('close', resolve); child.on('error', () => resolve(90)); });
  if (code === 90 || /unshare/.test(stderr)) return t.skip('no disk of its own may be mounted here');
  ends({ code, stderr }, `${file}: cannot be written: the disk is full; what was stored before is kept`);
  return endsWell(join(folder, 'out', 'store.sqlite'));
});

test('a file that may not be written is refused before anything is sent', async () => {
  const file = await fresh('readonly.sqlite');
  await chmod(file, 0o444);
  const asked = fleet.count();
  // root may write everywhere, unless that is taken from it.
  const got = await under(process.getuid() === 0 ? 'exec setpriv --bounding-set=-dac_override --inh-caps=-dac_override' : '', 'run', '--db', file, ...at, ...common);
  ends(got, `${file}: cannot be opened for writing: Permission denied`);
  assert.equal(fleet.count(), asked);
});

test('another program that holds the lock is waited for, and then named', async () => {
  const file = await fresh('locked.sqlite', whole);
  const db = new DatabaseSync(file);
  db.exec('BEGIN IMMEDIATE');
  const got = await auditor('judge', '--db', file, ...at, ...common);
  db.exec('ROLLBACK');
  db.close();
  ends(got, `${file}: is locked: another program is writing to it; what was stored before is kept`);
  assert.equal((await auditor('judge', '--db', file, ...at, ...common)).code, 0);
});

test('two runs on one store: the second says so and leaves the first alone', async () => {
  const file = await fresh('shared.sqlite');
  const asked = fleet.count();
  const first = spawn(audit, ['run', '--db', file, ...at, ...common], { stdio: 'ignore' });
  const ended = new Promise((resolve) => first.on('close', resolve));
  // At work, and so long stopped.
  await new Promise((resolve) => { const end = fleet.watch((n) => { if (n > asked) { end(); resolve(); } }); });
  first.kill('SIGSTOP');
  for (const [command, ...options] of [['run', '--db', file, ...at, ...common], ['judge', '--db', file, ...at, ...common], ['prune', '--db', file, '--config', config],
    ['merge', '--into', file, whole]]) {
    ends(await auditor(command, ...options), `${file}: another run is using this store; wait for it to end, or give this one a file of its own`);
  }
  first.kill('SIGCONT');
  assert.equal(await ended, 0);
  await endsWell(file);
});

test('what is no store, damaged or of another program is refused by name and not touched', async () => {
  const made = async (name, make) => {
    const file = join(folder, name);
    await make(file);
    return file;
  };
  const letter = await made('letter.txt', (f) => writeFile(f, 'Dear reader, '.repeat(500)));
  const foreign = await made('foreign.sqlite', (f) => { const db = new DatabaseSync(f); db.exec('CREATE TABLE t (x)'); db.close(); });
  const newer = await fresh('newer.sqlite', whole);
  { const db = new DatabaseSync(newer); db.exec('PRAGMA user_version = 999'); db.close(); }
  const damaged = await fresh('damaged.sqlite', whole);
  const pages = new DatabaseSync(damaged);
  const { rootpage } = pages.prepare("SELECT rootpage FROM sqlite_schema WHERE name = 'cell'").get();
  pages.close();
  const file = await open(damaged, 'r+');
  await file.write(Buffer.alloc(4096, 0x5a), 0, 4096, (rootpage - 1) * 4096);
  await file.close();

  for (const [store, message] of [
    [letter, 'not a Rollcall store (file is not a database)'],
    [foreign, "not a Rollcall store (another program's database, or an empty file)"],
    [newer, 'the store has schema version 999, this program knows '],
    [damaged, 'is damaged (database disk image is malformed); take an older copy'],
  ]) {
    const bytes = await readFile(store);
    ends(await auditor('judge', '--db', store, ...at, ...common), `${store}: ${message}`);
    assert.deepEqual(await readFile(store), bytes, store);
  }
  ends(await auditor('judge', '--db', folder, ...at, ...common), `${folder}: cannot be opened for writing: Is a directory`);
});

test('an unfinished round is pruned and published without harm, and goes on', async () => {
  const file = await fresh('unfinished.sqlite', whole);
  const half = new DatabaseSync(file);
  half.exec("DELETE FROM cell WHERE endpoint_id % 2 = 0; DELETE FROM verdict; DELETE FROM night; UPDATE round SET state = 'probed'");
  half.close();
  const left = await opened(file, stored);
  const copy = join(folder, 'published.sqlite');
  const got = await auditor('prune', '--db', file, '--config', config, '--out', copy, '--at', '2027-11-01T00:00:00Z');
  assert.equal(got.code, 0, got.stderr);
  assert.match(got.stdout, /^removed: /m);
  assert.match(got.stdout, /^.*published\.sqlite: \d+\.\d MiB, for others to read$/m);
  assert.deepEqual(await opened(file, stored), left);
  assert.deepEqual(await opened(copy, cells), await opened(file, cells));
  assert.ok(!existsSync(`${copy}-wal`));
  await endsWell(file);
});

test('a round probed in three parts makes the same site in whatever order they are merged', async () => {
  const into = await fresh('order.sqlite');
  const parts = [1, 2, 3].map((i) => join(folder, `part-${i}.sqlite`));
  assert.equal((await auditor('shard', '--db', into, ...parts.flatMap((p) => ['--out', p]))).code, 0);
  for (const [i, part] of parts.entries()) {
    const got = await auditor('probe', '--db', part, '--shard', `${i + 1}/3`, ...at, ...common);
    assert.equal(got.code, 0, got.stderr);
  }
  const sites = [];
  for (const order of [parts, parts.toReversed(), [parts[1], parts[0], parts[2], parts[1]]]) {
    const db = await fresh('order.sqlite');
    for (const part of order) {
      const got = await auditor('merge', '--into', db, part);
      assert.equal(got.code, 0, got.stderr);
    }
    assert.equal((await auditor('judge', '--db', db, ...at, ...common)).code, 0);
    assert.deepEqual(await opened(db, (d) => [cells(d), verdicts(d)]), await opened(whole, (d) => [cells(d), verdicts(d)]));
    const out = join(folder, `site-${sites.length}`);
    await promisify(execFile)(render, ['site', '--db', db, '--out', out, '--base-url', 'http://localhost:8000/', '--now', '2026-11-01T06:00:00Z']);
    sites.push(out);
  }
  for (const other of sites.slice(1)) await promisify(execFile)('diff', ['-r', '-x', '.rollcall-files', sites[0], other]);
});
