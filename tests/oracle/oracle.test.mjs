// What the official clients say to the planted cases that need no credential. A verdict of ours that counts against a
// server must be one that every client shares; a server that we call good must be good to one of them at least.
import test from 'node:test';
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readJson, root, startFleet } from '../support/fleet.mjs';
import { ask, fetchOf, modeNames } from './clients.mjs';

// A refusal may be silence; who should be accepted is given the time that a busy machine needs.
const silenceMs = 4000, patienceMs = 12_000, atOnce = 16;

// Reasons of class H that are about MCP, or about HTTP as every client meets it; the other ones of the class are
// about hosting, caps of ours and names.
const mcpLevel = new Set(['http_404', 'http_405', 'http_410', 'http_4xx', 'http_5xx', 'html', 'empty', 'not_json', 'bad_envelope', 'id_mismatch',
  'rpc_error', 'content_type', 'session_lost', 'sse_truncated', 'redirect_method', 'redirect_loop', 'too_large', 'mcp_timeout', 'host_rejected']);

const isGood = ({ class: c }) => c === 'P' || c === 'S';
const concerns = ({ class: c, reason }) => isGood({ class: c }) || c === 'M' || (c === 'H' && mcpLevel.has(reason));

// The number of tools that we count, or more where a cap of ours ended the list.
function asMany(count, { tools, warnings }) {
  if (tools === undefined) return true;
  return warnings?.includes('list_truncated') ? count > Number(tools) : count === Number(tools);
}

async function eachOf(list, width, work) {
  const queue = list.entries(), results = [];
  await Promise.all(Array.from({ length: width }, async () => {
    for (const [i, item] of queue) results[i] = await work(item);
  }));
  return results;
}

const shown = (answer) => (answer.tools ? `${answer.tools.length} tools` : 'refuses');

test('the official clients accept what we call good and refuse what we call broken', { timeout: 120_000 }, async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'rollcall-oracle-'));
  const servers = await startFleet(folder, { https: 8453, http: 8090, dns: 5392 }, '--slow-ms', '1000');
  const { fetch, close } = await fetchOf(servers);
  const exceptions = await readJson(join(root, 'tests/oracle/exceptions.json'));
  try {
    const cases = (await readJson(join(servers.out, 'expected.json'))).cases.filter((c) => concerns(c.expect));
    const row = async ({ name, url, expect }) => {
      const answers = await Promise.all(modeNames.map((mode) => ask(mode, url, fetch, isGood(expect) || exceptions[name] ? patienceMs : silenceMs)));
      // Good is what one of them lists, as many tools as we count; what we refuse, none of them may list at all.
      const agrees = isGood(expect) ? answers.some((a) => a.tools && asMany(a.tools.length, expect)) : !answers.some((a) => a.tools);
      return { name, expect, answers, agrees };
    };
    const rows = await eachOf(cases, atOnce, row);
    // A busy machine can make a client give up, which is no fact about the client: whoever surprises is asked again, alone.
    for (const [i, { name, agrees }] of rows.entries())
      if (agrees === Boolean(exceptions[name])) rows[i] = await row(cases[i]);

    t.diagnostic(`${'case'.padEnd(32)} ${'our verdict'.padEnd(24)} ${modeNames.map((m) => m.padEnd(10)).join(' ')}`);
    for (const { name, expect, answers, agrees } of rows)
      t.diagnostic(`${name.padEnd(32)} ${`${expect.class} ${expect.reason}`.padEnd(24)} ${answers.map((a) => shown(a).padEnd(10)).join(' ')}${agrees ? '' : `  ${exceptions[name] ? 'differs on purpose' : 'DIFFERS'}`}`);

    const surprises = rows.filter((r) => !r.agrees && !exceptions[r.name]);
    assert.deepEqual(surprises.map((r) => ({ case: r.name, ours: `${r.expect.class} ${r.expect.reason}`,
      clients: Object.fromEntries(modeNames.map((m, i) => [m, r.answers[i].refused ?? shown(r.answers[i])])) })), [], 'a client and we disagree');
    const needed = new Set(rows.filter((r) => !r.agrees).map((r) => r.name));
    assert.deepEqual(Object.keys(exceptions).filter((name) => !needed.has(name)), [], 'exceptions that are none');
    for (const [name, why] of Object.entries(exceptions)) assert.ok(why.length > 20, `${name}: an exception needs its reason`);
    assert.ok(rows.length >= 200);
  } finally {
    close();
    await servers.stop();
    await rm(folder, { recursive: true, force: true });
  }
});
