// The strip of nights, the clock and the colours: what the scripts add to a page, and what is left where they cannot.
import test, { after, before } from 'node:test';
import assert from 'node:assert/strict';
import { openSite } from './visit.mjs';

let site, server;
before(async () => {
  site = await openSite({ kind: 'regions' });
  server = site.pages.find((p) => p.names.includes('server-regions')) ?? site.pages.find((p) => p.names.includes('server-up'));
}, { timeout: 120_000 });
after(() => site?.close());

async function opened(options = {}, path = server.path) {
  const context = await site.browser.newContext(options);
  const page = await context.newPage();
  await page.goto(site.host.origin + path, { waitUntil: 'load' });
  return { page, close: () => context.close() };
}

const readout = (page) => page.locator('.readout').innerText();

test('the strip is a slider: arrows, Home, End and Escape tell of one night after the other', { timeout: 30_000 }, async () => {
  const { page, close } = await opened();
  const strip = page.locator('figure.nights .plot');
  assert.equal(await strip.getAttribute('role'), 'slider');
  assert.match(await readout(page), /arrow keys/);
  await strip.focus();
  await page.waitForFunction(() => /2026/.test(document.querySelector('.readout').textContent));
  assert.match(await readout(page), /^21 November 2026: (answered|did not|credential)/);
  const steps = [['ArrowLeft', /^20 November 2026/], ['ArrowLeft', /^19 November 2026/], ['PageUp', /^12 November 2026/], ['ArrowRight', /^13 November 2026/], ['Home', /^24 August 2026: no roll call/], ['End', /^21 November 2026/]];
  for (const [key, words] of steps) {
    await page.keyboard.press(key);
    await page.waitForFunction((source) => new RegExp(source).test(document.querySelector('.readout').textContent), words.source);
    assert.match(await strip.getAttribute('aria-valuetext'), words);
  }
  assert.equal(await strip.getAttribute('aria-valuenow'), '90');
  await page.keyboard.press('Escape');
  assert.match(await readout(page), /arrow keys/);
  await close();
});

test('a finger on the strip reads the night below it, with what each city saw', { timeout: 30_000 }, async () => {
  const { page, close } = await opened({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
  const strip = page.locator('figure.nights .plot');
  await strip.scrollIntoViewIfNeeded();
  const box = await strip.boundingBox();
  assert.ok(box.height >= 24, `${box.height} pixels`);
  await page.touchscreen.tap(box.x + box.width - 2, box.y + box.height / 2);
  await page.waitForFunction(() => /Frankfurt/.test(document.querySelector('.readout').textContent));
  assert.match(await readout(page), /^21 November 2026.*Frankfurt: .*Singapore: .*São Paulo: /s);
  await close();
});

test('without the history document the strip says where the nights are', { timeout: 30_000 }, async () => {
  const context = await site.browser.newContext();
  const page = await context.newPage();
  await page.route('**/api/v1/history/**', (route) => route.fulfill({ status: 404, body: '' }));
  await page.goto(site.host.origin + server.path, { waitUntil: 'load' });
  await page.locator('figure.nights .plot').focus();
  await page.waitForFunction(() => /could not be read/.test(document.querySelector('.readout').textContent));
  await context.close();
});

test('no history is asked for before somebody looks', { timeout: 30_000 }, async () => {
  const context = await site.browser.newContext();
  const page = await context.newPage();
  const asked = [];
  page.on('request', (request) => asked.push(request.url()));
  await page.goto(site.host.origin + server.path, { waitUntil: 'load' });
  assert.deepEqual(asked.filter((url) => url.includes('/api/')), []);
  await context.close();
});

test('times are told in UTC, on demand by the reader’s clock, and the choice is kept', { timeout: 30_000 }, async () => {
  const { page, close } = await opened({ timezoneId: 'Asia/Tokyo' }, '/');
  const time = page.locator('.kicker time');
  assert.equal(await time.innerText(), '21 November 2026, 02:30 UTC');
  await page.locator('#switches button').first().click();
  assert.match(await time.innerText(), /21 November 2026.*11:30/);
  await page.reload();
  assert.match(await time.innerText(), /11:30/);
  await page.locator('#switches button').first().click();
  assert.equal(await time.innerText(), '21 November 2026, 02:30 UTC');
  await close();
});

test('light and dark can be chosen against the system, from the first paint on', { timeout: 30_000 }, async () => {
  const { page, close } = await opened({ colorScheme: 'light' }, '/');
  const paper = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const light = await paper();
  const button = page.locator('#switches button').last();
  await button.click();
  assert.equal(await paper(), light);
  await button.click();
  const dark = await paper();
  assert.notEqual(dark, light);
  await page.reload({ waitUntil: 'commit' });
  await page.waitForFunction(() => document.body);
  assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), 'dark');
  await close();
});

test('where nothing may be stored, the switches work for the page', { timeout: 30_000 }, async () => {
  const context = await site.browser.newContext({ timezoneId: 'Asia/Tokyo' });
  const page = await context.newPage();
  const errors = [];
  page.on('pageerror', (error) => errors.push(String(error)));
  await page.addInitScript(() => Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('denied', 'SecurityError'); } }));
  await page.goto(site.host.origin + '/', { waitUntil: 'load' });
  await page.locator('#switches button').first().click();
  assert.match(await page.locator('.kicker time').innerText(), /11:30/);
  assert.deepEqual(errors, []);
  await context.close();
});
