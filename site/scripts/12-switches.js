// Two choices, remembered where the browser lets us: whose clock the times are told by, and light or dark.
(() => {
  'use strict';
  const recall = (key) => { try { return localStorage.getItem('rollcall-' + key); } catch { return null; } };
  const keep = (key, value) => { try { localStorage.setItem('rollcall-' + key, value); } catch { /* then it holds for this page */ } };
  const box = document.getElementById('switches');
  const times = [...document.querySelectorAll('time[datetime*="T"]')].map((time) => ({ time, utc: time.textContent, at: new Date(time.dateTime) }));

  // A button that steps through `values`: [value, what it shows, what it says].
  const add = (key, values, apply) => {
    const button = document.createElement('button');
    button.type = 'button';
    let now = Math.max(0, values.findIndex(([value]) => value === recall(key)));
    const show = () => {
      const [value, face, words] = values[now];
      button.textContent = face;
      button.setAttribute('aria-label', words);
      button.title = words;
      apply(value);
    };
    button.addEventListener('click', () => {
      now = (now + 1) % values.length;
      keep(key, values[now][0]);
      show();
    });
    box.append(button);
    show();
  };

  const local = { day: 'numeric', month: 'long', year: 'numeric', hour: '2-digit', minute: '2-digit', timeZoneName: 'short' };
  if (times.length) add('clock', [['utc', 'UTC', 'times in UTC; switch to your own'], ['local', 'Local', 'times by your own clock; switch to UTC']], (value) => {
    for (const { time, utc, at } of times) time.textContent = value === 'local' ? at.toLocaleString('en-GB', local) : utc;
  });
  add('theme', [['auto', '◐', 'light or dark as your system says; switch to light'], ['light', '○', 'light; switch to dark'], ['dark', '●', 'dark; switch to what your system says']], (value) => {
    if (value === 'auto') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = value;
  });
  box.hidden = false;
})();
