// A process of the fleet's that stands up its part of the servers, until the first one lets go of it.
import { rowsOf } from './cases.mjs';
import { standUpPart } from './servers.mjs';

process.on('SIGINT', () => {});  // of a terminal, to all at once: the first process ends the others
process.once('message', async ({ o, certificates, part, of }) => {
  const { sources, rows } = await rowsOf(o);
  const end = await standUpPart(rows, part, of, { o, sources, certificates });
  process.once('disconnect', async () => {
    await end();
    process.exit(0);
  });
  process.send('standing');
});
