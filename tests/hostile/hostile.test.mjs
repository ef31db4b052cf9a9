// The whole fleet many times at once, among a crowd of servers with nothing wrong: whatever strangers do, no probe
// outlasts its deadline, nothing is left open, nobody's verdict changes, and the memory stays small.
import test from 'node:test';
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, readdir, readlink, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { auditor, configure, root, startFleet } from '../support/fleet.mjs';

// What was measured, and some room.
const mostMiB = 200, mostAlone = 16;
const ports = { https: 8463, http: 8100, dns: 5393 };
// Wide apart, as sanitizers on a busy machine are slow; our own lateness is added to the deadline where it is checked.
const limits = { connect_ms: 6000, tls_ms: 10_000, first_byte_ms: 24_000, total_ms: 40_000, slow_ms: 8000, retry_after_ms: 100 };
const { ROLLCALL_AUDIT: sanitized, ROLLCALL_TSAN: tsan, ROLLCALL_RELEASE: release } = process.env;

// The size of a process at its largest, in MiB, and its sockets; undefined once it is gone.
async function sample(pid) {
  try {
    const peak = /VmHWM:\s+(\d+) kB/.exec(await readFile(`/proc/${pid}/status`, 'utf8'));
    const names = await Promise.all((await readdir(`/proc/${pid}/fd`)).map((fd) => readlink(`/proc/${pid}/fd/${fd}`).catch(() => '')));
    return peak && { mib: Number(peak[1]) / 1024, sockets: names.filter((n) => n.startsWith('socket:')).length };
  } catch {
    return undefined;
  }
}

// Runs a round and watches it from outside.
async function watched(program, args) {
  const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  let stderr = '', mib = 0, mostSockets = 0;
  child.stderr.on('data', (text) => { stderr += text; });
  const ended = new Promise((resolve) => child.on('close', (code, signal) => resolve(signal ?? code)));
  let running = true;
  ended.then(() => { running = false; });
  while (running) {
    const now = await sample(child.pid);
    if (now) [mib, mostSockets] = [Math.max(mib, now.mib), Math.max(mostSockets, now.sockets)];
    await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, 100))]);
  }
  return { code: await ended, stderr, mib, mostSockets };
}

// How long the peers take: those in good health for each of their four answers, and those that are slow by plan.
const brisk = { slow_ms: limits.slow_ms, healthy: 1500, slow: 9000 };
// Two thousand in flight need not be many a second, where their peers share the machine.
const leisurely = { slow_ms: 15_000, healthy: 3000, slow: 16_500 };

async function roundOver(t, program, { copies, healthy, concurrency, processes = 1, pace = brisk, fleet = [] }, look) {
  const folder = await mkdtemp(join(tmpdir(), 'rollcall-hostile-'));
  const servers = await startFleet(folder, ports, '--copies', String(copies), '--healthy', String(healthy), '--healthy-delay-ms', String(pace.healthy), '--slow-ms', String(pace.slow), '--processes', String(processes), ...fleet);
  try {
    const config = await configure(folder, servers, { ...limits, slow_ms: pace.slow_ms, concurrency }, { timeout_ms: 5000, tries: 3 });
    const db = join(folder, 'store.sqlite');
    const done = await watched(program, ['run', '--config', config, '--db', db, '--at', '2026-11-11T02:30:00Z', '--allow-private']);
    const line = done.stderr.match(/(\d+) endpoints, (\d+) answered, at most (\d+) in flight, the longest probe (\d+) ms, our own worst delay (\d+) ms/);
    assert.equal(done.code, 0, done.stderr.slice(-4000));
    assert.ok(line, done.stderr.slice(-4000));
    const [endpoints, , inFlight, longest, delay] = line.slice(1).map(Number);
    t.diagnostic(`${endpoints} endpoints, ${inFlight} in flight, longest probe ${longest} ms, own delay ${delay} ms, ${done.mib.toFixed(0)} MiB, ${done.mostSockets} sockets at once`);

    assert.doesNotMatch(done.stderr, /Sanitizer|runtime error|terminate called/);
    assert.doesNotMatch(done.stderr, /left open/);
    assert.ok(longest <= limits.total_ms + delay + 1000, `a probe took ${longest} ms, ${delay} ms of them our own`);

    const compared = await auditor('planted', '--db', db, '--expected', join(servers.out, 'expected.json'));
    const wrong = compared.stdout.split('\n').filter((l) => l.includes('WRONG'));
    const kinds = wrong.reduce((n, l) => ({ ...n, [l.slice(35, 60).trim()]: (n[l.slice(35, 60).trim()] ?? 0) + 1 }), {});
    if (wrong.length > 0) t.diagnostic(`not measured: ${JSON.stringify(kinds)}`);
    await look({ done, wrong, endpoints, inFlight, total: compared.stdout.match(/^planted cases: (\d+) of (\d+)$/m) });
  } finally {
    await servers.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

// Where our own thread was late, the machine being too small for the crowd, a cell must say just that. And the machine
// is the fleet's too: in a crowd its servers of many small pieces really are slow.
const isOurs = (line) => /\bU interrupted\b|\bS slow\b.*\(expected ok(_zero_tools)?\)( state degraded \(expected up\))?$/.test(line);

// Twenty of each when this suite is asked for by name; among the other suites there is time for three.
const byName = Boolean(tsan && release), crowd = byName ? 20 : 3;

test(`with sanitizers, ${crowd} of each at once: nothing crashes, leaks, waits too long or changes a verdict`, { timeout: byName ? 1_500_000 : 240_000 }, async (t) => {
  await roundOver(t, sanitized, { copies: crowd, healthy: 300, concurrency: 2000 }, async ({ wrong, endpoints }) => {
    assert.deepEqual(wrong.filter((line) => !isOurs(line)), []);
    assert.ok(wrong.length <= endpoints / (byName ? 4 : 10), `${wrong.length} of ${endpoints} could not be measured`);
  });
});

// The thread sanitizer and the program that is published are builds of their own: they are looked at when this suite is
// asked for by name.
if (byName) others();

function others() {
  test('with the thread sanitizer', { timeout: 240_000 }, async (t) => {
    await roundOver(t, tsan, { copies: 1, healthy: 50, concurrency: 500 }, async ({ wrong }) => {
      assert.deepEqual(wrong.filter((line) => !isOurs(line)), []);
    });
  });

  test('the published program: six of each at once, and what memory that takes', { timeout: 300_000 }, async (t) => {
    await roundOver(t, release, { copies: 6, healthy: 1500, concurrency: 2000, processes: 3, pace: leisurely }, async ({ done, wrong, endpoints, inFlight }) => {
      assert.deepEqual(wrong.filter((line) => !isOurs(line)), []);
      assert.ok(inFlight >= 1900, `only ${inFlight} in flight`);
      assert.ok(wrong.length <= endpoints / 10, `${wrong.length} of ${endpoints} could not be measured`);
      assert.ok(done.mib < mostMiB, `${done.mib.toFixed(0)} MiB`);
    });
  });

  test('one probe alone is small, whatever it is sent', { timeout: 120_000 }, async (t) => {
    const one = async (name) => {
      let mib;
      const which = name === 'none' ? { healthy: 1 } : { healthy: 0 };
      await roundOver(t, release, { copies: 1, concurrency: 10, fleet: ['--only', name], ...which }, async ({ done }) => { mib = done.mib; });
      return mib;
    };
    const idle = await one('none');
    for (const name of ['endless', 'gzip-bomb', 'parts-catalogue']) {
      const more = await one(name) - idle;
      assert.ok(more <= mostAlone, `${name}: ${more.toFixed(1)} MiB`);
      t.diagnostic(`${name}: ${more.toFixed(1)} MiB`);
    }
  });
}
