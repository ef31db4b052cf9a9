// The strip of nights, told night by night: a slider for keys, a finger or a pointer. What each night was comes from the
// history document, which is asked for when somebody first looks.
(() => {
  'use strict';
  const figure = document.querySelector('figure.nights[data-source]');
  if (!figure || !window.fetch) return;
  const plot = figure.querySelector('.plot');
  const svg = plot.querySelector('svg');
  const cities = figure.closest('[data-cities]').dataset.cities.split('|');
  const [width, height] = svg.getAttribute('viewBox').split(' ').slice(2).map(Number);
  const count = Math.round(width / 6);
  const states = { up: 'answered', degraded: 'answered in part', down: 'did not answer', gated: 'credential or wall', unknown: 'not measured' };
  const classes = { P: 'answered', S: 'answered slowly', A: 'asked for a credential', W: 'stood behind a wall', M: 'not as MCP defines', H: 'answered, but not MCP', T: 'no connection', U: 'not measured', '-': 'not measured' };
  const hint = 'Point at a night, or use the arrow keys, to read what it was.';
  let nights, asked, at = count - 1;

  const readout = document.createElement('p');
  readout.className = 'readout';
  readout.textContent = hint;
  (figure.querySelector('.ticks') ?? plot).after(readout);
  const cursor = document.createElementNS('http://www.w3.org/2000/svg', 'rect');
  for (const [name, value] of Object.entries({ class: 'cursor', width: 6, height, y: 0, visibility: 'hidden' })) cursor.setAttribute(name, value);
  svg.append(cursor);
  svg.setAttribute('aria-hidden', 'true');
  for (const [name, value] of Object.entries({ role: 'slider', tabindex: 0, 'aria-label': 'Nights', 'aria-valuemin': 1, 'aria-valuemax': count, 'aria-valuenow': count, 'aria-valuetext': 'newest night; arrow keys tell of others' })) plot.setAttribute(name, value);

  const ask = () => (asked ??= fetch(figure.dataset.source).then((answer) => (answer.ok ? answer.json() : Promise.reject(answer.status))).then((history) => {
    const day = (date) => Date.parse(date + 'T00:00Z') / 864e5;
    const last = day(history.generated_at.slice(0, 10));
    const { date, state, reason, measured, classes, ms } = history.nights;
    const night = (i) => ({ state: state[i], measured: measured[i], why: history.reasons[reason[i]], classes: classes[i], ms: ms.map((one) => one[i]) });
    nights = new Map(date.map((d, i) => [count - 1 - (last - day(d)), night(i)]));
    nights.last = last;
  }));
  const words = (i) => {
    const date = new Date((nights.last - (count - 1 - i)) * 864e5).toLocaleDateString('en-GB', { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' });
    const night = nights.get(i);
    if (!night) return [date, 'no roll call'];
    const state = states[night.measured ? night.state : 'unknown'];
    const why = night.state === 'up' || night.why === state ? '' : ': ' + night.why;
    const seen = cities.length < 2 || !night.classes ? [] : cities.map((city, k) => city + ': ' + classes[night.classes[k]] + (night.ms[k] == null ? '' : ' in ' + night.ms[k] + ' ms'));
    return [date, state + why, seen.join('; ')];
  };
  const tell = (i) => ask().then(() => {
    at = Math.max(0, Math.min(count - 1, i));
    const [date, what, seen] = words(at);
    const head = document.createElement('b');
    head.textContent = date + ': ' + what;
    readout.replaceChildren(head, seen ? '. ' + seen : '');
    cursor.setAttribute('x', at * 6);
    cursor.setAttribute('visibility', 'visible');
    plot.setAttribute('aria-valuenow', at + 1);
    plot.setAttribute('aria-valuetext', date + ': ' + what + (seen ? '. ' + seen : ''));
  }).catch(() => { readout.textContent = 'The nights could not be read; the table below has them.'; });
  const quiet = () => {
    cursor.setAttribute('visibility', 'hidden');
    readout.textContent = hint;
  };

  const under = (event) => {
    const box = svg.getBoundingClientRect();
    return Math.floor(((event.clientX - box.left) / box.width) * count);
  };
  plot.addEventListener('pointermove', (event) => tell(under(event)));
  plot.addEventListener('pointerdown', (event) => tell(under(event)));
  plot.addEventListener('pointerleave', (event) => { if (event.pointerType === 'mouse' && document.activeElement !== plot) quiet(); });
  plot.addEventListener('focus', () => tell(at));
  plot.addEventListener('blur', quiet);
  const steps = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageUp: -7, PageDown: 7, Home: -count, End: count };
  plot.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') return quiet();
    if (!(event.key in steps) || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    tell(at + steps[event.key]);
  });
})();
