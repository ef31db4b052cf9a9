// The list of servers over the whole roll: what is shown stands in the address, so that it can be shared.
(() => {
  'use strict';
  const list = document.getElementById('list');
  const pattern = document.querySelector('#register tbody tr');
  if (!pattern) return;
  const { element, link, mark } = roll;
  const by = (id) => document.getElementById(id);
  const main = roll.root + 'servers/';
  const isMain = location.href.replace(/[?#].*/, '') === main;
  const rows = 100, middles = [10, 13, 22.5, 17, 17];
  const nights = ['answered on ', 'answered in part on ', 'did not answer on ', 'asked for a credential or stood behind a wall on ', 'was not measured on '];

  // By name: what rows are compared by, and the words of the choice.
  const text = new Intl.Collator('en');
  const keys = {
    address: [(row) => row.i, 'address'], name: [(row) => row.texts[0], 'name'], state: [(row) => states.indexOf(row.mark.state), 'what they did'],
    '-answered': [(row) => (row.n ? row.ok / row.n : -1), 'answered most nights'], answered: [, 'answered fewest nights'],
    '-tools': [(row) => row.tools ?? -1, 'most tools'], tools: [, 'fewest tools'], '-since': [(row) => row.streak, 'longest as they are'], '-new': [(row) => row.first, 'newest on the roll'],
  };
  const states = ['up', 'degraded', 'down', 'gated', 'unknown'];
  const sorted = (all, sort) => {
    const down = sort.startsWith('-');
    const key = (keys[sort]?.[0] ?? keys[down ? sort.slice(1) : '-' + sort]?.[0]);
    if (!key) return all;
    return all.map((row) => [key(row), row]).sort(([a, x], [b, y]) => (typeof a === 'string' ? text.compare(a, b) : a - b) * (down ? -1 : 1) || x.i - y.i).map((pair) => pair[1]);
  };

  const shown = () => new URLSearchParams(isMain ? location.search : list.dataset.facet && { [list.dataset.facet]: list.dataset.value });
  const go = (changes) => {
    const next = shown();
    next.delete('page');
    for (const [name, value] of Object.entries(changes)) value ? next.set(name, value) : next.delete(name);
    const address = main + (String(next) && '?' + next);
    if (!isMain || !String(next)) return location.assign(address);
    history.pushState(null, '', address);
    show();
  };

  const strip = (d, row) => {
    const digits = d.strips[d.strip[row.i]], figure = pattern.querySelector('svg').cloneNode(true), counts = [0, 0, 0, 0, 0];
    const paths = middles.map(() => '');
    for (const { 0: run, index } of digits.matchAll(/(\d)\1*/g)) {
      counts[run[0]] += run.length;
      paths[run[0]] += 'M' + (6 * index + 1) + ' ' + middles[run[0]] + 'h' + (6 * run.length - 2);
    }
    const sum = counts.reduce((a, b) => a + b);
    figure.setAttribute('aria-label', sum ? nights.map((words, i) => counts[i] && words + counts[i]).filter(Boolean).join(', ') + ' of ' + sum + (sum === 1 ? ' night' : ' nights') : 'no roll call yet');
    while (figure.children[1]) figure.children[1].remove();
    paths.forEach((drawn, i) => {
      if (!drawn) return;
      const path = figure.firstChild.cloneNode();
      path.setAttribute('class', 's-' + d.states[i]);
      path.setAttribute('d', drawn);
      figure.append(path);
    });
    return figure;
  };
  const line = (row, number, strips) => {
    const made = pattern.cloneNode(true), cell = (name) => made.querySelector('.' + name);
    cell('no').textContent = number;
    const name = made.querySelector('a');
    name.href = roll.link('servers/' + row.slug + '/').href;
    name.replaceChildren(element('bdi', '', row.name));
    cell('url').replaceChildren(element('bdi', '', row.slug));
    cell('nights').replaceChildren(...strips ? [strip(strips, row)] : []);
    cell('did').replaceChildren(...mark(row.mark), ...row.mark.why ? [element('span', 'why', row.mark.why)] : []);
    cell('up').textContent = row.n ? row.ok + '/' + row.n : '–';
    cell('tools').textContent = row.tools ?? '–';
    return made;
  };

  // One select a facet; beside each value how many of those that the other choices leave.
  const choose = (d, passing, wanted) => {
    const select = (name, label, options) => {
      const box = element('select', '', ...options.map(([value, words]) => new Option(words, value, false, value === (wanted.get(name) ?? ''))));
      box.id = 'choose-' + name;
      box.addEventListener('change', () => go({ [name]: box.value }));
      const words = element('label', 'group', label);
      words.htmlFor = box.id;
      return element('div', '', words, box);
    };
    const focused = document.activeElement?.id;
    by('choices').replaceChildren(...d.facets.filter((facet) => facet.facet !== 'letter').map((facet) => {
      const counts = facet.values.map(() => 0);
      for (const row of passing(facet)) for (const value of facet.sets[facet.set[row.i]]) counts[value]++;
      return select(facet.facet, facet.label, [['', 'any'], ...facet.values.map((v, i) => [v.value, v.label + ' (' + grouped(counts[i]) + ')'])]);
    }), select('sort', 'Sort by', Object.entries(keys).map(([value, [, words]]) => [value === 'address' ? '' : value, words])));
    by(focused)?.focus();
  };

  let turn = 0;
  const show = async (onlyChoices) => {
    const mine = ++turn, wanted = shown(), query = wanted.get('q');
    let d, strips, all;
    try {
      [d, strips] = await Promise.all([roll.load(), onlyChoices ? null : roll.ask('nights').catch(() => null)]);
      all = d.rows;
      if (query) for await (const hits of roll.find(query)) all = hits.servers;
    } catch {
      by('empty').textContent = 'The filters could not be loaded; this is the list of all servers.';
      return;
    }
    if (mine !== turn) return;
    if (strips?.roll !== d.roll) strips = null;
    const filters = d.facets.filter((facet) => wanted.get(facet.facet)).map((facet) => [facet, facet.values.findIndex((v) => v.value === wanted.get(facet.facet))]);
    const passing = (but) => all.filter((row) => filters.every(([facet, value]) => facet === but || roll.isOf(facet, value, row)));
    if (by('filters').open) choose(d, passing, wanted);
    if (onlyChoices) return;

    const sort = wanted.get('sort') ?? '';
    const kept = sorted(passing(), sort), pages = Math.ceil(kept.length / rows) || 1;
    const page = Math.min(Math.max(1, parseInt(wanted.get('page')) || 1), pages), from = (page - 1) * rows;
    by('register').tBodies[0].replaceChildren(...kept.slice(from, from + rows).map((row, i) => line(row, from + i + 1, strips)));
    by('empty').textContent = kept.length ? '' : 'No server fits. Take a filter away, or ';
    if (!kept.length) by('empty').append(link('servers/', 'see all servers'));
    const names = filters.map(([facet, value]) => facet.values[value]);
    const heading = query ? 'Servers found by “' + query + '”' : names.length === 1 && names[0] ? names[0].title : 'Servers';
    by('heading').replaceChildren(element('bdi', '', heading), ' ', element('span', 'count', grouped(kept.length) + (kept.length === 1 ? ' server' : ' servers')));
    by('note').replaceChildren(...filters.flatMap(([facet], i) => [facet.label + ': ', element('bdi', '', names[i]?.label ?? 'not known'), ' · ']), link('servers/', 'All servers'));
    document.title = heading + document.title.slice(document.title.lastIndexOf(' · '));
    const other = (to, words) => {
      const next = new URLSearchParams(wanted);
      next.set('page', to);
      return to < 1 || to > pages ? '' : link('servers/?' + next, words);
    };
    by('pages').replaceChildren(...pages > 1 ? [other(page - 1, '← Previous'), element('span', '', 'Page ' + page + ' of ' + pages), other(page + 1, 'Next →')] : []);
    for (const head of heads) {
      const name = head.dataset.sort;
      sort.replace('-', '') === name ? head.setAttribute('aria-sort', sort === name ? 'ascending' : 'descending') : head.removeAttribute('aria-sort');
    }
  };

  const heads = [...document.querySelectorAll('#register th[data-sort]')];
  for (const head of heads) {
    const button = element('button', '', ...head.childNodes), name = head.dataset.sort;
    button.type = 'button';
    const first = keys['-' + name] ? '-' : '';
    button.addEventListener('click', () => go({ sort: shown().get('sort') === first + name ? (first ? '' : '-') + name : first + name }));
    head.append(button);
  }
  by('filters').addEventListener('toggle', () => { if (by('filters').open) show(!(isMain && location.search)); });
  // A jump within the page, as the link that skips to the content makes, is no step back.
  addEventListener('popstate', () => { if (!location.hash) location.search ? show() : location.reload(); });
  if (isMain && location.search) {
    by('search').elements.q.value = shown().get('q') ?? '';
    show();
  }
})();
