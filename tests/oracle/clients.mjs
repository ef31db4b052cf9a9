// The official clients, each in each of its modes, as one function: url -> the names of the listed tools, or a refusal.
import { Resolver } from 'node:dns/promises';
import { readFile } from 'node:fs/promises';
import { Agent, fetch } from 'undici';
import { Client as FirstClient } from '@modelcontextprotocol/sdk/client/index.js';
import { SSEClientTransport as FirstEvents } from '@modelcontextprotocol/sdk/client/sse.js';
import { StreamableHTTPClientTransport as FirstStreamable } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { Client, SSEClientTransport, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';

const who = { name: 'rollcall-oracle', version: '1.0' };
const mostPages = 100;

// mode: [client, options, its transports in the order in which a client tries them]
const modes = {
  '1.x': [FirstClient, {}, [FirstStreamable, FirstEvents]],
  '2.x auto': [Client, { versionNegotiation: { mode: 'auto' } }, [StreamableHTTPClientTransport, SSEClientTransport]],
  '2.x': [Client, {}, [StreamableHTTPClientTransport, SSEClientTransport]],
};
export const modeNames = Object.keys(modes);

// A fetch that knows the fleet's names and trusts its authority, apart from the machine's own.
export async function fetchOf({ out, ports }) {
  const resolver = new Resolver();
  resolver.setServers([`127.0.0.1:${ports.dns}`]);
  const lookup = (name, options, done) => resolver.resolve4(name).then(
    (found) => (options.all ? done(null, found.map((address) => ({ address, family: 4 }))) : done(null, found[0], 4)), done);
  const dispatcher = new Agent({ connect: { ca: await readFile(`${out}/ca.pem`), lookup, timeout: 3000 } });
  return { fetch: (url, options) => fetch(url, { ...options, dispatcher }), close: () => dispatcher.destroy() };
}

async function namesOf(client, limits) {
  const names = [];
  let cursor;
  for (let page = 0; page < mostPages; ++page) {
    const list = await client.listTools(cursor === undefined ? {} : { cursor }, limits);
    names.push(...list.tools.map((tool) => tool.name));
    if ((cursor = list.nextCursor) === undefined) return names;
  }
  throw new Error('the list does not end');
}

// { tools } or { refused: why }. A client that is still busy at the limit refuses as well.
async function attempt(client, transport, ending, limitMs) {
  let timer;
  const limit = new Promise((_, reject) => { timer = setTimeout(() => reject(new Error('not finished in time')), limitMs); });
  const work = client.connect(transport, { timeout: limitMs }).then(() => namesOf(client, { timeout: limitMs }));
  try {
    return { tools: await Promise.race([work, limit]) };
  } catch (e) {
    return { refused: String(e?.message ?? e).replace(/\s+/g, ' ') };
  } finally {
    clearTimeout(timer);
    work.catch(() => {});
    ending.abort();
    await client.close().catch(() => {});
  }
}

// One mode's answer to one address: by Streamable HTTP, else by the transport before it. The first refusal tells.
export async function ask(mode, url, fetching, limitMs) {
  const [Kind, options, transports] = modes[mode];
  let first;
  for (const Transport of transports) {
    const ending = new AbortController();
    const fetch = (at, request) => fetching(at, { ...request, signal: AbortSignal.any([ending.signal, ...(request?.signal ? [request.signal] : [])]) });
    const answer = await attempt(new Kind(who, options), new Transport(new URL(url), { fetch }), ending, limitMs);
    if (answer.tools) return answer;
    first ??= answer;
  }
  return first;
}
