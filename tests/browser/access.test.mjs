// Who cannot see well, or has no pointer: axe in both colours, the keyboard, high contrast, motion.
import test, { after, before } from 'node:test';
import assert from 'node:assert/strict';
import axe from 'axe-core';
import { openSite } from './visit.mjs';

let site;
before(async () => { site = await openSite(); }, { timeout: 120_000 });
after(() => site?.close());

const level = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
const colours = axe.getRules(level).filter((rule) => rule.tags.includes('cat.color')).map((rule) => rule.ruleId);

test('axe finds nothing against WCAG 2.2 AA, in light colours and in dark', { timeout: 180_000 }, async () => {
  await site.onEach({}, async (page) => {
    await page.emulateMedia({ colorScheme: 'light' });
    await page.evaluate(axe.source);
    const found = async (how) => (await page.evaluate((runOnly) => globalThis.axe.run(document, runOnly), how)).violations.map((v) => `${v.id}: ${v.nodes.slice(0, 3).map((n) => n.html.slice(0, 160)).join(' | ')}`);
    const light = await found({ runOnly: level });
    // The page is the same one: only what depends on its colours can change with them.
    await page.emulateMedia({ colorScheme: 'dark' });
    assert.equal(await page.evaluate(() => matchMedia('(prefers-color-scheme: dark)').matches), true);
    const dark = await found({ runOnly: colours });
    assert.deepEqual({ light, dark }, { light: [], dark: [] });
  });
});

// Where the focus is, and whether anything shows it.
const focused = (page) => page.evaluate(() => {
  const e = document.activeElement;
  if (!e || e === document.body) return null;
  const style = getComputedStyle(e);
  const box = e.getBoundingClientRect();
  return { what: `${e.tagName} ${e.textContent.trim().slice(0, 30)}`, order: globalThis.controls.indexOf(e), seen: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2 && box.width > 0 && box.right > 0 };
});

test('Tab reaches every control once and in order, each showing that it is reached', { timeout: 180_000 }, async () => {
  await site.onEach({ viewport: { width: 1280, height: 800 }, reducedMotion: 'reduce' }, async (page) => {
    const count = await page.evaluate(() => {
      globalThis.controls = [...document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex="0"]')].filter((e) => e.checkVisibility() && !e.disabled);
      return globalThis.controls.length;
    });
    // A long page says no more than its beginning.
    for (let i = 0; i < Math.min(count, 60); ++i) {
      await page.keyboard.press('Tab');
      const now = await focused(page);
      assert.ok(now, `nothing has the focus after ${i + 1} of ${count} steps`);
      assert.equal(now.order, i, `${now.what} is number ${now.order}, not ${i}`);
      assert.ok(now.seen, `${now.what} does not show its focus`);
    }
    for (let i = Math.min(count, 60) - 2; i >= 0 && i > Math.min(count, 60) - 5; --i) {
      await page.keyboard.press('Shift+Tab');
      assert.equal((await focused(page))?.order, i, 'no way back');
    }
  });
});

test('the first Tab offers to skip to the content, and does', { timeout: 60_000 }, async () => {
  await site.onEach({}, async (page) => {
    await page.keyboard.press('Tab');
    assert.match(await page.evaluate(() => document.activeElement.textContent), /skip to content/i);
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    const inside = await page.evaluate(() => !document.querySelector('.masthead').contains(document.activeElement) && document.activeElement.className !== 'skip');
    assert.ok(inside, 'the focus is still above the content');
  });
});

test('in forced colours every figure keeps marks that can be told from the page', { timeout: 60_000 }, async () => {
  await site.onEach({ forcedColors: 'active' }, async (page) => {
    const lost = await page.evaluate(() => [...document.querySelectorAll('.plot path, td.len path, td.len rect')].filter((e) => {
      const style = getComputedStyle(e);
      const page = getComputedStyle(document.body).backgroundColor;
      return [style.fill, style.stroke].every((paint) => paint === 'none' || paint === page);
    }).map((e) => e.outerHTML.slice(0, 80)));
    assert.deepEqual(lost, []);
  });
});

test('nothing moves for who asked for less motion', { timeout: 60_000 }, async () => {
  await site.onEach({ reducedMotion: 'reduce' }, async (page) => {
    const moving = await page.evaluate(() => [document.documentElement, ...document.querySelectorAll('body *')].filter((e) => {
      const s = getComputedStyle(e);
      return s.scrollBehavior === 'smooth' || s.animationName !== 'none' || parseFloat(s.transitionDuration) > 0;
    }).length);
    assert.equal(moving, 0);
  });
});

test('what can be touched is at least 24 pixels high, or stands in a sentence or a row of its own', { timeout: 60_000 }, async () => {
  await site.onEach({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }, async (page) => {
    const small = await page.evaluate(() => [...document.querySelectorAll('button, input, select, summary, nav a, [role="slider"]')].filter((e) => e.checkVisibility()).map((e) => [e, e.getBoundingClientRect()])
      .filter(([, box]) => box.height > 0 && box.height < 24).map(([e, box]) => `${e.tagName} ${e.textContent.trim().slice(0, 20)} ${Math.round(box.height)}`));
    assert.deepEqual(small, []);
  });
});
