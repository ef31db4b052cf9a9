// Thousands apart, as the pages have them.
const grouped = (n) => n.toLocaleString('en');

// The whole roll in the browser: asked for once, when somebody begins to search, filter or sort.
const roll = (() => {
  'use strict';
  const root = new URL('..', document.currentScript.src).href;
  const asked = {};
  const ask = (name) => (asked[name] ??= fetch(root + 'search/' + name + '.json').then((answer) => {
    if (!answer.ok) throw new Error(name);
    return answer.json();
  }).catch((error) => { delete asked[name]; throw error; }));

  const fold = (text) => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
  const words = (text) => fold(text).split(/[^\p{L}\p{N}]+/u).filter(Boolean);

  // Columns to rows; what is searched in small letters without accents.
  let prepared;
  const load = async () => {
    const d = await ask('servers');
    return prepared ??= Object.assign(d, { rows: d.slug.map((slug, i) => {
      const name = d.name[i] || slug;
      return { i, slug, name, mark: d.marks[d.mark[i]], ok: d.ok[i], n: d.n[i], tools: d.tool_count[i], streak: d.streak[i], first: d.first_seen[i],
        texts: [fold(name), fold(slug), fold(d.listed[i])] };
    }) });
  };

  // An address as its slug is made of it: host, port, path.
  const plain = (text) => {
    if (!/^https?:/i.test(text) || !URL.canParse?.(text)) return text;
    const { hostname, port, pathname } = new URL(text);
    return hostname + (port && '_' + port) + pathname.replace(/\/+$/, '');
  };

  // Lower is nearer: the whole name, its beginning, the beginning of a word, anywhere; then address, then listed name.
  const rank = (texts, query, all) => {
    for (let t = 0; t < texts.length; t++) {
      const at = texts[t].indexOf(query);
      if (at < 0) continue;
      if (texts[t] === query) return Math.min(t, 1);
      const inside = at > 0 && /[\p{L}\p{N}]/u.test(texts[t][at - 1]);
      if (inside && t === 2) continue;
      return 4 * t + (inside ? 4 : at ? 3 : 2);
    }
    const text = texts.join(' ');
    return all.length > 1 && all.every((word) => text.includes(word)) ? 20 : -1;
  };
  const ranked = (list, texts, query, all) => list.map((item) => [rank(texts(item), query, all), item]).filter(([r]) => r >= 0)
    .sort((a, b) => a[0] - b[0]).map(([, item]) => item);

  const withTool = async (d, query, all) => {
    let best = '';
    for (const word of all)
      for (const name of d.tool_shards) if (name.length > best.length && (name === '_' ? /[^\0-\x7f]/ .test(word) : word.startsWith(name))) best = name;
    const shard = best && await ask('tools/' + best);
    if (!shard || shard.roll !== d.roll) return [];
    return ranked([...shard.tools.keys()], (i) => [fold(shard.tools[i])], query, all)
      .flatMap((i) => shard.servers[i].map((row) => ({ ...d.rows[row], tool: shard.tools[i] })));
  };

  const pairs = (text) => new Set([...text].map((letter, i) => letter + text[i + 1]).slice(0, -1));
  const nearest = (d, query) => {
    const mine = pairs(query);
    return d.rows.map((row) => {
      const its = pairs(row.texts[0]);
      return [[...mine].filter((pair) => its.has(pair)).length * 2 / (mine.size + its.size), row];
    }).filter(([likeness]) => likeness > .35).sort((a, b) => b[0] - a[0]).slice(0, 3).map(([, row]) => row);
  };

  // What there is for a query, at first by name, then by tool as well: { servers, lists, near }.
  async function* find(text) {
    const d = await load();
    const query = fold(plain(text.trim())), all = words(query);
    const servers = ranked(d.rows, (row) => row.texts, query, all);
    const lists = query.length < 2 ? [] : d.facets.flatMap((facet) => facet.values.filter((v) => v.count && rank([fold(v.label)], query, all) >= 0 && rank([fold(v.label)], query, all) < 4)).slice(0, 3);
    yield { servers, lists, near: [] };
    const seen = new Set(servers.map((row) => row.i));
    for (const row of await withTool(d, query, all).catch(() => [])) if (!seen.has(row.i)) servers.push(row), seen.add(row.i);
    yield { servers, lists, near: servers.length + lists.length ? [] : nearest(d, query) };
  }

  const element = (tag, name, ...inside) => {
    const made = document.createElement(tag);
    if (name) made.className = name;
    made.append(...inside);
    return made;
  };
  const link = (href, ...inside) => Object.assign(element('a', '', ...inside), { href: root + href });
  // Sign and words of what a server did; the sign is for the eye.
  const mark = ({ state, icon, label }) => {
    const sign = element('span', 'mark s-' + state, icon);
    sign.ariaHidden = 'true';
    return [sign, ' ' + label];
  };
  const isOf = (facet, value, row) => facet.sets[facet.set[row.i]].includes(value);
  return { root, ask, load, find, element, link, mark, isOf, plain };
})();
