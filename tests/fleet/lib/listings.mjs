// The fleet's own registries: one in the shape of the official registry's API, a list in Markdown, a file of URLs.

const listedIn = (rows, registry) => rows.filter((row) => !row.unlisted && (row.listings ?? ['registry']).includes(registry));

// The rows in the shape of the official registry's API.
export function registryOf(rows) {
  const at = '2026-11-01T00:00:00Z';
  const servers = listedIn(rows, 'registry').map((r) => ({
    server: { name: `test.rollcall/${r.name}`, title: r.title ?? r.name, description: r.description ?? '', version: '1.0.0',
      remotes: [{ type: r.listed ?? 'streamable-http', url: r.url }] },
    _meta: { 'io.modelcontextprotocol.registry/official': { status: 'active', isLatest: true, publishedAt: at, updatedAt: at } },
  }));
  return { servers, metadata: { count: servers.length } };
}

const plain = (text) => text.replace(/[\\`*_[\]<>|#]/g, '\\$&');

// A page as people keep them: a heading, and a list of links to servers with a sentence each.
export function markdownOf(rows) {
  const items = listedIn(rows, 'list').map((r) => `- [${plain(r.title ?? r.name)}](${r.url}) - ${plain(r.description ?? '')}\n`);
  return `# Remote servers worth knowing\n\nServers that need nothing installed, kept by hand.\n\n## Servers\n\n${items.join('')}`;
}

export const urlsOf = (rows) => rows.map((r) => `${r.url}\n`).join('');
export const fileOf = (rows) => urlsOf(listedIn(rows, 'file'));
