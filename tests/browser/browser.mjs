// A site, a loopback server for it and a browser: what the browser tests and script/screenshots share.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, extname, join, resolve, sep } from 'node:path';
import { promisify } from 'node:util';
import { chromium } from 'playwright-core';

const run = promisify(execFile);
const types = { '.html': 'text/html; charset=utf-8', '.css': 'text/css', '.js': 'text/javascript', '.json': 'application/json', '.svg': 'image/svg+xml',
  '.csv': 'text/csv', '.xml': 'application/xml', '.txt': 'text/plain; charset=utf-8', '.png': 'image/png' };

// The folder of a rendered site: ROLLCALL_SITE, or the sample that the renderer's own tests are made of, which has
// every state and bucket, ninety nights and hostile names.
export async function sampleSite() {
  if (process.env.ROLLCALL_SITE) return { folder: resolve(process.env.ROLLCALL_SITE), remove: async () => {} };
  const folder = await mkdtemp(join(tmpdir(), 'rollcall-site-'));
  const program = join(dirname(process.env.ROLLCALL_RENDER ?? ''), 'test-render');
  await run(program, ['[.sample]'], { env: { ...process.env, ROLLCALL_SAMPLE_DIR: folder }, maxBuffer: 16 << 20 });
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) };
}

// Serves `folder` as a static host does: a folder is its index.html, what is not there is 404.html.
export async function serve(folder) {
  const root = resolve(folder);
  const server = createServer(async (request, response) => {
    const path = decodeURIComponent(new URL(request.url, 'http://localhost').pathname);
    let file = join(root, path);
    let status = 200;
    try {
      if (file !== root && !file.startsWith(root + sep)) throw new Error('outside');
      if ((await stat(file)).isDirectory()) file = join(file, 'index.html');
      await stat(file);
    } catch {
      status = 404;
      file = join(root, '404.html');
    }
    const bytes = await readFile(file).catch(() => '');
    response.writeHead(status, { 'Content-Type': types[extname(file)] ?? 'application/octet-stream' }).end(bytes);
  });
  await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
  return {
    origin: `http://127.0.0.1:${server.address().port}`,
    stop: () => new Promise((done) => { server.close(done); server.closeAllConnections(); }),
  };
}

// Chromium of the distribution, an installed Chrome, or the one that playwright-core fetched.
export function launch() {
  const candidates = [process.env.ROLLCALL_CHROMIUM, '/usr/bin/chromium', '/usr/bin/google-chrome', '/usr/bin/google-chrome-stable'];
  return chromium.launch({
    executablePath: candidates.find((path) => path && existsSync(path)),
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--no-first-run', '--disable-dev-shm-usage'],
  });
}

// The pages that stand for the site: { name, path }; a server of each state that occurs.
export async function pagesOf(folder) {
  const read = async (path) => JSON.parse(await readFile(join(folder, path), 'utf8'));
  const { servers } = await read('api/v1/servers.json');
  const pages = [{ name: 'overview', path: '/' }, { name: 'list', path: '/servers/' }];
  for (const state of ['up', 'degraded', 'down', 'gated', 'unknown']) {
    const one = servers.find((s) => s.state === state);
    if (one) pages.push({ name: `server-${state}`, path: `/servers/${one.slug}/`, slug: one.slug });
  }
  const { incidents } = await read('api/v1/incidents.json');
  pages.push({ name: 'incidents', path: '/incidents/' }, { name: 'platforms', path: '/platforms/' });
  for (const kind of ['shared', 'single', 'certificate']) {
    const one = incidents.find((i) => i.kind === kind);
    if (one) pages.push({ name: `incident-${kind}`, path: `/incidents/${one.id}/` });
  }
  const long = incidents.findLast((i) => i.servers > 100);
  if (long) pages.push({ name: 'incident-many', path: `/incidents/${long.id}/` });
  if (incidents.length) pages.push({ name: 'incidents-month', path: `/incidents/by/${incidents[0].opened_at.slice(0, 7)}/` });
  const { platforms } = await read('api/v1/platforms.json');
  if (platforms.length) pages.push({ name: 'platform', path: `/platforms/${platforms[0].platform}/` });
  const index = await readFile(join(folder, 'reports/index.html'), 'utf8').catch(() => '');
  const quarter = /\d{4}-Q[1-4]/.exec(index)?.[0];
  if (quarter) pages.push({ name: 'report', path: `/reports/${quarter}/` });
  for (const [name, path] of [['badges', '/badges/'], ['method', '/docs/method/'], ['probed', '/docs/probed/'], ['not-found', '/no/such/page']])
    pages.push({ name, path });
  return pages;
}
