// What the documentation tells a reader to type is what the program takes, and works against the site as it is published.
import test, { before } from 'node:test';
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { sampleSite } from './browser.mjs';

const run = promisify(execFile);
const base = 'https://status.example.org/';
let site, blocks;

const plain = (html) => html.replaceAll('&quot;', '"').replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');

before(async () => {
  site = await sampleSite();
  blocks = [];
  for (const page of ['docs/api/index.html', 'docs/ci/index.html'])
    for (const [, code] of (await readFile(join(site, page), 'utf8')).matchAll(/<pre><code[^>]*>([^]*?)<\/code><\/pre>/g)) blocks.push(plain(code));
}, { timeout: 120_000 });

test('every option of a command in the docs is one that the program has', { timeout: 60_000 }, async () => {
  const commands = blocks.flatMap((b) => b.split('\n')).filter((line) => /^\s*rollcall-audit /.test(line));
  assert.ok(commands.length >= 5, `${commands}`);
  const { stdout: help } = await run(process.env.ROLLCALL_AUDIT, ['check', '--help']);
  for (const line of commands) {
    assert.match(line, /rollcall-audit check https:/, line);
    for (const [option] of line.matchAll(/--[a-z-]+/g)) assert.ok(new RegExp(`(^|[\\s,])${option}\\b`, 'm').test(help), `${option} in: ${line}`);
  }
});

// curl from the folder of the site instead of from the net; what follows it is run as it stands.
async function shell(code) {
  const local = code.replace(/curl [^|]*?(https:\/\/\S+)/g, (_, url) => {
    assert.ok(url.startsWith(base), url);
    return `cat '${join(site, url.slice(base.length))}'`;
  });
  return run('bash', ['-o', 'pipefail', '-c', local]).then(({ stdout }) => ({ code: 0, stdout }), (error) => ({ code: error.code, stdout: error.stdout, stderr: error.stderr }));
}

test('every line with curl and jq runs against the published documents', { timeout: 60_000 }, async () => {
  const lines = blocks.filter((b) => b.startsWith('curl '));
  assert.ok(lines.length >= 4);
  for (const code of lines) {
    const { code: exit, stdout, stderr } = await shell(code);
    // 1: jq -e says no, which is an answer. What does not parse, or is not there, is 2 and more.
    assert.ok(exit <= 1, `${code}\n${stderr}`);
    assert.notEqual(stdout.trim(), '', code);
  }
});

test('the guard says no once a document is too old to be believed', { timeout: 60_000 }, async () => {
  const guard = blocks.find((b) => b.includes('jq -e') && b.includes('.state == "up"'));
  const document = { state: 'up', fresh_until: new Date(Date.now() + 3_600_000).toISOString().replace(/\.\d+Z/, 'Z') };
  const ask = (d) => run('bash', ['-o', 'pipefail', '-c', guard.replace(/curl [^|]*/, `printf '%s' '${JSON.stringify(d)}' `)]).then(() => 0, (error) => error.code);
  assert.equal(await ask(document), 0);
  assert.equal(await ask({ ...document, state: 'down' }), 1);
  assert.equal(await ask({ ...document, fresh_until: '2020-01-01T00:00:00Z' }), 1);
});
