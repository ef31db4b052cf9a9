// node tests/browser/screenshots.mjs SITE OUT: phone and desktop, light and dark, of the pages people meet first.
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { launch, pagesOf, serve } from './browser.mjs';

const [folder, out] = process.argv.slice(2).map((path) => resolve(path));
const devices = [
  { device: 'phone', viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true },
  { device: 'desktop', viewport: { width: 1280, height: 800 }, deviceScaleFactor: 1 },
];
await mkdir(out, { recursive: true });
const host = await serve(folder);
const browser = await launch();
const all = await pagesOf(folder);
const server = all.find((p) => p.name === 'server-down') ?? all.find((p) => p.name.startsWith('server-'));
const wanted = all.filter((p) => ['overview', 'list', 'report'].includes(p.name)).concat(server ? [{ ...server, name: 'server' }] : []);
try {
  for (const { device, ...options } of devices)
    for (const colorScheme of ['light', 'dark']) {
      const context = await browser.newContext({ ...options, colorScheme });
      for (const { name, path } of wanted) {
        const page = await context.newPage();
        await page.goto(host.origin + path, { waitUntil: 'load' });
        const file = join(out, `${name}-${device}-${colorScheme}.png`);
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
