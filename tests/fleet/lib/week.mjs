// A week in the store, read for telling it: nothing here knows what was planted but the names and kinds of the stories.
import { DatabaseSync } from 'node:sqlite';
import { inflateSync } from 'node:zlib';

// step -> {state, detail}
const stepsOf = (text) => Object.fromEntries(JSON.parse(text).map(([step, state, , detail]) => [step, { state, detail }]));

const inflated = (bytes) => JSON.parse(inflateSync(bytes).toString('utf8'));

// The nights, oldest first; the regions; and of each endpoint in `urls` its states, its bad cells by region, its changes.
export function readWeek(file, urls) {
  const db = new DatabaseSync(file, { readOnly: true });
  const all = (sql, ...values) => db.prepare(sql).all(...values);
  try {
    const nights = all('SELECT id, date, at FROM round ORDER BY at');
    const numberOf = new Map(nights.map((n, i) => [n.id, i]));
    const regions = all('SELECT id, code, city FROM region ORDER BY id');
    const down = all("SELECT round_id, region_id, cells, why FROM round_region WHERE verdict = 'down'");
    const isDown = new Set(down.map((d) => `${d.round_id} ${d.region_id}`));
    const endpoints = new Map(all('SELECT id, url FROM endpoint').filter((e) => urls.includes(e.url)).map((e) => [e.id, { url: e.url, states: nights.map(() => undefined),
      valid: nights.map(() => false), bucket: undefined, flags: 0, bad: new Map(), changes: [], checks: nights.map(() => undefined) }]));
    const each = (rows, use) => rows.forEach((r) => { const e = endpoints.get(r.endpoint_id); if (e) use(e, r, numberOf.get(r.round_id)); });

    each(all('SELECT v.endpoint_id, v.round_id, s.code AS state, b.label AS bucket, v.flags FROM verdict v JOIN state s ON s.id = v.state_id LEFT JOIN bucket b ON b.id = v.bucket_id ORDER BY v.round_id'),
      (e, r, night) => { e.states[night] = r.state; e.bucket = r.bucket; e.flags |= r.flags; });
    each(all("SELECT c.endpoint_id, c.round_id, c.region_id, q.label, g.city FROM cell c JOIN reason q ON q.id = c.reason_id JOIN region g ON g.id = c.region_id WHERE q.class NOT IN ('P', 'S', 'U')"),
      (e, r, night) => {
        if (isDown.has(`${r.round_id} ${r.region_id}`)) return;
        if (!e.bad.has(r.city)) e.bad.set(r.city, { nights: [], label: r.label });
        e.bad.get(r.city).nights.push(night);
      });
    each(all('SELECT endpoint_id, round_id, grade, changes FROM drift ORDER BY round_id'), (e, r, night) => {
      e.changes.push({ night, grade: r.grade, sentences: inflated(r.changes).changes.map((c) => c.sentence) });
    });
    each(all('SELECT o.endpoint_id, o.round_id, o.credentialed, o.steps, o.expires_at, o.health_summary, q.code, q.label FROM owner_check o JOIN reason q ON q.id = o.reason_id ORDER BY o.region_id DESC'),
      (e, r, night) => { e.checks[night] = { code: r.code, label: r.label, credentialed: r.credentialed === 1, expires: r.expires_at, steps: stepsOf(r.steps), health: r.health_summary }; });
    const incidents = new Map(all('SELECT id, kind, key, global FROM incident').map((i) => [i.id, { ...i, nights: [], members: [] }]));
    for (const r of all('SELECT incident_id, round_id, event, state, joined, places FROM incident_night ORDER BY round_id')) incidents.get(r.incident_id).nights.push({ ...r, night: numberOf.get(r.round_id) });
    for (const r of all('SELECT m.incident_id, e.url FROM incident_member m JOIN endpoint e ON e.id = m.endpoint_id')) incidents.get(r.incident_id).members.push(r.url);
    const states = new Map(all('SELECT code, label FROM state').map((s) => [s.code, s.label]));
    return { nights, regions, states, incidents: [...incidents.values()], endpoints: [...endpoints.values()], down: down.map((d) => ({ night: numberOf.get(d.round_id), city: regions.find((r) => r.id === d.region_id).city, cells: d.cells, why: d.why })) };
  } finally {
    db.close();
  }
}
