// The real MCP servers, one row each: the package, how it is started, and what its documentation leads to expect.
//
// `looks` are the URLs that are looked at; a look is { path: '/mcp', host: '127.0.0.1', reason: 'ok', warnings: [] }
// unless it says otherwise. `tools` is how many the package has.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
export const modules = join(here, '../node_modules');
const bin = (name) => join(modules, '.bin', name);
const built = (name) => join(here, 'built', `${name}.mjs`);
const official = (name) => join(modules, '@modelcontextprotocol', name, 'dist/index.js');
const bridged = (...command) => command.map((part) => `"${part}"`).join(' ');

const legacy = (tools, more) => ({ era: 'legacy', transport: 'streamable-http', tools, ...more });
const modern = (tools, more) => ({ era: 'modern', transport: 'streamable-http', tools, ...more });
const sse = (tools, more) => ({ path: '/sse', era: 'legacy', transport: 'sse', tools, warnings: ['deprecated_transport'], ...more });
const gateway = (command, output, ...more) => (port) => [bin('supergateway'), '--stdio', command, '--outputTransport', output, '--port', String(port), '--logLevel', 'none', ...more];
const proxy = (...command) => (port) => [bin('mcp-proxy'), '--host', '127.0.0.1', '--port', String(port), '--', process.execPath, ...command];

export const peers = [
  // Libraries, each with a server of ours on it.
  { name: 'sdk-dual', of: '@modelcontextprotocol/server', args: (port) => [built('sdk'), String(port)], looks: [modern(3)] },
  { name: 'sdk-modern-only', of: '@modelcontextprotocol/server', args: (port) => [built('sdk'), String(port), 'modern-only'], looks: [modern(3)] },
  { name: 'mcp-handler', of: 'mcp-handler', args: (port) => [built('mcp_handler'), String(port)], looks: [modern(2)] },
  { name: 'fastmcp', of: 'fastmcp', args: (port) => [built('fastmcp'), String(port)], looks: [legacy(2)] },
  { name: 'fastmcp-stateless', of: 'fastmcp', args: (port) => [built('fastmcp'), String(port), 'stateless'], looks: [legacy(2)] },
  // It ends a notification with `null` in the body.
  { name: 'hono', of: '@hono/mcp', args: (port) => [built('hono'), String(port)], looks: [legacy(1, { warnings: ['notify_status'] })] },
  { name: 'mcp-framework', of: 'mcp-framework', args: (port) => [built('mcp_framework'), String(port)], looks: [legacy(1)] },
  // Agrees to a version and refuses it in the next request; its older transport is well.
  { name: 'mcp-http-server', of: 'mcp-http-server', args: (port) => [built('mcp_http_server'), String(port)],
    looks: [{ era: 'legacy', transport: 'streamable-http', reason: 'version_unsupported' }, sse(1)] },

  // Servers as they come.
  { name: 'everything', of: '@modelcontextprotocol/server-everything', args: () => [official('server-everything'), 'streamableHttp'],
    env: (port) => ({ PORT: String(port) }), looks: [legacy(13)] },
  { name: 'everything-sse', of: '@modelcontextprotocol/server-everything', args: () => [official('server-everything'), 'sse'],
    env: (port) => ({ PORT: String(port) }), looks: [sse(13)] },
  { name: 'context7', of: '@upstash/context7-mcp', args: (port) => [bin('context7-mcp'), '--transport', 'http', '--port', String(port)], looks: [modern(2)] },
  // It answers in JSON, never as a stream of events.
  { name: 'chart', of: '@antv/mcp-server-chart', args: (port) => [bin('mcp-server-chart'), '--transport', 'streamable', '--port', String(port)], looks: [legacy(27)] },
  { name: 'chart-sse', of: '@antv/mcp-server-chart', args: (port) => [bin('mcp-server-chart'), '--transport', 'sse', '--port', String(port)], looks: [sse(27)] },
  { name: 'notion', of: '@notionhq/notion-mcp-server', args: (port) => [bin('notion-mcp-server'), '--transport', 'http', '--port', String(port), '--unsafe-disable-auth'],
    env: () => ({ NOTION_TOKEN: 'none' }), looks: [legacy(24)] },
  { name: 'notion-gated', of: '@notionhq/notion-mcp-server', args: (port) => [bin('notion-mcp-server'), '--transport', 'http', '--port', String(port), '--auth-token', 'secret'],
    env: () => ({ NOTION_TOKEN: 'none' }), looks: [{ reason: 'auth_bare' }] },
  { name: 'searxng', of: 'mcp-searxng', args: () => [bin('mcp-searxng')],
    env: (port) => ({ MCP_HTTP_PORT: String(port), SEARXNG_URL: 'http://127.0.0.1:9' }), looks: [legacy(4)] },
  // It knows itself as localhost only.
  { name: 'playwright', of: '@playwright/mcp', args: (port) => [bin('playwright-mcp'), '--headless', '--port', String(port)],
    looks: [legacy(25, { host: 'localhost' }), sse(25, { host: 'localhost' }), { reason: 'host_rejected' }] },
  // An unknown method is a broken server to it: 500. Its transport is that of @hono/mcp.
  { name: 'git', of: '@cyanheads/git-mcp-server', args: () => [bin('git-mcp-server')],
    env: (port) => ({ MCP_TRANSPORT_TYPE: 'http', MCP_HTTP_PORT: String(port), MCP_HTTP_HOST: '127.0.0.1' }), looks: [legacy(28, { warnings: ['notify_status', 'discover_unfriendly'] })] },

  // Servers of standard input and output behind bridges to HTTP.
  { name: 'filesystem-by-mcp-proxy', of: 'mcp-proxy', args: (port, folder) => proxy(official('server-filesystem'), folder)(port), looks: [modern(14), sse(14)] },
  { name: 'calc-by-mcp-proxy', of: 'mcp-proxy', args: proxy(bin('calc-mcp')), looks: [modern(21)] },
  { name: 'memory-by-supergateway', of: 'supergateway', args: gateway(bridged(process.execPath, official('server-memory')), 'streamableHttp'),
    // Its store would otherwise be written into node_modules.
    env: () => ({ MEMORY_FILE_PATH: '/dev/null' }), looks: [legacy(9)] },
  { name: 'meteo-by-supergateway', of: 'supergateway', args: gateway(bridged(process.execPath, bin('open-meteo-mcp-server')), 'streamableHttp', '--stateful'), looks: [legacy(17)] },
  { name: 'thinking-by-supergateway', of: 'supergateway', args: gateway(bridged(process.execPath, official('server-sequential-thinking')), 'streamableHttp', '--stateful'), looks: [legacy(1)] },
  { name: 'time-by-supergateway', of: 'supergateway', args: gateway(bridged(process.execPath, bin('time-mcp')), 'sse'), looks: [sse(6)] },
];
