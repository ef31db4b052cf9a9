// What a server says of itself, read with curl and nothing of ours: the independent side of the peer test.
import { execFile, spawn } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);
const curl = ['--silent', '--show-error', '--max-time', '20', '--noproxy', '*'];
const accept = ['-H', 'Accept: application/json, text/event-stream', '-H', 'Content-Type: application/json'];
const client = { name: 'rollcall-peer-test', version: '1.0' };

// The messages in a body that is one JSON document, or an event stream.
function messagesOf(body, type) {
  if (type.startsWith('application/json')) return body.trim() ? [JSON.parse(body)].flat() : [];
  if (!type.startsWith('text/event-stream')) return [];
  return body.split(/\r?\n\r?\n/)
    .map((event) => event.split(/\r?\n/).filter((line) => line.startsWith('data:')).map((line) => line.slice(5).trimStart()).join('\n'))
    .filter((data) => data)
    .map((data) => JSON.parse(data));
}

async function post(url, message, headers = {}) {
  const given = Object.entries(headers).flatMap(([name, value]) => ['-H', `${name}: ${value}`]);
  const { stdout } = await run('curl', [...curl, '--include', '-X', 'POST', ...accept, ...given, '--data-binary', JSON.stringify(message), url], { maxBuffer: 16 << 20 });
  const cut = stdout.indexOf('\r\n\r\n');
  const [first, ...lines] = stdout.slice(0, cut).split('\r\n');
  const fields = new Map(lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]));
  const body = stdout.slice(cut + 4);
  const messages = messagesOf(body, fields.get('content-type') ?? '');
  return { status: Number(first.split(' ')[1]), fields, body, reply: messages.find((m) => m?.id === message.id) };
}

// The names on all pages of a list, by a function that asks for one page.
async function namesOf(ask) {
  const names = [];
  let cursor;
  do {
    const { tools, nextCursor } = await ask(cursor ? { cursor } : {});
    names.push(...tools.map((tool) => tool.name));
    cursor = nextCursor;
  } while (cursor);
  return names;
}

const nothing = { era: 'unknown', transport: 'unknown', protocol_version: null, server: { name: null, version: null }, tools: [], warnings: [] };

async function modern(url) {
  const version = '2026-07-28';
  const _meta = {
    'io.modelcontextprotocol/protocolVersion': version,
    'io.modelcontextprotocol/clientInfo': client,
    'io.modelcontextprotocol/clientCapabilities': {},
  };
  const ask = (id, method, params) =>
    post(url, { jsonrpc: '2.0', id, method, params: { ...params, _meta } }, { 'MCP-Protocol-Version': version, 'Mcp-Method': method });
  const discovered = await ask(1, 'server/discover', {});
  const result = discovered.reply?.result;
  if (!result?.supportedVersions?.includes(version)) return { status: discovered.status };
  const { name, version: release } = result._meta['io.modelcontextprotocol/serverInfo'];
  const tools = await namesOf(async (page) => (await ask(2, 'tools/list', page)).reply.result);
  return { found: { ...nothing, reason: 'ok', era: 'modern', transport: 'streamable-http', protocol_version: version, server: { name, version: release }, tools } };
}

const hello = { jsonrpc: '2.0', id: 1, method: 'initialize', params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: client } };
const ready = { jsonrpc: '2.0', method: 'notifications/initialized' };

function refusal({ status, fields, body }) {
  if (status === 401) return fields.get('www-authenticate')?.includes('resource_metadata') ? 'auth_challenge' : 'auth_bare';
  if (status === 403 && /only allowed at localhost/.test(body)) return 'host_rejected';
  return undefined;
}

async function legacy(url, discoverStatus) {
  const answer = await post(url, hello);
  const result = answer.reply?.result;
  if (!result) return { ...nothing, reason: refusal(answer) };
  const { protocolVersion: version, serverInfo: { name, version: release } } = result;
  const said = { ...nothing, era: 'legacy', transport: 'streamable-http', protocol_version: version, server: { name, version: release } };

  const session = answer.fields.get('mcp-session-id');
  const headers = { 'MCP-Protocol-Version': version, ...(session && { 'Mcp-Session-Id': session }) };
  const noted = await post(url, ready, headers);
  const listed = (page) => post(url, { jsonrpc: '2.0', id: 2, method: 'tools/list', params: page }, headers);
  const first = await listed({});
  if (first.status === 400 && /Unsupported protocol version/.test(first.body)) return { ...said, reason: 'version_unsupported' };
  const tools = await namesOf(async (page) => (await listed(page)).reply.result);
  if (session) await run('curl', [...curl, '-X', 'DELETE', '-H', `Mcp-Session-Id: ${session}`, '-H', `MCP-Protocol-Version: ${version}`, url]);
  const warnings = [
    ...(noted.status !== 202 || noted.body.trim() ? ['notify_status'] : []),
    ...(discoverStatus >= 500 ? ['discover_unfriendly'] : []),
  ];
  return { ...said, reason: 'ok', tools, warnings };
}

// The transport of 2024-11-05: a GET that stays open carries every answer.
async function sse(url) {
  const stream = spawn('curl', [...curl, '--no-buffer', '-H', 'Accept: text/event-stream', url], { stdio: ['ignore', 'pipe', 'inherit'] });
  const events = [], waiting = [];
  let pending = '';
  stream.stdout.on('data', (bytes) => {
    pending += bytes;
    for (let end; (end = pending.search(/\r?\n\r?\n/)) >= 0;) {
      const lines = pending.slice(0, end).split(/\r?\n/);
      pending = pending.slice(end).replace(/^(\r?\n){2}/, '');
      const field = (name) => lines.filter((l) => l.startsWith(`${name}:`)).map((l) => l.slice(name.length + 1).trimStart()).join('\n');
      events.push({ event: field('event') || 'message', data: field('data') });
      waiting.splice(0).forEach((wake) => wake());
    }
  });
  const ended = new Promise((resolve) => stream.once('exit', () => { resolve(); waiting.splice(0).forEach((wake) => wake()); }));
  const next = async (fits) => {
    for (;;) {
      const at = events.findIndex(fits);
      if (at >= 0) return events.splice(at, 1)[0].data;
      if (stream.exitCode !== null) throw new Error(`${url}: the event stream ended`);
      await new Promise((wake) => waiting.push(wake));
    }
  };
  try {
    const endpoint = new URL(await next((e) => e.event === 'endpoint'), url).href;
    const ask = async (message) => {
      await run('curl', [...curl, '-X', 'POST', ...accept, '--data-binary', JSON.stringify(message), endpoint]);
      if (message.id === undefined) return undefined;
      return JSON.parse(await next((e) => e.event === 'message' && JSON.parse(e.data).id === message.id)).result;
    };
    const { protocolVersion, serverInfo: { name, version } } = await ask(hello);
    await ask(ready);
    let id = 1;
    const tools = await namesOf((page) => ask({ jsonrpc: '2.0', id: ++id, method: 'tools/list', params: page }));
    return { reason: 'ok', era: 'legacy', transport: 'sse', protocol_version: protocolVersion, server: { name, version }, tools, warnings: ['deprecated_transport'] };
  } finally {
    stream.kill();
    await ended;
  }
}

// { reason, era, transport, protocol_version, server, tools, warnings }, the newer era first as a client would.
export async function truthOf(url, transport) {
  if (transport === 'sse') return sse(url);
  const { found, status } = await modern(url);
  const said = found ?? (await legacy(url, status));
  if (!said.reason) throw new Error(`${url} speaks neither era`);
  return said;
}
