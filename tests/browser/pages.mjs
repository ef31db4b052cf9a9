// Which pages stand for a site: one of every kind that it has, the heaviest, and those that are special.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

// Names that differ from the kind, which is the name of the page's template.
const names = { servers: 'list', 404: 'not-found' };

// Servers have a page of many faces: one for each state, and the heaviest with each of these.
const faces = { owner: 'id="h-owner"', drift: 'id="h-drifts"', ladder: 'id="h-auth"', incident: 'class="incident ', regions: 'class="not-from"><li', never: 'not been measured yet', stale: 'not been measured since' };

async function* htmlFiles(folder, below = '') {
  for (const entry of (await readdir(join(folder, below), { withFileTypes: true })).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = below + entry.name;
    if (entry.isDirectory()) yield* htmlFiles(folder, path + '/');
    else if (path.endsWith('.html')) yield path;
  }
}

function marksOf(kind, html) {
  if (kind === 'incident') return [`incident-${/data-incident="(\w+)"/.exec(html)?.[1] ?? 'any'}`];
  if (kind !== 'server') return [names[kind] ?? kind];
  const state = /class="verdict v-(\w+)"/.exec(html)?.[1];
  return [`server-${state}`, ...Object.keys(faces).filter((face) => html.includes(faces[face])).map((face) => `server-${face}`)];
}

// [{ name, names, path, kind, slug }] in a steady order. A page that wins more than one name is looked at once, under
// the first: its state, where it has one.
export async function pagesOf(folder) {
  const best = new Map();
  for await (const file of htmlFiles(folder)) {
    const html = await readFile(join(folder, file), 'utf8');
    const kind = /<body data-kind="([\w-]+)"/.exec(html)?.[1];
    if (!kind) throw new Error(`${file} does not say what kind of page it is`);
    for (const name of marksOf(kind, html))
      if (!best.has(name) || best.get(name).size < html.length) best.set(name, { file, kind, size: html.length });
  }
  const late = (name) => (Object.keys(faces).some((face) => name === `server-${face}`) ? 1 : 0);
  const pages = new Map();
  for (const [name, { file, kind }] of [...best].sort(([a], [b]) => late(a) - late(b) || (a < b ? -1 : 1))) {
    if (pages.has(file)) {
      pages.get(file).names.push(name);
      continue;
    }
    const path = kind === '404' ? '/no/such/page' : '/' + file.replace(/index\.html$/, '');
    pages.set(file, { name, names: [name], path, kind, ...(kind === 'server' && { slug: path.slice('/servers/'.length, -1) }) });
  }
  return [...pages.values()];
}
