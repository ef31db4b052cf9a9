// A week in words: a heading for each kind of story, a line for each server of it, aligned for a terminal.

const glyphs = { up: '●', degraded: '◐', down: '✕', gated: '◆', unknown: '○' };
const months = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'];

const listed = (words) => (words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`);
const count = (n, word) => `${n} ${word}${n === 1 ? '' : 's'}`;

// "17 Nov"
const dayOf = (date) => `${Number(date.slice(8))} ${months[Number(date.slice(5, 7)) - 1].slice(0, 3)}`;

// The runs of nights in which something was so: [[first, last], ...].
export function runs(nights) {
  const out = [];
  for (const n of nights) (out.length > 0 && out.at(-1)[1] === n - 1 ? (out.at(-1)[1] = n) : out.push([n, n]));
  return out;
}

// "all 7 nights", "since 19 Nov", "19 Nov", "18 and 19 Nov", "18 to 20 Nov", "30 Nov to 2 Dec"
function when(nights, week) {
  const last = week.nights.length - 1, day = (n) => dayOf(week.nights[n].date);
  if (nights.length === last + 1) return `all ${last + 1} nights`;
  return listed(runs(nights).map(([from, to]) => {
    if (from === to) return day(from);
    if (to === last) return `since ${day(from)}`;
    const [number, month] = day(from).split(' ');
    return `${day(to).endsWith(month) ? number : day(from)} ${to === from + 1 ? 'and' : 'to'} ${day(to)}`;
  }));
}

const nightsOf = (e, wanted) => e.states.flatMap((state, n) => (state !== undefined && wanted(state) ? [n] : []));

// From which cities there was no answer, and when.
function citiesTold(e, week) {
  const groups = new Map();
  for (const [city, { nights, label }] of e.bad) {
    const key = `, ${when(nights, week)}: ${label}`;
    groups.set(key, [...groups.get(key) ?? [], city]);
  }
  return [...groups].map(([key, cities]) => `no answer to ${listed(cities)}${key}`).join('; ');
}

// What came of a registered credential and canary call: what failed, or how far they led.
function ownerTold(e, week) {
  const bad = e.checks.flatMap((c, n) => (c && c.code !== 'ok' ? [n] : [])), last = e.checks.at(-1);
  if (bad.length > 0) {
    const { label, code, steps } = e.checks[bad.at(-1)];
    return `${when(bad, week)}: ${label}${code === 'canary_failed' ? ` (${steps.canary.detail})` : ''}`;
  }
  const left = last.expires && (last.expires - week.nights.at(-1).at) / 3600;
  return [...(last.credentialed ? ['let in with its credential'] : []), ...(steps(last).canary ? ['its canary call went well'] : []),
    ...(left && left < 72 ? [`its credential has ${Math.floor(left)} hours left`] : [])].join('; ');
}

// step -> whether it passed
const steps = (check) => Object.fromEntries(Object.entries(check.steps).map(([step, { state }]) => [step, state === 'passed']));

const lastLabel = (e) => [...e.bad.values()].at(-1)?.label ?? '';

const down = (e, week) => `no answer, ${when(nightsOf(e, (s) => s === 'down'), week)}: ${lastLabel(e)}`;

// What a line says: a text, or several that stand below one another.
const kinds = {
  region: { heading: 'Not from everywhere', tell: citiesTold },
  edge: { heading: 'A platform that one city could not reach', together: true, tell: citiesTold },
  platform: { heading: 'A platform that went down', together: true, tell: down },
  revival: { heading: 'Gone and come back', tell: down },
  gone: { heading: 'Gone for good', tell: down },
  flapping: { heading: 'On and off', tell: down },
  blip: { heading: 'A blip', tell: (e, week) => `${citiesTold(e, week)}${e.flags & 1 ? '; one stray failure, forgiven' : ''}` },
  gated: { heading: 'Behind a door', tell: (e, week) => `asks for a credential, ${when(nightsOf(e, (s) => s === 'gated'), week)}` },
  token: { heading: 'A token that ran out', tell: (e, week) => {
    const bad = e.checks.flatMap((c, n) => (c && c.code !== 'ok' ? [n] : []));
    return bad.length > 0 ? `${when(bad, week)}: ${e.checks[bad[0]].label}` : 'nothing failed behind its login';
  } },
  owner: { heading: 'With its owner’s leave', tell: ownerTold },
  health: { heading: 'Up, but its health document says', tell: (e) => e.checks.at(-1)?.health || 'all is well' },
  slow: { heading: 'Slow', tell: (e, week) => `answers late, ${when(nightsOf(e, (s) => s === 'degraded'), week)}` },
  listing: { heading: 'Came and went', tell: (e, week) => (e.states.at(-1) ? 'listed ' : 'on its registry until ') +
    (e.states.at(-1) ? when(nightsOf(e, () => true), week) : dayOf(week.nights[nightsOf(e, () => true).at(-1)].date)) },
  split: { heading: 'Other tools elsewhere', tell: (e) => (e.flags & 4 ? 'cities were given different tools in the same night: no change' : 'the same tools everywhere') },
  drift: { heading: 'Tools that changed', tell: (e, week) => (e.changes.length === 0 ? ['nothing changed']
    : e.changes.flatMap((c) => c.sentences.map((s, i) => (i === 0 ? `${dayOf(week.nights[c.night].date)}, ${c.grade}: ${s}` : s)))) },
};

const strip = (states) => states.map((s) => (s === undefined ? ' ' : glyphs[s] ?? '?')).join(' ');

// Of many: what most of them were.
const usual = (words) => [...words.reduce((n, w) => n.set(w, (n.get(w) ?? 0) + 1), new Map())].sort((a, b) => b[1] - a[1])[0][0];

// Servers that shared a fate are one line: "10 servers on nimbus-run.example".
function together(stories, week) {
  const groups = Map.groupBy(stories, (s) => s.domain ?? s.name);
  return [...groups].map(([domain, group]) => {
    const members = group.map((s) => s.endpoint);
    const told = { ...members[0], states: week.nights.map((_, n) => usual(members.map((m) => m.states[n]))) };
    return { title: group.length > 1 ? `${group.length} on ${domain}` : group[0].title, endpoint: told };
  });
}

// A shared outage in a line: what would have been a notice for each server was one.
function outage(incident, week) {
  const stood = week.nights.map((_, n) => incident.nights.findLast((e) => e.night <= n)?.state);
  const absorbed = incident.nights.reduce((sum, n) => sum + Math.max(0, n.joined - 1), 0);
  const closed = incident.nights.find((n) => n.state === 'closed');
  const places = week.regions.filter((r) => incident.nights[0].places.split(' ').includes(r.code)).map((r) => r.city);
  return { title: incident.key || 'Everything', strip: stood.map((s) => ({ open: glyphs.down, watch: glyphs.degraded })[s] ?? ' ').join(' '),
    texts: [`one ${incident.global ? 'global notice' : 'notice'} for ${count(incident.members.length, 'server')}${places.length > 0 ? `, seen from ${listed(places)}` : ''}: ${absorbed} absorbed; ${closed ? `closed ${dayOf(week.nights[closed.night].date)}` : 'still watched'}`] };
}

// stories: {name, title, story, domain, url}; `week` is what the store says of their URLs.
export function tell(week, stories) {
  const byUrl = new Map(week.endpoints.map((e) => [e.url, e]));
  const known = stories.flatMap((s) => (byUrl.has(s.url) ? [{ ...s, endpoint: byUrl.get(s.url) }] : []));
  const sections = Object.entries(kinds).map(([story, { heading, tell: words, ...kind }]) => {
    const of = known.filter((s) => s.story === story);
    return { heading, lines: (kind.together ? together(of, week) : of).map((s) => ({ title: s.title, strip: strip(s.endpoint.states), texts: [words(s.endpoint, week)].flat() })) };
  });
  sections.push({ heading: 'A region without a network', lines: week.down.map((d) => ({ title: d.city,
    strip: strip(week.nights.map((_, n) => (n === d.night ? 'unknown' : 'up'))), texts: [`${dayOf(week.nights[d.night].date)}: its ${count(d.cells, 'cell')} are no evidence about anybody`] })) });

  sections.push({ heading: 'Outages that became one notice', lines: week.incidents.filter((i) => i.kind === 'shared').map((i) => outage(i, week)) });

  const shown = sections.filter((s) => s.lines.length > 0);
  const wide = Math.max(...shown.flatMap((s) => s.lines.map((l) => l.title.length)));
  const first = week.nights[0].date, last = week.nights.at(-1).date;
  const lines = [`${count(week.nights.length, 'night')} from ${listed(week.regions.map((r) => r.city))}, ${dayOf(first)} to ${dayOf(last)} ${last.slice(0, 4)}`,
    Object.entries(glyphs).map(([state, glyph]) => `${glyph} ${week.states.get(state)}`).join('   ')];
  const below = ' '.repeat(wide + 2 * week.nights.length + 5);
  for (const s of shown) lines.push('', s.heading, ...s.lines.map((l) => `  ${l.title.padEnd(wide)}  ${l.strip}  ${l.texts.join(`\n${below}`)}`));
  return `${lines.join('\n')}\n`;
}
