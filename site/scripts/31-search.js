// The field that finds a server: results as links below it, nearest first.
(() => {
  'use strict';
  const form = document.getElementById('search');
  if (!form) return;
  const { element, link, mark } = roll;
  const [input, list, found] = [form.elements.q, ...['search-results', 'search-found'].map((id) => document.getElementById(id))];
  const chooses = form.closest('#badges');
  const most = 8;
  let turn = 0;

  const place = (row) => chooses ? 'badges/?server=' + encodeURIComponent(row.slug) : 'servers/' + row.slug + '/';
  const item = (d) => (row) => {
    const registries = d.facets.find((f) => f.facet === 'registry');
    const where = registries?.values.filter((v, i) => roll.isOf(registries, i, row)).map((v) => v.label) ?? [];
    const details = element('span', 'why', element('bdi', '', row.slug));
    if (row.tool) details.append(' · tool ', element('bdi', '', row.tool));
    for (const name of where) details.append(' · ', element('bdi', '', name));
    return element('li', '', link(place(row), element('bdi', '', row.name), ' ', element('span', 'did', ...mark(row.mark)), details));
  };
  const close = () => {
    turn++;
    list.hidden = true;
    found.textContent = '';
  };

  const show = async () => {
    const query = input.value.trim(), mine = ++turn;
    if (!query) return close();
    try {
      for await (const { servers, lists, near } of roll.find(query)) {
        const d = await roll.load();
        // What somebody has gone to must not be taken away.
        if (mine !== turn || list.contains(document.activeElement)) return;
        const items = servers.slice(0, most).map(item(d));
        if (!chooses) {
          items.push(...lists.map((v) => element('li', '', link(v.folder, element('bdi', '', v.title), element('span', 'why', 'List of ' + grouped(v.count))))));
          if (servers.length > most) items.push(element('li', '', link('servers/?q=' + encodeURIComponent(query), 'All ' + grouped(servers.length) + ' results')));
        }
        if (!items.length) items.push(...near.map(item(d)), element('li', '', link('servers/by/', 'Lists from A to Z')));
        list.replaceChildren(...items);
        list.hidden = false;
        found.textContent = servers.length + lists.length ? grouped(servers.length) + (servers.length === 1 ? ' server' : ' servers') + (lists.length ? ', lists: ' + lists.length : '')
          : 'Nothing found.' + (near.length ? ' Nearest names:' : ' Try a part of the name or of the address.');
      }
    } catch {
      if (mine !== turn) return;
      list.replaceChildren(element('li', '', link('servers/by/', 'Lists from A to Z')));
      list.hidden = false;
      found.textContent = 'The search could not be loaded. The lists are there:';
    }
  };

  input.addEventListener('focus', () => roll.load().catch(() => {}));
  input.addEventListener('input', show);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const query = input.value.trim();
    if (chooses) list.querySelector('a')?.focus();
    else location.assign(roll.root + (query ? 'servers/?q=' + encodeURIComponent(query) : 'servers/by/'));
  });
  form.addEventListener('keydown', (event) => {
    const stops = [input, ...list.querySelectorAll('a')];
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const at = stops.indexOf(document.activeElement);
    if (event.key === 'Escape' && !list.hidden) close(), input.focus();
    else if (step && !list.hidden && at >= 0) stops[at + step]?.focus();
    else return;
    event.preventDefault();
  });
  form.addEventListener('focusout', ({ relatedTarget }) => { if (relatedTarget && !form.contains(relatedTarget)) close(); });
})();
