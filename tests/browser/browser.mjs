// A site, a loopback server for it and a browser: what the browser tests and script/screenshots share.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import { dirname, extname, join, resolve, sep } from 'node:path';
import { promisify } from 'node:util';
import { chromium } from 'playwright-core';

const run = promisify(execFile);
const root = resolve(import.meta.dirname, '../..');
const types = { '.html': 'text/html; charset=utf-8', '.css': 'text/css', '.js': 'text/javascript', '.json': 'application/json', '.svg': 'image/svg+xml',
  '.csv': 'text/csv', '.xml': 'application/xml', '.txt': 'text/plain; charset=utf-8', '.png': 'image/png' };

// The folder of a rendered site, to be read only: ROLLCALL_SITE, or the sample that the renderer's own tests are made
// of, which has every state and bucket, ninety nights and hostile names. A sample is made once by each program and for
// each state of the templates and assets.
// `kind` names another sample: first, regions, large, hostile, ... (tests/render/sample_test.cpp).
export async function sampleSite(kind = '') {
  if (process.env.ROLLCALL_SITE && !kind) return resolve(process.env.ROLLCALL_SITE);
  const program = join(dirname(process.env.ROLLCALL_RENDER ?? ''), 'test-render');
  const samples = join(dirname(program), '..', 'samples');
  const folder = join(samples, `${kind || 'usual'}-${await newest([program, join(root, 'templates'), join(root, 'site'), join(root, 'docs')])}`);
  if (existsSync(folder)) return folder;
  await mkdir(samples, { recursive: true });
  for (const old of await readdir(samples)) if (old.startsWith(`${kind || 'usual'}-`)) await rm(join(samples, old), { recursive: true, force: true });
  const unfinished = await mkdtemp(join(samples, 'unfinished-'));
  await run(program, ['[.sample]'], { env: { ...process.env, ROLLCALL_SAMPLE_DIR: unfinished, ROLLCALL_SAMPLE: kind }, maxBuffer: 16 << 20 });
  await rename(unfinished, folder);
  return folder;
}

// When one of these files, or one below these folders, was last changed, in ms.
async function newest(paths) {
  const times = await Promise.all(paths.map(async (path) => {
    const about = await stat(path);
    if (!about.isDirectory()) return about.mtimeMs;
    const below = (await readdir(path)).map((name) => join(path, name));
    return Math.max(about.mtimeMs, await newest(below));
  }));
  return Math.max(0, ...times);
}

// Serves `folder` as a static host does: a folder is its index.html, what is not there is 404.html. `below`: the
// sub-path that it is served at, "/repo"; outside it there is nothing.
export async function serve(folder, below = '') {
  const root = resolve(folder);
  const server = createServer(async (request, response) => {
    const asked = decodeURIComponent(new URL(request.url, 'http://localhost').pathname);
    if (!asked.startsWith(below + '/')) return void response.writeHead(410).end();
    const path = asked.slice(below.length);
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
    origin: `http://127.0.0.1:${server.address().port}${below}`,
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

export { pagesOf } from './pages.mjs';
