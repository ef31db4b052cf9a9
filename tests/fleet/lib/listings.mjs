// The fleet's own registries: one in the shape of the official registry's API, a list in Markdown, a file of URLs.
import { createHash } from 'node:crypto';

// Spread over three registries as real listings are: most in one, some in two, a few only where nobody else looks. The
// name decides, so that a server does not move from night to night.
function spread(row) {
  if (row.listings) return row.listings;
  if (row.path !== '/mcp' || row.listed) return ['registry'];  // what only its registry can say
  const n = createHash('sha256').update(row.name).digest().readUInt16BE(0) % 16;
  if (n < 4) return ['registry', 'list'];
  if (n === 4) return ['list'];
  return n === 5 ? ['registry', 'file'] : ['registry'];
}

// What one of the three lists; without --spread the first has it all.
const listedIn = (rows, registry, o) => rows.filter((row) => !row.unlisted && (o.spread ? spread(row) : ['registry']).includes(registry));

// The rows in the shape of the official registry's API.
export function registryOf(rows, o) {
  const at = '2026-11-01T00:00:00Z';
  const servers = listedIn(rows, 'registry', o).map((r) => ({
    server: { name: `test.rollcall/${r.name}`, title: r.title ?? r.name, description: r.description ?? '', version: '1.0.0',
      remotes: [{ type: r.listed ?? 'streamable-http', url: r.url }] },
    _meta: { 'io.modelcontextprotocol.registry/official': { status: 'active', isLatest: true, publishedAt: at, updatedAt: at } },
  }));
  return { servers, metadata: { count: servers.length } };
}

const plain = (text) => text.replace(/[\\`*_[\]<>|#]/g, '\\$&');

// A page as people keep them: a heading and a table.
export function markdownOf(rows, o) {
  const lines = listedIn(rows, 'list', o).map((r) => `| ${plain(r.title ?? r.name)} | \`${r.url}\` | ${plain(r.description ?? '')} |\n`);
  return `# Remote servers worth knowing\n\nServers that need nothing installed, kept by hand.\n\n## Servers\n\n| Name | Endpoint | What it does |\n| --- | --- | --- |\n${lines.join('')}`;
}

export const urlsOf = (rows) => rows.map((r) => `${r.url}\n`).join('');
export const fileOf = (rows, o) => urlsOf(listedIn(rows, 'file', o));
