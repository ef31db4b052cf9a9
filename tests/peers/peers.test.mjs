// Real servers from npm: what curl reads from them is what `check` must say.
import test, { after, before } from 'node:test';
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { peers, startServers, stopServers } from './servers.mjs';
import { truthOf } from './truth.mjs';

const audit = process.env.ROLLCALL_AUDIT;

function check(url, ...options) {
  return new Promise((resolve, reject) => {
    execFile(audit, ['check', url, '--allow-private', ...options], { maxBuffer: 16 << 20 }, (error, stdout, stderr) => {
      if (error && typeof error.code !== 'number') reject(error);
      else resolve({ code: error?.code ?? 0, stdout, stderr });
    });
  });
}

let running = [];
before(async () => { running = await startServers(); }, { timeout: 180_000 });
after(() => stopServers(running));
const named = (name) => running.find((server) => server.name === name);

for (const { name, era, transport } of peers) {
  test(`${name}: era, transport, protocol version and tool count as curl reads them`, { timeout: 120_000 }, async () => {
    const server = named(name);
    const truth = await truthOf(server);
    assert.deepEqual({ era: truth.era, transport: truth.transport }, { era, transport }, 'the server is not what its row says');
    assert.match(truth.protocol_version, /^20\d\d-\d\d-\d\d$/);
    assert.ok(truth.tool_count > 0);

    const said = await check(server.url, '--json');
    assert.equal(said.code, 0, `${said.stdout}\n${said.stderr}`);
    const { class: letter, reason, protocol_version, tool_count, tools, ...document } = JSON.parse(said.stdout);
    assert.deepEqual(
      { letter, reason, era: document.era, transport: document.transport, protocol_version, tool_count, named: tools.length },
      { letter: 'P', reason: 'ok', ...truth, named: truth.tool_count });
    console.log(`# ${name}: ${letter}, ${truth.era}, ${protocol_version}, ${truth.transport}, ${tool_count} tools`);
  });
}

test('the text for people names each step with its time', { timeout: 60_000 }, async () => {
  const said = await check(named('everything').url);
  assert.equal(said.code, 0);
  for (const step of ['Connection', 'First byte', 'Handshake', 'Tool list']) assert.match(said.stdout, new RegExp(`^  \\. ${step} +\\d+ ms  `, 'm'));
  assert.match(said.stdout, /13 tools\n\n  answered  \(ok, class P\)\n/);
});

test('a second look finds the same contract', { timeout: 60_000 }, async () => {
  const { url } = named('everything');
  const [one, two] = [await check(url, '--json'), await check(url, '--json')].map((said) => JSON.parse(said.stdout).contract_hash);
  assert.match(one, /^[0-9a-f]{64}$/);
  assert.equal(one, two);
});

test('a real server without the permission to probe private addresses is not asked', { timeout: 60_000 }, async () => {
  const { url } = named('sdk-dual');
  const code = await new Promise((resolve) => execFile(audit, ['check', url, '--json'], (error) => resolve(error?.code ?? 0)));
  assert.equal(code, 2);
});
