// What a server says of itself, read with curl and nothing of ours: the independent side of the peer test.
import { execFile, spawn } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);
const curl = ['--silent', '--show-error', '--max-time', '20'];
const accept = ['-H', 'Accept: application/json, text/event-stream', '-H', 'Content-Type: application/json'];
const client = { name: 'rollcall-peer-test', version: '1.0' };

// The messages in a body that is one JSON document, or an event stream.
function messagesOf(body, type) {
  if (!type.startsWith('text/event-stream')) return body.trim() ? [JSON.parse(body)] : [];
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
  const messages = messagesOf(stdout.slice(cut + 4), fields.get('content-type') ?? '');
  return { status: Number(first.split(' ')[1]), fields, reply: messages.find((m) => m.id === message.id) };
}

// All pages of a list, by a function that asks for one page.
async function countTools(ask) {
  let cursor, count = 0;
  do {
    const { tools, nextCursor } = await ask(cursor ? { cursor } : {});
    count += tools.length;
    cursor = nextCursor;
  } while (cursor);
  return count;
}

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
  if (!discovered.reply?.result?.supportedVersions?.includes(version)) return undefined;
  const tool_count = await countTools(async (page) => (await ask(2, 'tools/list', page)).reply.result);
  return { era: 'modern', transport: 'streamable-http', protocol_version: version, tool_count };
}

const hello = { jsonrpc: '2.0', id: 1, method: 'initialize', params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: client } };
const ready = { jsonrpc: '2.0', method: 'notifications/initialized' };

async function legacy(url) {
  const answer = await post(url, hello);
  const version = answer.reply?.result?.protocolVersion;
  if (!version) return undefined;
  const session = answer.fields.get('mcp-session-id');
  const headers = { 'MCP-Protocol-Version': version, ...(session && { 'Mcp-Session-Id': session }) };
  await post(url, ready, headers);
  const tool_count = await countTools(async (page) => (await post(url, { jsonrpc: '2.0', id: 2, method: 'tools/list', params: page }, headers)).reply.result);
  if (session) await run('curl', [...curl, '-X', 'DELETE', '-H', `Mcp-Session-Id: ${session}`, '-H', `MCP-Protocol-Version: ${version}`, url]);
  return { era: 'legacy', transport: 'streamable-http', protocol_version: version, tool_count };
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
    const { protocolVersion } = await ask(hello);
    await ask(ready);
    let id = 1;
    const tool_count = await countTools((page) => ask({ jsonrpc: '2.0', id: ++id, method: 'tools/list', params: page }));
    return { era: 'legacy', transport: 'sse', protocol_version: protocolVersion, tool_count };
  } finally {
    stream.kill();
    await ended;
  }
}

// { era, transport, protocol_version, tool_count }, the newer era first as a client would.
export async function truthOf({ url, transport }) {
  if (transport === 'sse') return sse(url);
  const found = (await modern(url)) ?? (await legacy(url));
  if (!found) throw new Error(`${url} speaks neither era`);
  return found;
}
