// Opens the pages of a site, a few at a time, and hands each to a test with what it asked for and complained of.
import assert from 'node:assert/strict';
import { launch, pagesOf, sampleSite, serve } from './browser.mjs';

const atOnce = 3;

// A site, its server, its pages and a browser: { host, pages, browser, folder, onEach, close }.
export async function openSite({ kind = '', below = '' } = {}) {
  const folder = await sampleSite(kind);
  const host = await serve(folder, below);
  const pages = await pagesOf(folder);
  const browser = await launch();

  // Calls `look(page, entry, heard)` on each of the pages, in one context made with `options`; all findings at the end.
  // A few tabs go from one to the next: opening a tab costs more than a page.
  async function onEach(options, look, { only = () => true, prepare = async () => {} } = {}) {
    const context = await browser.newContext(options);
    const waiting = pages.filter(only);
    const failures = [];
    const worker = async () => {
      const page = await context.newPage();
      const heard = listen(page);
      await prepare(page);
      for (let entry = waiting.shift(); entry; entry = waiting.shift()) {
        for (const list of Object.values(heard)) list.length = 0;
        try {
          await page.goto(host.origin + entry.path, { waitUntil: 'load' });
          await look(page, entry, heard);
        } catch (error) {
          failures.push(`${entry.name} (${entry.path}): ${error.message}`);
        }
      }
    };
    try {
      await Promise.all(Array.from({ length: atOnce }, worker));
    } finally {
      await context.close();
    }
    assert.deepEqual(failures, []);
  }

  const close = async () => {
    await browser.close();
    await host.stop();
  };
  return { folder, host, pages, browser, onEach, close };
}

function listen(page) {
  const heard = { requests: [], errors: [], dialogs: [] };
  page.on('request', (request) => heard.requests.push(request.url()));
  page.on('console', (message) => { if (message.type() === 'error') heard.errors.push(message.text()); });
  page.on('pageerror', (error) => heard.errors.push(String(error)));
  page.on('dialog', (dialog) => {
    heard.dialogs.push(dialog.message());
    return dialog.dismiss();
  });
  return heard;
}

// What a page asked of others than its own site.
export const foreign = (heard, origin) => heard.requests.filter((url) => !url.startsWith(origin + '/') && !url.startsWith('data:'));
// What it complained of; that a lost page is lost is no complaint.
export const complaints = (heard, entry) => heard.errors.filter((text) => !(entry.kind === '404' && /status of 404/.test(text)));

// Elements that reach beyond the right edge of a window that should not scroll sideways.
export const tooWide = (page) => page.evaluate(() => {
  const limit = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= limit) return [];
  return [...document.querySelectorAll('body *')].filter((e) => e.getBoundingClientRect().right > limit + 1).slice(0, 5)
    .map((e) => `${e.tagName}.${e.getAttribute('class') ?? ''} ${Math.round(e.getBoundingClientRect().right)}`);
});
