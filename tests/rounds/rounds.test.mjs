// A crowded host beside many others, several regions in one run, several processes, a budget, a signal: over real
// sockets, and looked at from the servers' side.
import test from 'node:test';
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { auditor } from '../support/fleet.mjs';

const port = 9270;
const { ROLLCALL_AUDIT: audit } = process.env;

// Answers on every address of loopback, as both eras do, and notes who asked for what. An address is a site of its own.
async function startServers({ delay = 0 } = {}) {
  const seen = { requests: [], open: new Map(), most: new Map(), sources: new Set() };
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (piece) => { body += piece; });
    request.on('end', () => {
      const { id, method } = JSON.parse(body || '{}');
      const host = request.socket.localAddress.replace('::ffff:', '');
      seen.requests.push({ at: performance.now(), host, path: request.url, method });
      seen.sources.add(request.socket.remoteAddress.replace('::ffff:', ''));
      const result = method === 'server/discover'
        ? { supportedVersions: ['2026-07-28'], capabilities: { tools: {} }, resultType: 'complete', ttlMs: 60000, cacheScope: 'public',
          _meta: { 'io.modelcontextprotocol/serverInfo': { name: 'one', version: '1' } } }
        : { tools: [{ name: 'look', inputSchema: { type: 'object' } }], resultType: 'complete', ttlMs: 60000, cacheScope: 'public' };
      const text = JSON.stringify({ jsonrpc: '2.0', id, result });
      const open = (seen.open.get(host) ?? 0) + 1;
      seen.open.set(host, open);
      seen.most.set(host, Math.max(seen.most.get(host) ?? 0, open));
      setTimeout(() => {
        seen.open.set(host, seen.open.get(host) - 1);
        response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(text) }).end(text);
      }, delay);
    });
  });
  await new Promise((resolve) => server.listen(port, '0.0.0.0', resolve));
  return { seen, stop: () => { server.closeAllConnections(); return new Promise((resolve) => server.close(resolve)); } };
}

const crowded = '127.88.0.1';
const crowd = (n) => Array.from({ length: n }, (_, i) => `http://${crowded}:${port}/mcp/${i}`);
const others = (n) => Array.from({ length: n }, (_, i) => `http://127.89.${i >> 8}.${(i & 255) + 1}:${port}/mcp`);

async function prepare(urls, { probe = {}, politeness = {}, regions = [] } = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'rollcall-rounds-'));
  await mkdir(join(folder, 'config'));
  await writeFile(join(folder, 'config/rollcall.json'), JSON.stringify({ site_name: 'Rounds', base_url: 'http://localhost:8000/', contact: 'mailto:operator@example.com',
    probe: { connect_ms: 6000, tls_ms: 6000, first_byte_ms: 20_000, total_ms: 40_000, slow_ms: 20_000, retry_after_ms: 100, ...probe }, politeness }));
  if (regions.length > 0) await writeFile(join(folder, 'config/regions.json'), JSON.stringify({ regions }));
  await writeFile(join(folder, 'list.txt'), urls.join('\n') + '\n');
  const db = join(folder, 'store.sqlite');
  const args = (command, ...more) => [command, '--config', join(folder, 'config/rollcall.json'), '--db', db, '--registry', `file:${join(folder, 'list.txt')}`, '--allow-private', '--at', '2026-11-11T02:30:00Z', ...more];
  return { folder, db, args, end: () => rm(folder, { recursive: true, force: true }) };
}

// Rows as arrays of their columns.
function ask(db, sql) {
  const store = new DatabaseSync(db, { readOnly: true });
  try {
    return store.prepare(sql).all().map((row) => Object.values(row));
  } finally {
    store.close();
  }
}

const cells = (db) => ask(db, 'SELECT g.code AS a, e.url AS b, r.code AS c FROM cell c JOIN region g ON g.id = c.region_id JOIN endpoint e ON e.id = c.endpoint_id JOIN reason r ON r.id = c.reason_id ORDER BY 1, 2');
const verdicts = (db) => ask(db, 'SELECT e.url AS a, s.code AS b FROM verdict v JOIN endpoint e ON e.id = v.endpoint_id JOIN state s ON s.id = v.state_id ORDER BY 1');

test('150 endpoints of one host beside 150 others: its rate is kept, and nobody else waits for it', { timeout: 180_000 }, async (t) => {
  const perSecond = 60, requestsOfOne = 4, burst = 4;
  const servers = await startServers();
  const round = await prepare([...crowd(150), ...others(150)], { politeness: { per_site_per_second: perSecond, per_address_per_second: 10_000 } });
  try {
    const done = await auditor(...round.args('run'));
    assert.equal(done.code, 0, done.stderr);
    assert.deepEqual(cells(round.db).filter(([, , why]) => why !== 'ok'), []);
    const first = servers.seen.requests[0].at;
    const starts = (host) => servers.seen.requests.filter((r) => (r.host === crowded) === host && r.method === 'server/discover').map((r) => (r.at - first) / 1000);
    const [ofCrowd, ofOthers] = [starts(true), starts(false)];
    assert.equal(ofCrowd.length, 150);
    assert.equal(ofOthers.length, 150);
    // When the n-th begins, n requests' worth of tokens have come: a moment is allowed for the way of the packets.
    const bound = (149 * requestsOfOne - burst + requestsOfOne) / perSecond;
    const took = ofCrowd.at(-1) - ofCrowd[0];
    t.diagnostic(`bound ${bound.toFixed(1)} s, taken ${took.toFixed(1)} s, the others done after ${ofOthers.at(-1).toFixed(1)} s`);
    assert.ok(took >= bound - 1, `${took} s for what the rate allows in ${bound} s`);
    assert.ok(servers.seen.most.get(crowded) <= 4, `${servers.seen.most.get(crowded)} requests at once`);
    // The order in which they came says who waited for whom.
    const lastOther = servers.seen.requests.findLastIndex((r) => r.host !== crowded);
    const crowdBefore = servers.seen.requests.slice(0, lastOther).filter((r) => r.host === crowded && r.method === 'server/discover').length;
    assert.ok(crowdBefore < 140, `the last of the others came after ${crowdBefore} of the crowd`);
  } finally {
    await servers.stop();
    await round.end();
  }
});

test('three regions are one Rollcall: one scheduler, one rate, the same verdicts', { timeout: 180_000 }, async () => {
  const servers = await startServers({ delay: 30 });
  const regions = [1, 2, 3].map((n) => ({ id: `r${n}`, city: `City ${n}`, country: 'DE', egress: 'bind', bind_address: `127.66.0.${n}` }));
  const round = await prepare([...crowd(12), ...others(12)], { regions, politeness: { per_site_per_second: 400, per_address_per_second: 10_000 } });
  try {
    const done = await auditor(...round.args('run'));
    assert.equal(done.code, 0, done.stderr);
    assert.equal(cells(round.db).length, 72);
    assert.deepEqual([...servers.seen.sources].sort(), regions.map((r) => r.bind_address));
    assert.ok(servers.seen.most.get(crowded) <= 4, `${servers.seen.most.get(crowded)} requests at once, from all regions`);
    // The regions of one endpoint follow one another: none of the crowd is begun before the one before has all three.
    const order = servers.seen.requests.filter((r) => r.host === crowded && r.method === 'server/discover').map((r) => r.path);
    const firsts = order.filter((path, i) => order.indexOf(path) === i);
    for (const [i, path] of firsts.entries()) assert.ok(order.lastIndexOf(path) < 3 * (i + 1) + 4, `${path} waited for its regions`);
  } finally {
    await servers.stop();
    await round.end();
  }
});

test('what the budget does not allow is U, said, and comes first in the next round', { timeout: 180_000 }, async () => {
  const servers = await startServers();
  const round = await prepare([...crowd(40), ...others(5)], { probe: { budget_ms: 3000 }, politeness: { per_site_per_second: 20, per_address_per_second: 10_000 } });
  try {
    const first = await auditor(...round.args('run'));
    assert.equal(first.code, 0, first.stderr);
    const missed = cells(round.db).filter(([, , why]) => why === 'budget').map(([, url]) => url);
    assert.ok(missed.length > 0 && missed.length < 40, `${missed.length} of 40`);
    assert.match(first.stderr, new RegExp(`${missed.length} endpoints of 1 site were not reached in time \\(127\\.88\\.0\\.1 ${missed.length}\\); they come first in the next round`));
    servers.seen.requests.length = 0;
    const args = round.args('run');
    args[args.indexOf('2026-11-11T02:30:00Z')] = '2026-11-12T02:30:00Z';
    const second = await auditor(...args);
    assert.equal(second.code, 0, second.stderr);
    const asked = servers.seen.requests.filter((r) => r.host === crowded && r.method === 'server/discover').map((r) => `http://${crowded}:${port}${r.path}`);
    assert.ok(asked.length > 0);
    assert.deepEqual(asked.slice(0, missed.length).filter((url) => !missed.includes(url)), []);
  } finally {
    await servers.stop();
    await round.end();
  }
});

test('three processes measure what one does, and leave nothing behind', { timeout: 180_000 }, async () => {
  const servers = await startServers();
  const politeness = { per_site_per_second: 400, per_address_per_second: 10_000 };
  const [one, three] = [await prepare([...crowd(10), ...others(30)], { politeness }), await prepare([...crowd(10), ...others(30)], { politeness })];
  try {
    assert.equal((await auditor(...one.args('run'))).code, 0);
    const asked = servers.seen.requests.length;
    const done = await auditor(...three.args('run', '--jobs', '3'));
    assert.equal(done.code, 0, done.stderr);
    assert.deepEqual(cells(three.db), cells(one.db));
    assert.deepEqual(verdicts(three.db), verdicts(one.db));
    assert.equal(servers.seen.requests.length, 2 * asked);
    assert.ok(servers.seen.most.get(crowded) <= 4);
    assert.deepEqual((await readdir(three.folder)).filter((name) => name.includes('.part-')), []);
    for (const bad of ['0/3', '4/3', 'x', '1/65']) {
      const refused = await auditor(...three.args('probe', '--shard', bad));
      assert.equal(refused.code, 2, refused.stderr);
      assert.match(refused.stderr, /--shard: ".*", expected I\/N/);
    }
  } finally {
    await servers.stop();
    await one.end();
    await three.end();
  }
});

for (const jobs of ['1', '2'])
  test(`a signal ends a round of ${jobs} process${jobs === '1' ? '' : 'es'}; the next start goes on where it was`, { timeout: 180_000 }, async () => {
    const servers = await startServers({ delay: 30 });
    const urls = [...crowd(40), ...others(40)];
    const round = await prepare(urls, { probe: { concurrency: 4 }, politeness: { per_site_per_second: 80, per_address_per_second: 10_000 } });
    try {
      const child = spawn(audit, round.args('run', '--jobs', jobs), { stdio: ['ignore', 'ignore', 'pipe'] });
      let stderr = '';
      child.stderr.on('data', (text) => { stderr += text; });
      const ended = new Promise((resolve) => child.on('close', (code, signal) => resolve(signal ?? code)));
      while (servers.seen.requests.length < 60) await new Promise((resolve) => setTimeout(resolve, 20));
      child.kill('SIGINT');
      assert.equal(await ended, 3, stderr);
      assert.match(stderr, /interrupted; what was measured is stored/);
      const stored = cells(round.db);
      assert.ok(stored.length > 0 && stored.length < urls.length, `${stored.length} cells`);
      const before = servers.seen.requests.length;
      const again = await auditor(...round.args('run', '--jobs', jobs));
      assert.equal(again.code, 0, again.stderr);
      assert.equal(cells(round.db).length, urls.length);
      assert.deepEqual(cells(round.db).filter(([, , why]) => why !== 'ok'), []);
      assert.equal(verdicts(round.db).length, urls.length);
      // Two requests each, and two for the metadata of a server that is new to us: nobody is asked again for what is stored.
      assert.equal(servers.seen.requests.length - before, 4 * (urls.length - stored.length));
    } finally {
      await servers.stop();
      await round.end();
    }
  });

test('a process that is killed is named; what it stored is kept, and its part goes on the next time', { timeout: 180_000 }, async () => {
  const servers = await startServers({ delay: 30 });
  const urls = others(80);
  const round = await prepare(urls, { probe: { concurrency: 4 } , politeness: { per_site_per_second: 80, per_address_per_second: 10_000 } });
  try {
    const child = spawn(audit, round.args('run', '--jobs', '2'), { stdio: ['ignore', 'ignore', 'pipe'] });
    let stderr = '';
    child.stderr.on('data', (text) => { stderr += text; });
    const ended = new Promise((resolve) => child.on('close', (code, signal) => resolve(signal ?? code)));
    while (servers.seen.requests.length < 40) await new Promise((resolve) => setTimeout(resolve, 20));
    const { stdout } = await new Promise((resolve) => {
      const ps = spawn('ps', ['-o', 'pid=,args=', '--ppid', String(child.pid)]);
      let text = '';
      ps.stdout.on('data', (piece) => { text += piece; });
      ps.on('close', () => resolve({ stdout: text }));
    });
    const second = stdout.split('\n').find((line) => line.includes('--shard 2/2'));
    process.kill(Number(second.trim().split(' ')[0]), 'SIGKILL');
    assert.equal(await ended, 3, stderr);
    assert.match(stderr, /part 2\/2 was ended by signal 9; what it had stored is kept/);
    const again = await auditor(...round.args('run', '--jobs', '2'));
    assert.equal(again.code, 0, again.stderr);
    assert.equal(cells(round.db).length, urls.length);
    assert.deepEqual(cells(round.db).filter(([, , why]) => why !== 'ok'), []);
  } finally {
    await servers.stop();
    await round.end();
  }
});
