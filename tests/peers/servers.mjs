// Real MCP servers from npm, each on a loopback port of its own.
//
// As a program: `node tests/peers/servers.mjs --out FILE [--ports-from N]` starts all, writes FILE.txt (a list of
// URLs that a `file` registry reads) and then FILE (JSON), and stays until it is killed.
import { spawn } from 'node:child_process';
import { rename, writeFile } from 'node:fs/promises';
import { createServer, connect } from 'node:net';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = import.meta.dirname ?? dirname(fileURLToPath(import.meta.url));
const modules = join(here, '../node_modules');
const mcp = (path) => join(modules, '@modelcontextprotocol', path);

// One row a server: how it is started, and what its documentation leads to expect.
export const peers = [
  { name: 'everything', path: '/mcp', era: 'legacy', transport: 'streamable-http',
    args: () => [mcp('server-everything/dist/index.js'), 'streamableHttp'], env: (port) => ({ PORT: String(port) }) },
  { name: 'everything-sse', path: '/sse', era: 'legacy', transport: 'sse',
    args: () => [mcp('server-everything/dist/index.js'), 'sse'], env: (port) => ({ PORT: String(port) }) },
  { name: 'sdk-dual', path: '/mcp', era: 'modern', transport: 'streamable-http',
    args: (port) => [join(here, 'sdk_server.mjs'), String(port)] },
  { name: 'sdk-modern-only', path: '/mcp', era: 'modern', transport: 'streamable-http',
    args: (port) => [join(here, 'sdk_server.mjs'), String(port), 'modern-only'] },
  { name: 'fastmcp', path: '/mcp', era: 'legacy', transport: 'streamable-http',
    args: (port) => [join(here, 'fastmcp_server.mjs'), String(port)] },
  { name: 'memory-by-supergateway', path: '/mcp', era: 'legacy', transport: 'streamable-http',
    args: (port) => [join(modules, 'supergateway/dist/index.js'), '--stdio', `"${process.execPath}" "${mcp('server-memory/dist/index.js')}"`,
      '--outputTransport', 'streamableHttp', '--port', String(port), '--logLevel', 'none'],
    // Its store would otherwise be written into node_modules.
    env: () => ({ MEMORY_FILE_PATH: '/dev/null' }) },
];

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

function accepts(port, host) {
  return new Promise((resolve) => {
    const socket = connect(port, host);
    socket.once('connect', () => { socket.destroy(); resolve(true); });
    socket.once('error', () => resolve(false));
  });
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

async function start(peer, port) {
  // A group of its own: the bridges have children, which must go with them.
  const child = spawn(process.execPath, peer.args(port), { env: { ...process.env, ...peer.env?.(port) }, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  let said = '', ended = false;
  const listen = (text) => { said = (said + text).slice(-4000); };
  child.stdout.on('data', listen);
  child.stderr.on('data', listen);
  const gone = new Promise((resolve) => child.once('exit', () => { ended = true; resolve(); }));
  const stop = async () => {
    if (ended) return;
    try { process.kill(-child.pid, 'SIGTERM'); } catch { /* it went by itself */ }
    await Promise.race([gone, pause(2000)]);
    if (!ended) { try { process.kill(-child.pid, 'SIGKILL'); } catch { /* likewise */ } }
    await gone;
  };
  const until = Date.now() + 60_000;
  while (!(await accepts(port, '127.0.0.1'))) {
    if (ended || Date.now() > until) {
      await stop();
      throw new Error(`${peer.name} did not start on port ${port}:\n${said}`);
    }
    await pause(50);
  }
  return { name: peer.name, url: `http://127.0.0.1:${port}${peer.path}`, transport: peer.transport, era: peer.era, stop };
}

// Starts the named servers (default: all), one after another, on the first free ports from `portsFrom` on (0: any).
export async function startServers({ names, portsFrom = 0 } = {}) {
  const running = [];
  let next = portsFrom;
  try {
    for (const peer of peers.filter((p) => !names || names.includes(p.name))) {
      let port = await portIsFree(next);
      while (!port) port = await portIsFree(++next);
      running.push(await start(peer, port));
      if (next) next = port + 1;
    }
  } catch (error) {
    await stopServers(running);
    throw error;
  }
  return running;
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
    console.error('usage: node tests/peers/servers.mjs --out FILE [--ports-from N]');
    process.exit(2);
  }
  const running = await startServers({ portsFrom: Number(option('--ports-from') ?? 0) });
  const end = async () => {
    await stopServers(running);
    process.exit(0);
  };
  process.once('SIGTERM', end);
  process.once('SIGINT', end);
  await writeFile(`${out}.txt`, running.map((s) => `${s.url} ${s.name}\n`).join(''));
  // Whoever waits for FILE must find it whole.
  await writeFile(`${out}.new`, JSON.stringify(running.map(({ stop, ...facts }) => facts), null, 2) + '\n');
  await rename(`${out}.new`, out);
  setInterval(() => {}, 1 << 30);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await program();
