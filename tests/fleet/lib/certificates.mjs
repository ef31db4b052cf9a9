// A certificate authority of the fleet's own, made by the openssl command line, and one leaf for every way in which
// a certificate can be wrong.
import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

// kind: how its leaf differs from a good one. `send` names the certificates after the leaf in the handshake.
const kinds = {
  good: { by: 'middle', send: ['middle'] },
  expired: { by: 'middle', send: ['middle'], from: '20200101000000Z', to: '20200201000000Z' },
  future: { by: 'middle', send: ['middle'], from: '20480101000000Z', to: '20490101000000Z' },
  wrong_name: { by: 'middle', send: ['middle'], names: ['parked.example.test'] },
  unknown_issuer: { by: 'stranger', send: [] },
  missing_intermediate: { by: 'middle', send: [] },
  self_signed: { by: 'itself', send: [] },
};

export const tlsKinds = Object.keys(kinds);

function config(folder, names) {
  return `[ca]
default_ca = own
[own]
new_certs_dir = ${folder}
database = ${folder}/index.txt
rand_serial = yes
unique_subject = no
default_md = sha256
default_days = 3650
policy = any
[any]
commonName = supplied
[req]
distinguished_name = subject
prompt = no
[subject]
CN = Fleet
[authority]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
[leaf]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = serverAuth
subjectKeyIdentifier = hash
subjectAltName = @names
[names]
${names.map((name, i) => `DNS.${i + 1} = ${name}`).join('\n')}
`;
}

// Makes what the wanted kinds need, under out/certificates, and out/ca.pem. Returns kind -> {key, cert} in PEM.
export async function makeCertificates(out, names, wanted) {
  const folder = join(out, 'certificates');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'index.txt'), '');
  const at = (name) => join(folder, name);
  const openssl = (...args) => run('openssl', args);
  const key = (name) => openssl('genpkey', '-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256', '-out', at(`${name}.key`));
  const write = async (name, list) => { await writeFile(at(name), config(folder, list)); return at(name); };

  const plain = await write('good.cnf', names);
  await Promise.all(['root', 'stranger', 'middle', 'leaf'].map(key));
  const root = (name, subject) => openssl('req', '-x509', '-new', '-key', at(`${name}.key`), '-subj', `/CN=${subject}`, '-days', '3650',
    '-config', plain, '-extensions', 'authority', '-out', at(`${name}.pem`));
  await Promise.all([root('root', 'Fleet Root'), root('stranger', 'A Root That Nobody Trusts')]);

  // One after the other: they share the index file.
  const sign = async (name, request, by, cnf, section, dates) => openssl('ca', '-batch', '-notext', '-config', cnf, '-extensions', section,
    '-cert', at(`${by}.pem`), '-keyfile', at(`${by}.key`), '-in', request, '-out', at(`${name}.pem`), ...dates);
  const request = async (name, subject) => {
    await openssl('req', '-new', '-key', at(`${name}.key`), '-subj', `/CN=${subject}`, '-config', plain, '-out', at(`${name}.csr`));
    return at(`${name}.csr`);
  };
  await sign('middle', await request('middle', 'Fleet Intermediate'), 'root', plain, 'authority', []);
  const leafRequest = await request('leaf', 'fleet.test');

  const made = {};
  const leafKey = await readFile(at('leaf.key'), 'utf8');
  for (const kind of wanted) {
    const how = kinds[kind];
    if (!how) throw new Error(`no such kind of certificate: ${kind}`);
    const cnf = how.names ? await write(`${kind}.cnf`, how.names) : plain;
    const name = `leaf-${kind}`;
    if (how.by === 'itself') {
      await openssl('req', '-x509', '-new', '-key', at('leaf.key'), '-subj', '/CN=fleet.test', '-days', '3650', '-config', cnf,
        '-extensions', 'leaf', '-out', at(`${name}.pem`));
    } else {
      await sign(name, leafRequest, how.by, cnf, 'leaf', how.from ? ['-startdate', how.from, '-enddate', how.to] : []);
    }
    const chain = await Promise.all([name, ...how.send].map((n) => readFile(at(`${n}.pem`), 'utf8')));
    made[kind] = { key: leafKey, cert: chain.join('') };
  }
  await writeFile(join(out, 'ca.pem'), await readFile(at('root.pem')));
  return made;
}
