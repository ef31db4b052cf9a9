// Starts the real MCP servers of rows.mjs, each on a loopback port of its own, and stops them for certain.
//
// As a program: `node tests/peers/servers.mjs --out FILE [--only NAME,NAME] [--ports-from N]` starts them, writes
// FILE.txt (a list of URLs that a `file` registry reads) and then FILE (JSON), and stays until it is killed.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import { get } from 'node:http';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { peers } from './rows.mjs';

const at_once = 4;
const patience = 60_000;

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

function portIsFree(port) {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(0));
    // All addresses: some of these servers cannot be told to listen on loopback alone.
    probe.listen(port, () => {
      const taken = probe.address().port;
      probe.close(() => resolve(taken));
    });
  });
}

// Any answer will do, and any path but the endpoint's: that one would begin a session.
function answersHttp(host, port) {
  return new Promise((resolve) => {
    const request = get({ host, port, path: '/', agent: false, timeout: 2000 }, (response) => { response.destroy(); resolve(true); });
    request.once('timeout', () => request.destroy());
    request.once('error', () => resolve(false));
  });
}

// Runs the command that follows it. Its standard input is a pipe that nobody writes to: when this process is gone,
// however it went, the pipe ends, and with it the whole group, since the bridges have children. Likewise when the
// server ends.
const guarded = '{ "$@" </dev/null; kill -KILL 0; } & cat >/dev/null; kill -KILL 0';

async function start(peer, port) {
  const begun = Date.now();
  // What they write to where they stand, or at home, goes when they go.
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-peer-'));
  const child = spawn('/bin/sh', ['-c', guarded, 'sh', process.execPath, ...peer.args(port, folder)], {
    cwd: folder, env: { ...process.env, HOME: folder, ...peer.env?.(port) }, stdio: 'pipe', detached: true });
  let said = '', ended = false;
  const listen = (text) => { said = (said + text).slice(-4000); };
  child.stdout.on('data', listen);
  child.stderr.on('data', listen);
  const gone = new Promise((resolve) => child.once('exit', () => { ended = true; resolve(); }));
  const stop = async () => {
    child.stdin.destroy();
    await gone;
    rmSync(folder, { recursive: true, force: true });
  };
  const host = peer.looks[0].host ?? '127.0.0.1';
  while (!(await answersHttp(host, port)) || ended) {
    if (ended || Date.now() - begun > patience) {
      await stop();
      throw new Error(`${peer.name} did not start on port ${port}:\n${said}`);
    }
    await pause(50);
  }
  const looks = peer.looks.map(({ path = '/mcp', host = '127.0.0.1', reason = 'ok', warnings = [], ...expected }) =>
    ({ url: `http://${host}:${port}${path}`, expected: { reason, warnings, ...expected } }));
  return { name: peer.name, of: peer.of, looks, started_ms: Date.now() - begun, stop };
}

// Starts the named servers (default: all), a few at a time, on the first free ports from `portsFrom` on (0: any).
export async function startServers({ names, portsFrom = 0 } = {}) {
  const unknown = names?.filter((name) => !peers.some((peer) => peer.name === name)) ?? [];
  if (unknown.length) throw new Error(`no such server: ${unknown.join(', ')}; there are ${peers.map((peer) => peer.name).join(', ')}`);
  const wanted = peers.filter((peer) => !names || names.includes(peer.name));
  const running = [];
  let next = portsFrom, failure;
  const takePort = async () => {
    if (!next) return portIsFree(0);
    for (;;) {
      const port = await portIsFree(next++);
      if (port) return port;
    }
  };
  const startNext = async () => {
    for (let at; !failure && (at = wanted.shift());) {
      try {
        running.push(await start(at, await takePort()));
      } catch (error) {
        failure = error;
      }
    }
  };
  await Promise.all(Array.from({ length: at_once }, startNext));
  if (!failure) return running;
  await stopServers(running);
  throw failure;
}

export async function stopServers(running) {
  await Promise.all(running.map((server) => server.stop()));
}

async function program() {
  const option = (name) => {
    const at = process.argv.indexOf(name);
    return at > 0 ? process.argv[at + 1] : undefined;
  };
  const out = option('--out');
  if (!out) {
    console.error('usage: node tests/peers/servers.mjs --out FILE [--only NAME,NAME] [--ports-from N]');
    process.exit(2);
  }
  let running = [];
  const end = async () => {
    await stopServers(running);
    process.exit(0);
  };
  process.once('SIGTERM', end);
  process.once('SIGINT', end);
  running = await startServers({ names: option('--only')?.split(','), portsFrom: Number(option('--ports-from') ?? 0) });
  const listed = running.flatMap((server) => server.looks.map(({ url, expected }) => ({ name: server.name, url, ...expected })));
  await writeFile(`${out}.txt`, listed.map((s) => `${s.url} ${s.name}\n`).join(''));
  // Whoever waits for FILE must find it whole.
  await writeFile(`${out}.new`, JSON.stringify(listed, null, 2) + '\n');
  await rename(`${out}.new`, out);
  setInterval(() => {}, 1 << 30);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await program();
