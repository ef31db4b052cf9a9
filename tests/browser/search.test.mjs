// Finding a server in a real browser: the field, the list over the whole roll, the badge of a chosen server.
import test, { after, before } from 'node:test';
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import axe from 'axe-core';
import { launch, sampleSite, serve } from './browser.mjs';

let site, host, below, parent, browser, servers;
before(async () => {
  site = await sampleSite();
  host = await serve(site);
  // The same site at a sub-path.
  parent = await mkdtemp(join(tmpdir(), 'rollcall-repo-'));
  await symlink(site, join(parent, 'repo'));
  below = await serve(parent);
  browser = await launch();
  ({ servers } = JSON.parse(await readFile(join(site, 'api/v1/servers.json'), 'utf8')));
}, { timeout: 120_000 });
after(async () => {
  await browser?.close();
  await host?.stop();
  await below?.stop();
  if (parent) await rm(parent, { recursive: true, force: true });
});

// A page and what it did: requests, complaints, dialogs.
async function open(path, options = {}, origin = host.origin) {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const heard = { requests: [], wrong: [] };
  page.on('request', (request) => heard.requests.push(request.url()));
  page.on('console', (message) => { if (message.type() === 'error') heard.wrong.push(message.text()); });
  page.on('pageerror', (error) => heard.wrong.push(String(error)));
  page.on('dialog', (dialog) => { heard.wrong.push(dialog.message()); return dialog.dismiss(); });
  await page.goto(origin + path, { waitUntil: 'load' });
  return { page, heard, close: () => context.close() };
}

const field = (page) => page.getByRole('searchbox', { name: 'Find a server' });
const results = (page) => page.locator('#search-results a');
async function type(page, words) {
  await field(page).fill(words);
  await page.waitForFunction(() => !document.getElementById('search-results').hidden);
}

const looks = [
  { what: 'a name', words: 'Almanac', first: /^Almanac/, leads: /\/servers\/mcp\.almanac\.example\/mcp\/$/ },
  { what: 'the beginning of a name', words: 'alma', first: /^Almanac/, leads: /almanac/ },
  { what: 'a word of a name, not its case', words: 'CABINET', first: /Filing cabinet/, leads: /filing\.example/ },
  { what: 'a host', words: 'eu1.mcp.kiln.example', first: /Kiln/, leads: /eu1\.mcp\.kiln\.example\/mcp\/$/ },
  { what: 'an address', words: 'https://jetty.example/mcp/', first: /Jetty/, leads: /\/servers\/jetty\.example\/mcp\/$/ },
  { what: 'the name in a registry', words: 'example/rook.example', first: /Rook/, leads: /rook\.example/ },
];
for (const { what, words, first, leads } of looks)
  test(`the field finds ${what}`, { timeout: 60_000 }, async () => {
    const { page, close } = await open('/');
    await type(page, words);
    assert.match((await results(page).first().innerText()).trim(), first);
    assert.match(await results(page).first().getAttribute('href'), leads);
    await close();
  });

test('the field finds a tool, and says whose it is', { timeout: 60_000 }, async () => {
  const { page, heard, close } = await open('/');
  await type(page, 'look_up_4');
  await page.locator('#search-results .why', { hasText: 'tool' }).first().waitFor();
  assert.match(await results(page).first().innerText(), /tool look_up_4/);
  const asked = heard.requests.filter((url) => url.includes('/search/tools/'));
  assert.equal(asked.length, 1, 'one shard a query');
  await close();
});

test('the field finds a registry, and leads to its list', { timeout: 60_000 }, async () => {
  const { page, close } = await open('/');
  await type(page, 'Official');
  const list = results(page).filter({ hasText: 'List of' });
  assert.match(await list.first().innerText(), /Servers listed in Official MCP Registry/);
  await list.first().click();
  await page.waitForURL(/\/servers\/by\/registry\/official\/$/);
  assert.match(await page.locator('h1').innerText(), /Official MCP Registry/);
  await close();
});

test('the count is told politely, a mark has words', { timeout: 60_000 }, async () => {
  const { page, close } = await open('/servers/');
  await type(page, 'kiln');
  const status = page.getByRole('status').filter({ hasText: 'server' });
  const shown = await results(page).count();
  assert.match(await status.innerText(), new RegExp(`^${shown} servers?$`));
  assert.match(await results(page).first().innerText(), /did not answer|answered/);
  await close();
});

test('what is not there is said, with the nearest names and a way on', { timeout: 60_000 }, async () => {
  const { page, close } = await open('/');
  await type(page, 'Almanca');
  await page.getByText('Nothing found. Nearest names:').waitFor();
  assert.match(await results(page).first().innerText(), /Almanac/);
  assert.match(await results(page).last().getAttribute('href'), /\/servers\/by\/$/);
  await close();
});

test('by keyboard alone: down, up, Escape, Enter', { timeout: 60_000 }, async () => {
  const { page, close } = await open('/');
  await field(page).focus();
  await page.keyboard.type('kiln');
  await page.waitForFunction(() => !document.getElementById('search-results').hidden);
  await page.keyboard.press('ArrowDown');
  assert.equal(await results(page).first().evaluate((a) => a === document.activeElement), true);
  await page.keyboard.press('ArrowUp');
  assert.equal(await field(page).evaluate((f) => f === document.activeElement), true);
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Escape');
  assert.equal(await page.locator('#search-results').isVisible(), false);
  assert.equal(await field(page).evaluate((f) => f === document.activeElement), true);
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/servers\/\?q=kiln$/);
  await page.locator('h1', { hasText: 'kiln' }).waitFor();
  await close();
});

test('nothing is asked for before the field is used, and then once', { timeout: 60_000 }, async () => {
  const { page, heard, close } = await open('/servers/');
  const asked = () => heard.requests.filter((url) => url.includes('/search/')).map((url) => new URL(url).pathname);
  await page.evaluate(() => scrollTo(0, document.body.scrollHeight));
  assert.deepEqual(asked(), []);
  await field(page).focus();
  await type(page, 'kiln');
  await type(page, 'birdsong');
  await type(page, 'kiln');
  assert.equal(asked().filter((path) => path === '/search/servers.json').length, 1);
  assert.equal(asked().includes('/search/nights.json'), false);
  await close();
});

test('names that attack are text among the results and in the list', { timeout: 60_000 }, async () => {
  const { page, heard, close } = await open('/');
  await type(page, 'alert(1)');
  assert.match(await results(page).first().innerText(), /<script>alert\(1\)<\/script>/);
  assert.equal(await page.locator('#search-results script, #search-results img').count(), 0);
  await page.goto(`${host.origin}/servers/?q=${encodeURIComponent('<img src=x onerror=alert(1)>')}`);
  await page.locator('h1', { hasText: '<img' }).waitFor();
  await page.goto(`${host.origin}/servers/?q=birdsong&sort=name`);
  await page.locator('h1', { hasText: 'birdsong' }).waitFor();
  assert.equal(await page.locator('main script, main img').count(), 0);
  assert.deepEqual(heard.wrong, []);
  await close();
});

test('where the index cannot be had, the lists are offered', { timeout: 60_000 }, async () => {
  const { page, close } = await open('/');
  await page.route('**/search/**', (route) => route.abort());
  await type(page, 'kiln');
  await page.getByText('could not be loaded').waitFor();
  assert.match(await results(page).first().getAttribute('href'), /\/servers\/by\/$/);
  await close();
});

test('without script the field leads to the lists, and lists lead to servers', { timeout: 60_000 }, async () => {
  const { page, close } = await open('/', { javaScriptEnabled: false });
  await field(page).fill('kiln');
  await field(page).press('Enter');
  await page.waitForURL(/\/servers\/by\/\?q=kiln$/);
  await page.getByRole('link', { name: 'K', exact: true }).click();
  await page.waitForURL(/\/servers\/by\/letter\/k\/$/);
  assert.match(await page.locator('#register tbody').innerText(), /Kiln/);
  await page.goto(`${host.origin}/servers/`);
  await page.locator('summary').click();
  await page.locator('#choices a', { hasText: 'HTTP with SSE' }).click();
  await page.waitForURL(/\/servers\/by\/transport\/sse\/$/);
  await close();
});

test('rows that the script makes are those of the page', { timeout: 60_000 }, async () => {
  const { page, close } = await open('/servers/');
  const rows = () => page.locator('#register tbody tr').evaluateAll((all) => all.map((row) => {
    const copy = row.cloneNode(true);
    for (const a of copy.querySelectorAll('a')) a.setAttribute('href', a.href);
    for (const [i, a] of row.querySelectorAll('a').entries()) copy.querySelectorAll('a')[i].setAttribute('href', a.href);
    return copy.outerHTML.replace(/\s+</g, '<');
  }));
  const printed = await rows();
  await page.goto(`${host.origin}/servers/?sort=address`);
  await page.locator('#note a').waitFor();
  assert.deepEqual(await rows(), printed);
  await close();
});

test('an address restores filters, sort and page; the back button goes back', { timeout: 60_000 }, async () => {
  const { page, close } = await open('/servers/?state=down&sort=-since');
  await page.locator('h1', { hasText: 'did not answer' }).waitFor();
  const down = servers.filter((s) => s.state === 'down');
  assert.equal(await page.locator('#register tbody tr').count(), down.length);
  assert.match(await page.locator('h1').innerText(), new RegExp(`${down.length} servers`));
  await page.locator('summary').click();
  const state = page.getByLabel('Last roll call');
  await state.waitFor();
  assert.equal(await state.inputValue(), 'down');
  assert.equal(await page.getByLabel('Sort by').inputValue(), '-since');
  await state.selectOption('gated');
  await page.waitForURL(/state=gated/);
  await page.locator('h1', { hasText: 'credential or a wall' }).waitFor();
  await page.goBack();
  await page.locator('h1', { hasText: 'did not answer' }).waitFor();
  assert.equal(await state.inputValue(), 'down');
  await close();
});

test('filters work together, and counts are of what the others leave', { timeout: 60_000 }, async () => {
  const { page, close } = await open('/servers/?state=up');
  await page.locator('h1', { hasText: 'that answered' }).waitFor();
  await page.locator('summary').click();
  const era = page.getByLabel('Speaks MCP of');
  await era.waitFor();
  const words = await era.locator('option[value=modern]').innerText();
  const count = Number(/\((\d+)\)/.exec(words)[1]);
  await era.selectOption('modern');
  await page.waitForURL(/era=modern/);
  await page.waitForFunction((n) => document.querySelectorAll('#register tbody tr').length === n, count);
  await page.goto(`${host.origin}/servers/?state=up&bucket=transport_dead`);
  await page.getByText('No server fits').waitFor();
  await close();
});

test('a heading sorts the whole list, both ways, and says so', { timeout: 60_000 }, async () => {
  const { page, close } = await open('/servers/by/state/up/');
  await page.getByRole('button', { name: 'Tools' }).click();
  await page.waitForURL(/\/servers\/\?state=up&sort=-tools$/);
  await page.locator('th[aria-sort=descending]').waitFor();
  const tools = async () => (await page.locator('#register td.tools').allInnerTexts()).map((t) => (t === '–' ? -1 : Number(t)));
  const most = await tools();
  assert.deepEqual(most, [...most].sort((a, b) => b - a));
  await page.getByRole('button', { name: 'Tools' }).click();
  await page.locator('th[aria-sort=ascending]').waitFor();
  const least = await tools();
  assert.deepEqual(least, [...least].sort((a, b) => a - b));
  await close();
});

test('at a sub-path everything stays below it', { timeout: 60_000 }, async () => {
  const { page, heard, close } = await open('/repo/', {}, below.origin);
  await type(page, 'kiln');
  assert.match(await results(page).first().getAttribute('href'), /\/repo\/servers\//);
  await page.goto(`${below.origin}/repo/servers/?state=gated`);
  await page.locator('h1', { hasText: 'credential' }).waitFor();
  await page.locator('#register tbody a').first().click();
  await page.waitForURL(/\/repo\/servers\/[^?]+\/$/);
  assert.deepEqual(heard.requests.filter((url) => !url.startsWith(below.origin + '/repo/')), []);
  assert.deepEqual(heard.wrong, []);
  await close();
});

test('a badge is chosen, shown and written in four ways', { timeout: 60_000 }, async () => {
  const { page, close } = await open('/badges/');
  await type(page, 'Jetty');
  await results(page).first().click();
  await page.waitForURL(/\/badges\/\?server=jetty\.example%2Fmcp$/);
  const codes = await page.locator('#badges pre code').allInnerTexts();
  assert.equal(codes.length, 4);
  for (const code of codes) assert.match(code, /\/badge\/jetty\.example\/mcp\.svg/);
  assert.match(codes[0], /^\[!\[roll call\]\(.*\)\]\(.*\/servers\/jetty\.example\/mcp\/\)$/);
  assert.equal(await page.locator('img.badge').evaluate((image) => image.complete && image.naturalWidth > 0), true);
  await field(page).fill('https://new.example.net:8443/mcp');
  await page.getByText('Not on the roll yet').waitFor();
  assert.match((await page.locator('#badges pre code').allInnerTexts())[0], /\/badge\/new\.example\.net_8443\/mcp\.svg/);
  await page.goto(`${host.origin}/badges/?server=${encodeURIComponent('"><img src=x onerror=alert(1)>')}`);
  assert.equal(await page.locator('#badge-for').innerText(), '');
  await close();
});

for (const colorScheme of ['light', 'dark'])
  test(`axe finds nothing with results and filters open in ${colorScheme} colours`, { timeout: 120_000 }, async () => {
    const { page, close } = await open('/servers/?state=down', { colorScheme });
    await page.locator('summary').click();
    await page.getByLabel('Sort by').waitFor();
    await type(page, 'kiln');
    await page.evaluate(axe.source);
    const { violations } = await page.evaluate(() => globalThis.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] }));
    assert.deepEqual(violations.map((v) => `${v.id}: ${v.nodes.slice(0, 3).map((n) => n.html.slice(0, 160)).join(' | ')}`), []);
    await close();
  });

test('at 320 pixels results and filters fit', { timeout: 60_000 }, async () => {
  const { page, close } = await open('/servers/?state=down', { viewport: { width: 320, height: 640 } });
  await page.locator('summary').click();
  await page.getByLabel('Sort by').waitFor();
  for (const words of ['kiln', 'Cartographer', 'alert(1)']) {
    await type(page, words);
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth), words);
  }
  await close();
});
