// The published pages in a real browser: without script, narrow, on paper, at a sub-path; and their HTML.
import test, { after, before } from 'node:test';
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { HtmlValidate } from 'html-validate';
import { serve } from './browser.mjs';
import { complaints, foreign, openSite, tooWide } from './visit.mjs';

let site;
before(async () => { site = await openSite(); }, { timeout: 120_000 });
after(() => site?.close());

test('every page of the site is there to be looked at', () => {
  const names = site.pages.flatMap((p) => p.names);
  for (const wanted of ['overview', 'list', 'server-up', 'server-degraded', 'server-down', 'server-gated', 'server-unknown', 'server-owner', 'server-ladder', 'incidents', 'incident-shared', 'platforms', 'platform', 'report', 'badges', 'method', 'probed', 'not-found'])
    assert.ok(names.includes(wanted), `no ${wanted} among ${names}`);
});

test('nothing is requested from anywhere else, and no page complains', { timeout: 120_000 }, async () => {
  await site.onEach({}, async (page, entry, heard) => {
    assert.deepEqual(foreign(heard, site.host.origin), []);
    assert.deepEqual(complaints(heard, entry), []);
  });
});

test('everything can be read without script', { timeout: 120_000 }, async () => {
  const words = { overview: /answered/i, list: /servers/i, report: /report|quarter|Q[1-4]/i, 'server-up': /at the last roll call.*it answered/is, 'server-down': /did not answer our probe/i, 'server-never': /has not been measured yet/i };
  await site.onEach({ javaScriptEnabled: false }, async (page, { name, kind, slug }) => {
    const text = await page.locator('main').innerText();
    assert.ok(text.length > 100 || kind === '404', text);
    assert.equal(await page.locator('h1').count(), 1);
    assert.equal(await page.locator('button:visible:not(form button)').count(), 0, 'a button that nothing answers');
    if (words[name]) assert.match(text, words[name]);
    if (slug) assert.ok(text.includes(slug.split('~')[0].split('/')[0]), `does not name ${slug}`);
    for (const state of await page.locator('figure.figure > .plot > svg').evaluateAll((all) => all.map((svg) => [svg.getAttribute('aria-labelledby'), svg.querySelector('desc')?.textContent.length > 20])))
      assert.ok(state[0] && state[1], 'a figure without a title or a description');
  });
});

test('every figure has the same as a table', { timeout: 60_000 }, async () => {
  await site.onEach({ javaScriptEnabled: false }, async (page) => {
    for (const figure of await page.locator('figure.figure:has(.plot)').all()) {
      assert.ok((await figure.locator('figcaption').innerText()).length > 10);
      assert.ok((await figure.locator('table tbody tr').count()) > 0 || (await figure.locator('.plot path').count()) <= 1, await figure.locator('figcaption').innerText());
    }
  });
});

test('a phone of 320 pixels never scrolls sideways', { timeout: 120_000 }, async () => {
  await site.onEach({ viewport: { width: 320, height: 640 } }, async (page) => { assert.deepEqual(await tooWide(page), []); });
});

test('paper has no navigation, no button, and nothing is cut at its edge', { timeout: 120_000 }, async () => {
  await site.onEach({ viewport: { width: 718, height: 1000 } }, async (page) => {
    await page.emulateMedia({ media: 'print' });
    assert.equal(await page.locator('nav[aria-label="Site"]').isVisible(), false);
    assert.equal(await page.locator('button:visible:not(th button)').count(), 0, 'a heading may stay, though it sorts');
    assert.deepEqual(await tooWide(page), []);
    const ink = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    assert.equal(ink, 'rgb(255, 255, 255)');
  });
});

test('at a sub-path, the same files lead nowhere but below it', { timeout: 120_000 }, async () => {
  const below = await serve(site.folder, '/repo');
  const context = await site.browser.newContext();
  try {
    const page = await context.newPage();
    let wrong;
    page.on('response', (response) => { if (response.status() >= 400) wrong.push(response.url()); });
    for (const entry of site.pages.filter((p) => p.kind !== '404')) {
      wrong = [];
      await page.goto(below.origin + entry.path, { waitUntil: 'load' });
      const away = await page.locator('a[href], link[href], script[src], img[src]').evaluateAll((all) => all.map((e) => e.href || e.src).filter((url) => url.startsWith(location.origin) && !url.startsWith(location.origin + '/repo/')));
      assert.deepEqual([...wrong, ...away], [], entry.name);
    }
  } finally {
    await context.close();
    await below.stop();
  }
});

test('the HTML is valid', { timeout: 60_000 }, async () => {
  const validator = new HtmlValidate({
    extends: ['html-validate:standard', 'html-validate:document'],
    // A matter of taste; what is loaded is our own.
    rules: { 'long-title': 'off', 'require-sri': 'off', 'no-inline-style': 'error' },
  });
  const wrong = [];
  for (const { name, path } of site.pages) {
    const text = await (await fetch(site.host.origin + path)).text();
    for (const result of (await validator.validateString(text, `${name}.html`)).results)
      for (const m of result.messages) if (m.severity === 2) wrong.push(`${name}:${m.line}:${m.column} ${m.ruleId}: ${m.message}`);
  }
  assert.deepEqual(wrong.slice(0, 40), []);
});

test('pages are light: 20 KB each, a report 80, styles and scripts 15 together', async () => {
  const weigh = async (path) => gzipSync(await readFile(join(site.folder, path))).length;
  for (const { name, path, kind } of site.pages) {
    if (kind === '404') continue;
    const bytes = await weigh(path.slice(1) + 'index.html');
    assert.ok(bytes <= (kind === 'report' ? 80 : 20) * 1024, `${name}: ${bytes} bytes`);
  }
  const assets = await Promise.all(['assets/rollcall.css', 'assets/rollcall.js', 'assets/theme.js'].map(weigh));
  assert.ok(assets.reduce((a, b) => a + b) <= 15 * 1024, `${assets}`);
});
