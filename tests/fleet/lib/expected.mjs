// What a probe and the judging must find on a night, in the shape that `rollcall-audit planted` reads.
import { wordOn } from './story.mjs';

// What becomes of a server that gives the same in every night and region.
const steady = {
  P: { state: 'up', bucket: 'healthy_stable' }, S: { state: 'degraded', bucket: 'slow' },
  A: { state: 'gated', bucket: 'auth_walled' }, W: { state: 'gated', bucket: 'bot_walled' },
  M: { state: 'down', bucket: 'schema_malformed' }, H: { state: 'down', bucket: 'mcp_dead' },
  T: { state: 'down', bucket: 'transport_dead' }, U: { state: 'unknown', bucket: 'unmeasured' },
};

// The URLs that a row's own answers name: where they redirect to, where metadata stands, where messages go.
function namedBy(row) {
  const text = JSON.stringify(row.answers ?? {}).replaceAll('{origin}', row.origin).replaceAll('{host}', row.host);
  const named = text.match(/https?:\/\/[^\s"\\,;<>]+/g) ?? [];
  const places = Object.values(row.answers ?? {}).map((a) => a?.headers?.Location).filter((at) => typeof at === 'string' && at.startsWith('/'));
  if (row.era === 'sse') places.push((row.endpoint ?? '/messages').replaceAll('{origin}', row.origin));
  return [...new Set([...named, ...places.map((at) => new URL(at, row.url).href)])];
}

// State and bucket: as the row says, or, where regions agree and nothing changes, by its class. The first night has no
// bucket, and without the owners' records there is no telling what is behind a login.
function judgedAs(row, { night, owners }) {
  if (row.owner && !owners) return {};
  const usual = row.owner || row.variants.size > 0 ? {} : steady[row.expect.class];
  const { state, verdict } = row.expect;
  const said = { state: state ?? (row.states ? wordOn(row.states, night) : usual.state), verdict,
    bucket: night < 2 ? undefined : row.buckets ? wordOn(row.buckets, night) : !row.changes && usual.bucket };
  return Object.fromEntries(Object.entries(said).filter(([, value]) => value));
}

// What a case must give, and from which regions something else.
export function expectation(row, options) {
  const { state, verdict, ...expect } = row.expect;
  const regions = Object.fromEntries([...row.variants].map(([region, seen]) => [region, seen.expect]));
  return { name: row.name, url: row.url,
    named: [...new Set([row, ...row.variants.values()].flatMap(namedBy))],
    expect: { ...expect, ...judgedAs(row, options), ...(row.variants.size > 0 && { regions }) } };
}
