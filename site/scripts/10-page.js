// Everything works without this file. It says when a page is overdue, and copies.
(() => {
  'use strict';
  const fresh = Date.parse(document.querySelector('meta[name="fresh-until"]')?.content ?? '');
  if (fresh && Date.now() > fresh) document.getElementById('stale-note').hidden = false;

  if (navigator.clipboard) for (const box of document.querySelectorAll('pre.copy')) {
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = 'Copy';
    button.addEventListener('click', async () => {
      try {
        await navigator.clipboard.writeText(box.querySelector('code').textContent);
        button.textContent = 'Copied';
      } catch { button.textContent = 'Select and copy'; }
      setTimeout(() => { button.textContent = 'Copy'; }, 2000);
    });
    box.append(button);
  }
})();
