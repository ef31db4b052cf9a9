// The badge of a chosen server: by its place in the address, or by what its own address makes of it.
(() => {
  'use strict';
  const box = document.getElementById('badges');
  if (!box) return;
  const said = document.getElementById('badge-for');
  const put = (slug) => {
    for (const code of box.querySelectorAll('pre code')) code.textContent = code.textContent.replaceAll(box.dataset.slug, slug);
    for (const image of box.querySelectorAll('img.badge')) {
      image.src = image.getAttribute('src').replaceAll(box.dataset.slug, slug);
      image.alt = image.alt.replaceAll(box.dataset.slug, slug);
      image.hidden = false;
    }
    box.dataset.slug = slug;
  };
  const tell = (words, slug) => said.replaceChildren(words, roll.element('bdi', '', slug));

  // A typed address: the slug that the roll knows it by, else the one it would have where host and path say everything.
  const ofAddress = async (address) => {
    const d = await roll.load();
    const slug = roll.plain(address), { href, protocol, search } = new URL(address);
    const whole = protocol === 'https:' && !search && !/\/\/|[^\w.~\/-]|\/(uptime|latency|tools|protocol|drift|auth|index)$|\.(svg|json|xml|html)$/i.test(slug);
    const bare = (text) => text.replace(/\/$/, '');
    const known = Object.keys(d.urls).find((place) => bare(d.urls[place]) === bare(href)) ?? (whole && d.slug.find((place) => place === slug));
    if (!known && !whole) return tell('This address is not on the roll. Its badge will have a mark behind the path, which comes with the first roll call.', '');
    put(known || slug);
    for (const image of box.querySelectorAll('img.badge')) image.hidden = !known;
    tell(known ? 'The badge of ' : 'Not on the roll yet; once it is, this will be the badge of ', known || slug);
  };
  const input = document.getElementById('search-text');
  input.addEventListener('input', () => { if (/^https?:\/\/[^/]+\.[^/]+/i.test(input.value)) ofAddress(input.value.trim()).catch(() => {}); });

  const wanted = new URLSearchParams(location.search).get('server');
  if (wanted && /^[\w.~\/-]+$/.test(wanted)) put(wanted), tell('The badge of ', wanted);
})();
