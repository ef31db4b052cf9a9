// A row's story: what it is on one night, what it is to those who come from one region, and what it must be judged as,
// night by night.

// Does a night belong to a key of `nights`? "3": from the third on; "3-5", "2,4,6", "5-5": these.
function isNight(key, night) {
  if (/^\d+$/.test(key)) return night >= Number(key);
  return key.split(',').some((part) => {
    const [first, last] = part.split('-').map(Number);
    return night >= first && night <= (last ?? first);
  });
}

const firstOf = (key) => Number.parseInt(key, 10);

function overlay(row, ...layers) {
  Object.assign(row, ...layers.map((layer) => structuredClone(layer)));
  for (const key of Object.keys(row)) if (row[key] === null) delete row[key];
  return row;
}

// A row as it stands on a night: later nights lie over earlier ones, null takes an option away.
export function onNight({ nights = {}, ...row }, night) {
  for (const key of Object.keys(nights)) if (!/^\d+([-,]\d+)*$/.test(key)) throw new Error(`${row.name}: nights: "${key}", expected nights such as "3", "3-5" or "2,4,6"`);
  const keys = Object.keys(nights).filter((key) => isNight(key, night)).sort((a, b) => firstOf(a) - firstOf(b));
  return overlay(structuredClone(row), ...keys.map((key) => nights[key]));
}

// What the row is to each of the regions that see something else: region -> row, which has the same name and place.
export function byRegion({ regions = {}, ...row }, known) {
  const out = new Map();
  for (const [key, options] of Object.entries(regions))
    for (const region of key.split(',')) {
      if (!known.includes(region)) throw new Error(`${row.name}: regions: "${region}", expected one of ${known.join(', ') || 'those of --regions'}`);
      out.set(region, overlay(structuredClone(out.get(region) ?? row), options));
    }
  return out;
}

// The word for a night in "up*3 down*2 up*2"; none for "-", and for rows without such a line.
export function wordOn(line, night) {
  const words = (line ?? '').split(' ').filter(Boolean).flatMap((word) => {
    const [text, times] = word.split('*');
    return Array(Number(times ?? 1)).fill(text);
  });
  const word = words[Math.min(night, words.length) - 1];  // the last one holds on
  return word === '-' ? undefined : word;
}
