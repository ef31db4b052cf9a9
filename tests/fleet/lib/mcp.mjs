// What a server of ours says in MCP: results by JSON-RPC method, for either era, with named deviations.
import { randomUUID } from 'node:crypto';

export const modernVersion = '2026-07-28', newestLegacy = '2025-11-25';

export const success = (id, result) => ({ jsonrpc: '2.0', id, result });
export const failure = (id, code, message, data) => ({ jsonrpc: '2.0', id, error: { code, message, ...(data && { data }) } });

const words = ['list', 'get', 'search', 'create', 'update', 'compare', 'export', 'watch'];

function tool(name) {
  return { name, description: `${name.replaceAll('_', ' ').replace(/^./, (c) => c.toUpperCase())}.`,
    inputSchema: { type: 'object', properties: { query: { type: 'string', description: 'What to look for' }, limit: { type: 'integer', minimum: 1 } },
      required: ['query'] } };
}

// tools: a number, or a list of names and of whole tools; {"add": {...}} merges into a made tool.
export function toolsOf(row) {
  const tools = row.tools ?? 2;
  const topic = row.name.split('-')[0];
  if (typeof tools === 'number')
    return Array.from({ length: tools }, (_, i) => tool(`${words[i % words.length]}_${topic}${i < words.length ? '' : `_${Math.floor(i / words.length) + 1}`}`));
  return tools.map((t) => (typeof t === 'string' ? tool(t) : t?.add ? { ...tool(t.name), ...t.add } : t));
}

const quirksOf = (row) => new Set(row.quirks ?? []);
export const speaksModern = (row) => ['modern', 'dual'].includes(row.era ?? 'legacy');
export const speaksLegacy = (row) => (row.era ?? 'legacy') !== 'modern';
const info = (row) => ({ name: row.name, version: '1.2.0' });

function listTools(row, params, modern) {
  const quirks = quirksOf(row), all = toolsOf(row), pages = row.pages ?? 1;
  const page = Number(/^page-(\d+)$/.exec(params?.cursor ?? '')?.[1] ?? 1);
  const size = Math.ceil(all.length / pages) || 1;
  const result = { tools: quirks.has('cursor_loop') || params?.cursor === '' ? all : all.slice((page - 1) * size, page * size) };
  if (page < pages) result.nextCursor = `page-${page + 1}`;
  if (quirks.has('cursor_loop')) result.nextCursor = 'page-1';
  if (quirks.has('cursor_empty')) result.nextCursor = '';
  if (quirks.has('cursor_null')) result.nextCursor = null;
  if (modern) Object.assign(result, { resultType: 'complete', ttlMs: 60000, cacheScope: 'public' });
  for (const key of row.omit ?? []) delete result[key];
  return result;
}

// "$raw:1e400" stands for 1e400 itself, and "$nest:9" for nine lists in one another: what JSON.stringify never writes.
const unquote = (text) => text.replace(/"\$raw:([^"]*)"/g, '$1').replace(/"\$nest:(\d+)"/g, (_, n) => '['.repeat(n) + ']'.repeat(n));

// A message as the row sends it: with what lies over it, and as a list or with the id as text if it must be.
export function textOf(row, message) {
  const quirks = quirksOf(row), envelope = { ...message, ...row.envelope };
  for (const key of Object.keys(envelope)) if (envelope[key] === '$absent') delete envelope[key];
  if (quirks.has('id_text')) envelope.id = String(envelope.id);
  return unquote(JSON.stringify(quirks.has('batched') ? [envelope] : envelope));
}

const event = (text) => `event: message\ndata: ${text}\n\n`;

// The event stream that carries a message: as `frame` has it, or an event between what the quirks put around it.
export function streamOf(row, text) {
  if (row.frame) return row.frame.replaceAll('{message}', () => text).replaceAll('{lines}', () => JSON.stringify(JSON.parse(text), null, 1).replaceAll('\n', '\ndata: '));
  const quirks = quirksOf(row);
  const before = [quirks.has('priming') ? `: ready\n\nid: ${randomUUID()}\ndata: \n\n` : '',
    quirks.has('server_request') ? event(JSON.stringify({ jsonrpc: '2.0', id: 'ask-1', method: 'ping' })) : ''].join('');
  return before + (quirks.has('unterminated') ? event(text).slice(0, -1) : event(text));
}

// The row's own members of a result, by method: null takes its place, "$absent" takes a member away.
function overlaid(row, method, result) {
  const all = { ...result, ...row.results?.[method] };
  for (const key of Object.keys(all)) if (all[key] === '$absent') delete all[key];
  return all;
}

// What a tool gives: `calls` has the result of each, or {"error": {code, message}}.
function called(row, id, params, more) {
  const given = row.calls[params?.name];
  if (!given) return failure(id, -32602, `Unknown tool: ${params?.name}`);
  return given.error ? failure(id, given.error.code, given.error.message) : success(id, { content: [], ...more, ...given });
}

// The answer to one request: {status, message, session, headers} or {status} without a body.
export function converse(row, state, request, rpc) {
  const quirks = quirksOf(row), id = rpc.id ?? null;
  const said = request.headers['mcp-protocol-version'];
  const modern = speaksModern(row) && (rpc.method === 'server/discover' || said === modernVersion);
  const capabilities = quirks.has('no_tools_capability') ? {} : { tools: { listChanged: false } };
  if (modern) {
    if (said !== modernVersion || request.headers['mcp-method'] !== rpc.method)
      return { status: 400, message: failure(id, -32020, 'Header and body disagree') };
    if (rpc.method === 'server/discover')
      return { status: 200, message: success(id, overlaid(row, rpc.method, { supportedVersions: [modernVersion], capabilities, resultType: 'complete',
        ttlMs: 60000, cacheScope: 'public', _meta: { 'io.modelcontextprotocol/serverInfo': info(row) } })) };
    if (rpc.method === 'tools/list' && !quirks.has('modern_list_fails'))
      return { status: 200, message: success(id, overlaid(row, rpc.method, listTools(row, rpc.params, true))) };
    if (rpc.method === 'tools/call' && row.calls) return { status: 200, message: called(row, id, rpc.params, { resultType: 'complete' }) };
    return { status: 404, message: failure(id, -32601, 'Method not found') };
  }
  if (!speaksLegacy(row)) return { status: 400, message: failure(id, -32022, 'Unsupported protocol version', { supported: [modernVersion] }) };

  if (rpc.method === 'initialize') {
    const session = row.session ? randomUUID() : undefined;
    if (session) [state.sessions, state.given].forEach((ids) => ids.add(session));
    const headers = quirks.has('sticky_by_cookie') ? { 'Set-Cookie': 'replica=2; Path=/; HttpOnly' } : {};
    return { status: 200, session, headers, message: success(id, overlaid(row, rpc.method, { protocolVersion: row.protocol ?? newestLegacy, capabilities, serverInfo: info(row) })) };
  }
  if (row.session) {
    const session = request.headers['mcp-session-id'];
    if (!session) return { status: 400, message: failure(null, -32000, 'Bad Request: No valid session ID provided') };
    if (quirks.has('forgets_sessions') || !state.sessions.has(session)) return { status: 404, message: failure(null, -32001, 'Session not found') };
    // Another replica than the one that the cookie of the first answer leads to.
    if (quirks.has('sticky_by_cookie') && !request.headers.cookie) return { status: 404, message: failure(null, -32001, 'Session not found') };
    if (request.method === 'DELETE') {
      state.sessions.delete(session);
      return { status: 200 };
    }
  }
  if (request.method === 'DELETE') return { status: 405 };
  if (rpc.method === 'notifications/initialized') state.greeted.add(request.headers['mcp-session-id'] ?? '');
  if (rpc.method === 'tools/list' && quirks.has('strict_order') && !state.greeted.has(request.headers['mcp-session-id'] ?? ''))
    return { status: 200, message: failure(id, -32602, 'Received request before initialization was complete') };
  if (rpc.method === 'notifications/initialized') return { status: quirks.has('notify_200') ? 200 : 202 };
  if (rpc.method === 'tools/list' && quirks.has('page_2_fails') && rpc.params?.cursor) return { status: 200, message: failure(id, -32603, 'Internal error') };
  if (rpc.method === 'tools/call' && row.calls) return { status: 200, message: called(row, id, rpc.params, {}) };
  if (rpc.method === 'tools/list' && !quirks.has('list_unknown')) return { status: 200, message: success(id, overlaid(row, rpc.method, listTools(row, rpc.params, false))) };
  return { status: 200, message: failure(id, -32601, 'Method not found') };
}
