// A site whose every foreign field was filled by somebody who means ill, opened in a real browser.
import test, { after, before } from 'node:test';
import assert from 'node:assert/strict';
import { complaints, foreign, openSite, tooWide } from './visit.mjs';

let site;
before(async () => { site = await openSite({ kind: 'hostile' }); }, { timeout: 120_000 });
after(() => site?.close());

// What a page of ours never has, whoever wrote the words on it.
const intruders = () => {
  const out = [];
  const ours = (url) => url.startsWith(location.origin + '/');
  for (const script of document.scripts) if (!script.src || !ours(script.src)) out.push(script.outerHTML);
  for (const e of document.querySelectorAll('iframe, object, embed, base, style, audio, video')) out.push(e.outerHTML);
  for (const form of document.forms) if (!ours(form.action)) out.push(form.outerHTML);
  for (const image of document.images) if (!ours(image.src)) out.push(image.outerHTML);
  for (const e of document.querySelectorAll('*'))
    for (const { name, value } of e.attributes) {
      if (/^on/i.test(name) || name === 'style' || name === 'autofocus') out.push(`${e.tagName} ${name}`);
      if (/^(href|src|action|xlink:href)$/.test(name) && !/^(https?:|mailto:|[./#]|[\w-])/.test(value)) out.push(`${e.tagName} ${name}=${value}`);
      if (/^\s*(javascript|data|vbscript):/i.test(value) && name !== 'content' && name !== 'd') out.push(`${e.tagName} ${name}=${value}`);
    }
  const acting = /[\u0001-\u0008\u000b\u000e-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2028\u2029\u2066-\u2069]/;
  if (acting.test(document.body.textContent) || acting.test(document.title)) out.push('a character that acts instead of being seen');
  return out.map((text) => text.slice(0, 160));
};

for (const width of [320, 1280])
  test(`hostile words run nothing, ask for nothing and break no layout at ${width} pixels`, { timeout: 180_000 }, async () => {
    await site.onEach({ viewport: { width, height: 800 } }, async (page, entry, heard) => {
      await page.evaluate(() => { for (const e of document.querySelectorAll('details')) e.open = true; });
      assert.deepEqual(await page.evaluate(intruders), []);
      assert.deepEqual(await tooWide(page), []);
      for (const target of await page.locator('main bdi:visible, main a:visible, figure.nights .plot:visible').all().then((all) => all.slice(0, 5))) await target.hover({ timeout: 1000, force: true }).catch(() => {});
      assert.deepEqual(heard.dialogs, []);
      assert.deepEqual(foreign(heard, site.host.origin), []);
      assert.deepEqual(complaints(heard, entry), []);
      assert.equal(await page.evaluate(() => globalThis.pwned), undefined);
    });
  });

test('hostile words are there to be read: as text, on the page of their server', { timeout: 60_000 }, async () => {
  const found = new Set();
  await site.onEach({}, async (page) => {
    const text = await page.locator('main').innerText();
    for (const words of ['<script>window.pwned=1', '{{root}}', 'onerror="window.pwned=2"']) if (text.includes(words)) found.add(words);
  }, { only: (p) => p.kind === 'server' });
  assert.ok(found.size >= 2, `only ${[...found]}`);
});

test('badges and feeds of the hostile site are well-formed', { timeout: 60_000 }, async () => {
  const page = await site.browser.newPage();
  await page.goto(site.host.origin + '/', { waitUntil: 'load' });
  const server = site.pages.find((p) => p.kind === 'server');
  for (const path of [`badge/${server.slug}.svg`, 'incidents/feed.xml', 'sitemap.xml']) {
    const wrong = await page.evaluate(async (url) => new DOMParser().parseFromString(await (await fetch(url)).text(), 'application/xml').querySelector('parsererror')?.textContent, site.host.origin + '/' + path);
    assert.equal(wrong, undefined, path);
  }
  await page.close();
});

test('a spreadsheet takes no cell of the figures for a formula', async () => {
  for (const path of ['figures/states.csv', 'figures/reasons.csv', 'figures/trend.csv', 'figures/buckets.csv']) {
    const text = await (await fetch(`${site.host.origin}/${path}`)).text();
    for (const line of text.split('\r\n')) for (const cell of line.split(',')) assert.doesNotMatch(cell, /^"?[=+@\t]/, `${path}: ${cell}`);
  }
});
