// The official conformance suite, both versions that there are, with `rollcall-audit check` as the client under test.
import test, { after, describe } from 'node:test';
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { scenarios, suites, traps } from './scenarios.mjs';

const here = import.meta.dirname;
const modules = join(here, '../node_modules');
const folder = mkdtempSync(join(tmpdir(), 'rollcall-conformance-'));
after(() => rmSync(folder, { recursive: true, force: true }));

// The suite names hosts of the internet in its documents: here no name leads anywhere.
const config = join(folder, 'rollcall.json');
writeFileSync(config, JSON.stringify({
  site_name: 'Conformance', base_url: 'http://localhost:8000/', contact: 'mailto:operator@example.com',
  probe: { slow_ms: 20_000, first_byte_ms: 25_000, total_ms: 28_000 }, dns: { servers: '127.0.0.1:9', timeout_ms: 200, tries: 1 },
}));

// Runs one scenario: how it ended, what the suite saw, what the client said.
function conform(suite, scenario, version, client, canary) {
  const out = mkdtempSync(join(folder, 'run-'));
  // The suite splits the command at blanks, so it is named relative to where it runs.
  const args = [join(modules, suites[suite], 'dist/index.js'), 'client', '--command', client, '--scenario', scenario, '--spec-version', version, '-o', out];
  return new Promise((resolve, reject) => {
    execFile(process.execPath, args, { cwd: here, env: { ...process.env, ROLLCALL_CONFIG: config, ROLLCALL_CANARY: canary ? JSON.stringify(canary) : '' }, maxBuffer: 16 << 20 }, (error, stdout, stderr) => {
      if (error && typeof error.code !== 'number') return reject(error);
      const written = readdirSync(out, { recursive: true }).find((file) => file.endsWith('checks.json'));
      // A scenario that does not exist at a revision is skipped with success.
      if (!written) return reject(new Error(`${scenario} did not run:\n${stdout}\n${stderr}`));
      const read = (name) => readFileSync(join(out, written, '..', name), 'utf8');
      return resolve({ code: error?.code ?? 0, log: stdout + stderr, checks: JSON.parse(read('checks.json')), said: read('stdout.txt') });
    });
  });
}

const succeeded = (checks) => new Set(checks.filter(({ status }) => status === 'SUCCESS').map(({ id }) => id));

// What reached the suite's servers, of which each words its log in its own way.
const requests = (checks) => checks.filter(({ id }) => id === 'incoming-request' || id === 'incoming-auth-request')
  .map(({ details }) => ({ method: details.method, path: details.path ?? details.url, rpc: details.mcpMethod ?? details.jsonrpcMethod }));
const reading = ['server/discover', 'initialize', 'notifications/initialized', 'tools/list'];
// With an owner's canary: its one call, and the rest of a stream that broke off.
const mayAsk = (canary) => ({ method, path, rpc }) => {
  if (method === 'POST') return reading.includes(rpc) || (canary !== undefined && rpc === 'tools/call');
  return method === 'GET' && (/\.well-known\/|\.json$/.test(path) || canary !== undefined);
};

describe('the official suite accepts the client', { concurrency: 3 }, () => {
  for (const { scenario, runs, passes = true, checks: wanted, reason, posture, missing, tools = [], warnings = [], canary } of scenarios) {
    for (const [suite, versions] of Object.entries(runs)) {
      for (const version of versions) {
        test(`${scenario} at ${version}, suite of ${suite}`, { timeout: 60_000 }, async () => {
          const { code, log, checks, said } = await conform(suite, scenario, version, './rollcall-conformance-client', canary);
          assert.equal(code, passes ? 0 : 1, log);
          const seen = succeeded(checks);
          for (const id of wanted) assert.ok(seen.has(id), `${id} was not seen with success:\n${log}`);
          if (passes) assert.deepEqual(checks.filter(({ status }) => status === 'FAILURE' || status === 'WARNING'), []);
          assert.deepEqual(checks.filter(({ id }) => traps.includes(id)), []);
          const permitted = mayAsk(canary);
          assert.deepEqual(requests(checks).filter((request) => !permitted(request)), []);

          const document = JSON.parse(said);
          assert.equal(document.reason, reason, said);
          assert.deepEqual(document.tools, tools);
          if (canary) assert.equal(document.owner.steps.find(({ step }) => step === 'canary').detail, 'as expected');
          if (posture) assert.deepEqual({ posture: document.auth.posture, missing: document.auth.missing }, { posture, missing: missing ?? null });
          // A server of the older suite answers a notification with 200.
          const beside = suite === '2025' && scenario === 'initialize' ? ['notify_status'] : warnings;
          assert.deepEqual(document.warnings.map(({ code: warning }) => warning), beside);
        });
      }
    }
  }
});

describe('the suite would notice a client that asks for nothing', { concurrency: 3 }, () => {
  for (const { scenario, runs, checks: wanted } of scenarios.filter(({ checks }) => checks.length)) {
    const [suite, versions] = Object.entries(runs).at(-1);
    test(scenario, { timeout: 60_000 }, async () => {
      const seen = succeeded((await conform(suite, scenario, versions.at(-1), 'true')).checks);
      assert.ok(wanted.some((id) => !seen.has(id)), `${wanted} succeeded with no client at all`);
    });
  }
});
