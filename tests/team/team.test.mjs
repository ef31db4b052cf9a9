// A team with five servers of its own: a file of URLs, one command for the night, one for the site. No public registry
// is read, and whatever is wrong with the file is said by file and line.
import test from 'node:test';
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { join } from 'node:path';
import { auditor, readJson, root } from '../support/fleet.mjs';

const run = promisify(execFile);
const render = process.env.ROLLCALL_RENDER;

const body = async (request) => {
  const parts = [];
  for await (const part of request) parts.push(part);
  return Buffer.concat(parts).toString();
};

// As much of MCP (2025-06-18, streamable HTTP) as a small team's server has.
const mcp = (tools) => async (request, response) => {
  if (request.method !== 'POST' || !request.url.startsWith('/mcp')) return response.writeHead(request.url.startsWith('/mcp') ? 405 : 404).end();
  const { id, method } = JSON.parse(await body(request));
  const reply = (result) => response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify({ jsonrpc: '2.0', id, result }));
  if (method === 'initialize') return reply({ protocolVersion: '2025-06-18', capabilities: { tools: {} }, serverInfo: { name: 'team', version: '1' } });
  if (method === 'tools/list') return reply({ tools: tools.map((name) => ({ name, inputSchema: { type: 'object' } })) });
  if (id === undefined) return response.writeHead(202).end();
  return response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify({ jsonrpc: '2.0', id, error: { code: -32601, message: 'Method not found' } }));
};

async function listen(handler) {
  const server = createServer(handler);
  await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
  return server;
}

async function inFolder(work) {
  const folder = await mkdtemp(join(tmpdir(), 'rollcall-team-'));
  const servers = [];
  const open = async (handler) => {
    const server = await listen(handler);
    servers.push(server);
    return `http://127.0.0.1:${server.address().port}`;
  };
  try {
    await work(folder, open);
  } finally {
    for (const s of servers) { s.closeAllConnections(); s.close(); }
    await rm(folder, { recursive: true, force: true });
  }
}

// The configuration of the repository, but for the half minute before a second try; its registries lead to `trap`.
async function configure(folder, trap) {
  const settings = await readJson(join(root, 'data/rollcall.json'));
  delete settings.$schema;
  await writeFile(join(folder, 'rollcall.json'), JSON.stringify({ ...settings, probe: { ...settings.probe, retry_after_ms: 50 } }));
  await writeFile(join(folder, 'registries.json'), JSON.stringify({ registries: [{ id: 'official', name: 'Public', kind: 'mcp-registry', url: `${trap}/v0.1/servers` }] }));
  return (...more) => auditor('run', '--config', join(folder, 'rollcall.json'), '--db', join(folder, 'my.sqlite'), '--at', '2026-11-21T02:30:00Z', ...more);
}

test('five private servers have a night and a site of their own', { timeout: 60_000 }, () => inFolder(async (folder, open) => {
  let asked = 0;
  const trap = await open((request, response) => { asked += 1; response.writeHead(200).end('{"servers":[]}'); });
  const search = await open(mcp(['search', 'fetch'])), wiki = await open(mcp(['read'])), tickets = await open(mcp(['list', 'open', 'close']));
  const gated = await open((request, response) => response.writeHead(401, { 'WWW-Authenticate': 'Bearer' }).end());
  const gone = await open((request, response) => response.destroy());
  await writeFile(join(folder, 'my-servers.txt'), `# what we run ourselves\n${search}/mcp our-search\n${wiki}/mcp our-wiki\n${tickets}/mcp/ our-tickets\n${gated}/mcp our-payroll\n\n${gone}/mcp our-archive\n`);
  const night = await configure(folder, trap);

  const got = await night('--registry', `file:${join(folder, 'my-servers.txt')}`, '--allow-private');
  assert.equal(got.code, 0, got.stderr);
  assert.match(got.stderr, /^file: 5 rows, 5 accepted, 0 rejected, 5 remotes/m);
  assert.match(got.stderr, /3 up, 0 degraded, 1 down, 1 gated/);
  assert.equal(asked, 0, 'no public registry is read');

  await run(render, ['site', '--db', join(folder, 'my.sqlite'), '--out', join(folder, 'site'), '--base-url', 'http://localhost:8000/']);
  const list = await readJson(join(folder, 'site/api/v1/servers.json'));
  assert.deepEqual(list.servers.map((s) => `${s.name} ${s.state}`).sort(), ['our-archive down', 'our-payroll gated', 'our-search up', 'our-tickets up', 'our-wiki up']);
  assert.match(await readFile(join(folder, 'site/index.html'), 'utf8'), /<b>3<\/b> of 5 servers answered/);
}));

test('the usual mistakes are told by file and line, and nothing is sent', { timeout: 60_000 }, () => inFolder(async (folder, open) => {
  const trap = await open((request, response) => response.writeHead(500).end());
  const night = await configure(folder, trap);
  const file = join(folder, 'my-servers.txt');
  const list = `file:${file}`;

  const missing = await night('--registry', `file:${join(folder, 'no-such.txt')}`, '--allow-private');
  assert.equal(missing.code, 2);
  assert.match(missing.stderr, /no-such\.txt: there is no such file, expected a list of your servers, one URL a line/);
  const directory = await night('--registry', `file:${folder}`, '--allow-private');
  assert.equal(directory.code, 2);
  assert.match(directory.stderr, /: is no file, expected/);

  await writeFile(file, 'http://localhost:1/mcp\n');
  const guarded = await night('--registry', list);
  assert.equal(guarded.code, 2);
  assert.match(guarded.stderr, /--allow-private/);

  await writeFile(file, 'our search server\nlocalhost:3001/mcp\n');
  const none = await night('--registry', list, '--allow-private');
  assert.equal(none.code, 2, none.stderr);
  assert.match(none.stderr, /line 1.*"our", expected a URL that begins with https:\/\/ or http:\/\//);

  const good = await open(mcp(['search']));
  await writeFile(file, `${good}/mcp our-search\nlocalhost:3001/mcp\n${good}/mcp again\nhttps://{tenant}.corp/mcp templated\n`);
  const some = await night('--registry', list, '--allow-private');
  assert.equal(some.code, 0, some.stderr);
  assert.match(some.stderr, /my-servers\.txt:2: expected a URL that begins with/);
  assert.match(some.stderr, /my-servers\.txt:3: the same URL as on line 1/);
  assert.match(some.stderr, /my-servers\.txt: "templated" is not probed \(templated\)/);
  assert.match(some.stderr, /1 up/);
}));
