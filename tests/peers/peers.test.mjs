// Real servers from npm: what their documentation leads to expect, what curl reads from them, what the official clients
// list and what `check` says must be one and the same.
import test, { after, before, describe } from 'node:test';
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ask, modeNames } from '../oracle/clients.mjs';
import { modules, peers } from './rows.mjs';
import { startServers, stopServers } from './servers.mjs';
import { truthOf } from './truth.mjs';

const audit = process.env.ROLLCALL_AUDIT;
const letters = { ok: 'P', auth_bare: 'A', host_rejected: 'H', version_unsupported: 'M' };

// Names lead nowhere: some servers name others, on the internet. Limits are wide, since a machine that compiles is slow.
const folder = mkdtempSync(join(tmpdir(), 'rollcall-peers-'));
const config = join(folder, 'rollcall.json');
writeFileSync(config, JSON.stringify({
  site_name: 'Peers', base_url: 'http://localhost:8000/', contact: 'mailto:operator@example.com',
  probe: { slow_ms: 20_000, first_byte_ms: 25_000, total_ms: 60_000 }, dns: { servers: '127.0.0.1:9', timeout_ms: 200, tries: 1 },
}));

function check(url, ...options) {
  return new Promise((resolve, reject) => {
    execFile(audit, ['check', url, '--allow-private', '--config', config, ...options], { maxBuffer: 16 << 20 }, (error, stdout, stderr) => {
      if (error && typeof error.code !== 'number') reject(error);
      else resolve({ code: error?.code ?? 0, stdout, stderr });
    });
  });
}

let running = [];
const table = [];
before(async () => { running = await startServers(); }, { timeout: 180_000 });
after(async () => {
  await stopServers(running);
  rmSync(folder, { recursive: true, force: true });
  const widths = table.reduce((widest, row) => row.map((cell, i) => Math.max(widest[i] ?? 0, cell.length)), []);
  for (const row of table.sort()) console.log(`${row.map((cell, i) => cell.padEnd(widths[i])).join('  ').trimEnd()}`);
});
const urlOf = (name, look = 0) => running.find((server) => server.name === name).looks[look].url;
const releaseOf = (name) => JSON.parse(readFileSync(join(modules, name, 'package.json'), 'utf8')).version;

describe('one verdict by every way', { concurrency: 3 }, () => {
  for (const peer of peers) {
    for (const [at, { path = '/mcp', host = '127.0.0.1' }] of peer.looks.entries()) {
      test(`${peer.name}, ${host}${path}`, { timeout: 120_000 }, async () => {
        const { url, expected } = running.find((server) => server.name === peer.name).looks[at];
        const truth = await truthOf(url, expected.transport);
        const { era = 'unknown', transport = 'unknown', tools = 0 } = expected;
        assert.deepEqual({ reason: truth.reason, era: truth.era, transport: truth.transport, tools: truth.tools.length, warnings: truth.warnings },
          { reason: expected.reason, era, transport, tools, warnings: expected.warnings }, 'the server is not what its row says');

        // A mode may refuse a good server, for its era or for an unfriendly answer, but none may list other tools.
        const answers = Object.fromEntries(await Promise.all(modeNames.map(async (mode) => [mode, await ask(mode, url, fetch, 20_000)])));
        const listed = Object.values(answers).map((answer) => answer.tools).filter(Boolean);
        assert.equal(listed.length > 0, truth.reason === 'ok', JSON.stringify(answers));
        for (const names of listed) assert.deepEqual(names, truth.tools);
        assert.equal(truth.warnings.includes('discover_unfriendly'), Boolean(answers['2.x'].tools && !answers['2.x auto'].tools), JSON.stringify(answers));

        const said = await check(url, '--json');
        assert.equal(said.code, expected.reason === 'ok' ? 0 : 1, `${said.stdout}\n${said.stderr}`);
        const { class: letter, reason, protocol_version, tool_count, waited_ms, ...document } = JSON.parse(said.stdout);
        const warnings = document.warnings.map(({ code }) => code).sort();
        assert.deepEqual(
          { letter, reason, era: document.era, transport: document.transport, protocol_version, server: document.server, tool_count, tools: document.tools, warnings },
          { letter: letters[truth.reason], ...truth, tool_count: truth.reason === 'ok' ? truth.tools.length : null, warnings: truth.warnings.sort() });
        table.push([peer.name, `${peer.of} ${releaseOf(peer.of)}`, era, protocol_version ?? '-', transport, `${tool_count ?? '-'}`, `${letter} ${reason}`, warnings.join(' ') || '-', `${waited_ms} ms`]);
      });
    }
  }
});

test('the text for people names each step with its time', { timeout: 60_000 }, async () => {
  const said = await check(urlOf('everything'));
  assert.equal(said.code, 0);
  for (const step of ['Connection', 'First byte', 'Handshake', 'Tool list']) assert.match(said.stdout, new RegExp(`^  \\. ${step} +\\d+ ms  `, 'm'));
  assert.match(said.stdout, /13 tools\n\n  answered  \(ok, class P\)\n/);
});

test('a second look finds the same contract', { timeout: 60_000 }, async () => {
  const [one, two] = [await check(urlOf('everything'), '--json'), await check(urlOf('everything'), '--json')].map((said) => JSON.parse(said.stdout).contract_hash);
  assert.match(one, /^[0-9a-f]{64}$/);
  assert.equal(one, two);
});

test('the contract is the same by each transport of a server', { timeout: 60_000 }, async () => {
  const [streamable, old] = [await check(urlOf('playwright', 0), '--json'), await check(urlOf('playwright', 1), '--json')].map((said) => JSON.parse(said.stdout));
  assert.deepEqual([streamable.transport, old.transport], ['streamable-http', 'sse']);
  assert.equal(streamable.contract_hash, old.contract_hash);
});

test('a real server without the permission to probe private addresses is not asked', { timeout: 60_000 }, async () => {
  const code = await new Promise((resolve) => execFile(audit, ['check', urlOf('sdk-dual'), '--json'], (error) => resolve(error?.code ?? 0)));
  assert.equal(code, 2);
});
