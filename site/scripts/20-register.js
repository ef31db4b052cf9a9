// The list of servers: sorted by its headings, filtered by its words.
(() => {
  'use strict';
  const table = document.getElementById('register');
  if (!table) return;
  const body = table.tBodies[0];
  const rows = [...body.rows];
  const heads = [...table.tHead.rows[0].cells];
  heads.forEach((head, column) => {
    if (!head.dataset.sort) return;
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = head.textContent;
    head.replaceChildren(button);
    const key = (row) => {
      const text = row.cells[column].textContent.trim();
      if (head.dataset.sort === 'text') return text.toLowerCase();
      const [ok, n] = text.split('/').map(Number);
      return isNaN(ok) ? -1 : n === undefined ? ok : n ? ok / n : -1;
    };
    button.addEventListener('click', () => {
      const up = head.getAttribute('aria-sort') !== 'ascending';
      heads.forEach((other) => other.removeAttribute('aria-sort'));
      head.setAttribute('aria-sort', up ? 'ascending' : 'descending');
      const sorted = rows.map((row) => [key(row), row]).sort((a, b) => (a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0) * (up ? 1 : -1));
      body.append(...sorted.map((pair) => pair[1]));
    });
  });
})();
