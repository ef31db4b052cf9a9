// The published pages in a real browser: with and without script, narrow and wide, light and dark.
import test, { after, before } from 'node:test';
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import axe from 'axe-core';
import { HtmlValidate } from 'html-validate';
import { launch, pagesOf, sampleSite, serve } from './browser.mjs';

let site, host, browser, pages;
before(async () => {
  site = await sampleSite();
  host = await serve(site.folder);
  pages = await pagesOf(site.folder);
  browser = await launch();
}, { timeout: 120_000 });
after(async () => {
  await browser?.close();
  await host?.stop();
  await site?.remove();
});

// Opens every page in turn, in one context made with `options`.
async function onEach(options, look) {
  const context = await browser.newContext(options);
  try {
    for (const entry of pages) {
      const page = await context.newPage();
      const heard = { requests: [], errors: [] };
      page.on('request', (request) => heard.requests.push(request.url()));
      page.on('console', (message) => { if (message.type() === 'error') heard.errors.push(message.text()); });
      page.on('pageerror', (error) => heard.errors.push(String(error)));
      await page.goto(host.origin + entry.path, { waitUntil: 'load' });
      await look(page, entry, heard);
      await page.close();
    }
  } finally {
    await context.close();
  }
}

test('every page of the site is there to be looked at', () => {
  const names = pages.map((p) => p.name);
  for (const wanted of ['overview', 'list', 'server-up', 'server-down', 'incidents', 'platforms', 'report', 'badges', 'method', 'probed']) assert.ok(names.includes(wanted), `no ${wanted} among ${names}`);
});

test('nothing is requested from anywhere else, and no page complains', { timeout: 120_000 }, async () => {
  await onEach({}, async (page, { name }, { requests, errors }) => {
    assert.deepEqual(requests.filter((url) => !url.startsWith(host.origin + '/') && !url.startsWith('data:')), [], name);
    const expected = name === 'not-found' ? /status of 404/ : /(?!)/;
    assert.deepEqual(errors.filter((text) => !expected.test(text)), [], name);
  });
});

test('everything can be read without script', { timeout: 120_000 }, async () => {
  const words = {
    overview: /answered/i, list: /servers/i, report: /report|quarter|Q[1-4]/i, 'server-up': /answered|last roll call/i, 'server-down': /did not answer our probe|no connection|not MCP/i,
  };
  await onEach({ javaScriptEnabled: false }, async (page, { name, path, slug }) => {
    const text = await page.locator('main').innerText();
    assert.ok(text.length > 100 || name === 'not-found', `${path}: ${text}`);
    assert.equal(await page.locator('h1').count(), 1, name);
    if (words[name]) assert.match(text, words[name], name);
    if (slug) assert.ok(text.includes(slug.split('~')[0].split('/')[0]), `${path} does not name its server`);
    if (name === 'list') assert.ok((await page.locator('table#register tbody tr').count()) > 1);
  });
});

test('a phone of 320 pixels never scrolls sideways', { timeout: 120_000 }, async () => {
  await onEach({ viewport: { width: 320, height: 640 } }, async (page, { name }) => {
    const wide = await page.evaluate(() => {
      const limit = document.documentElement.clientWidth;
      if (document.documentElement.scrollWidth <= limit) return [];
      return [...document.querySelectorAll('body *')].filter((e) => e.getBoundingClientRect().right > limit + 1).slice(0, 5)
        .map((e) => `${e.tagName}.${e.getAttribute('class') ?? ''} ${Math.round(e.getBoundingClientRect().right)}`);
    });
    assert.deepEqual(wide, [], name);
  });
});

for (const colorScheme of ['light', 'dark'])
  test(`axe finds nothing against WCAG 2.2 AA in ${colorScheme} colours`, { timeout: 180_000 }, async () => {
    await onEach({ colorScheme }, async (page, { name }) => {
      await page.evaluate(axe.source);
      const { violations } = await page.evaluate(() => globalThis.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] }));
      assert.deepEqual(violations.map((v) => `${v.id}: ${v.nodes.slice(0, 3).map((n) => n.html.slice(0, 160)).join(' | ')}`), [], name);
    });
  });

test('names that attack are shown as text and do nothing', { timeout: 60_000 }, async (t) => {
  const { servers } = JSON.parse(await readFile(join(site.folder, 'api/v1/servers.json'), 'utf8'));
  const attacker = servers.find((s) => s.name?.includes('<script>'));
  if (!attacker) return t.skip('this site lists no such name');
  const page = await browser.newPage();
  const dialogs = [];
  page.on('dialog', (dialog) => { dialogs.push(dialog.message()); return dialog.dismiss(); });
  await page.goto(`${host.origin}/servers/${attacker.slug}/`, { waitUntil: 'load' });
  assert.deepEqual(dialogs, []);
  assert.ok((await page.locator('h1').innerText()).includes('<script>'));
  assert.equal(await page.locator('script:not([src])').count(), 0);
  await page.close();
});

test('the HTML is valid', { timeout: 60_000 }, async () => {
  const validator = new HtmlValidate({
    extends: ['html-validate:standard', 'html-validate:a11y'],
    // Held by axe with the styles known, or a matter of taste.
    rules: { 'long-title': 'off', 'no-inline-style': 'error', 'require-sri': 'off' },
  });
  const wrong = [];
  for (const { name, path } of pages) {
    const text = await (await fetch(host.origin + path)).text();
    for (const result of (await validator.validateString(text, `${name}.html`)).results)
      for (const m of result.messages) if (m.severity === 2) wrong.push(`${name}:${m.line}:${m.column} ${m.ruleId}: ${m.message}`);
  }
  assert.deepEqual(wrong.slice(0, 40), []);
});
