// node tests/browser/screenshots.mjs SITE OUT [NAME ...]: every kind of page, or those named (a beginning is enough):
// phone and desktop, light and dark, and on paper.
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { launch, pagesOf, serve } from './browser.mjs';

const [folder, out] = process.argv.slice(2, 4).map((path) => resolve(path));
const wanted = process.argv.slice(4);
const looks = [
  { look: 'phone-light', viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true, colorScheme: 'light' },
  { look: 'phone-dark', viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true, colorScheme: 'dark' },
  { look: 'desktop-light', viewport: { width: 1280, height: 800 }, colorScheme: 'light' },
  { look: 'desktop-dark', viewport: { width: 1280, height: 800 }, colorScheme: 'dark' },
  { look: 'paper', viewport: { width: 794, height: 1123 }, colorScheme: 'light', media: 'print' },
].filter(({ look }) => !process.env.LOOK || look.startsWith(process.env.LOOK));

await mkdir(out, { recursive: true });
const host = await serve(folder);
const browser = await launch();
const pages = (await pagesOf(folder)).filter((p) => wanted.length === 0 || wanted.some((w) => p.name.startsWith(w)));
try {
  for (const { look, media, ...options } of looks) {
    const context = await browser.newContext(options);
    for (const { name, path } of pages) {
      const page = await context.newPage();
      if (media) await page.emulateMedia({ media });
      await page.goto(host.origin + path, { waitUntil: 'load' });
      const file = join(out, `${name}-${look}.png`);
      await page.screenshot({ path: file, fullPage: true });
      console.log(file);
      await page.close();
    }
    await context.close();
  }
} finally {
  await browser.close();
  await host.stop();
}
