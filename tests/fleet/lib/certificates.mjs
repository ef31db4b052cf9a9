// A certificate authority of the fleet's own, made by the openssl command line, and one leaf for every way in which
// a certificate can be wrong.
import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import tls from 'node:tls';
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
  weak_key: { by: 'middle', send: ['middle'], bits: 768 },
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

// A certificate is sent with every handshake, so it names as many hosts as real ones do, not a whole fleet.
const mostNames = 60;

// Makes what the hosts need, each { name, kind }, under out/certificates, and out/ca.pem. Returns "kind name" -> {key, cert}
// in PEM.
export async function makeCertificates(out, hosts) {
  const folder = join(out, 'certificates');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'index.txt'), '');
  const at = (name) => join(folder, name);
  const openssl = (...args) => run('openssl', args);
  const makeKey = (name) => openssl('genpkey', '-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256', '-out', at(`${name}.key`));
  const write = async (name, list) => { await writeFile(at(name), config(folder, list)); return at(name); };

  const plain = await write('plain.cnf', ['fleet.test']);
  await Promise.all(['root', 'stranger', 'middle', 'leaf'].map(makeKey));
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

  const leafKey = await readFile(at('leaf.key'), 'utf8');
  const makeLeaf = async (name, kind, names) => {
    const how = kinds[kind];
    if (!how) throw new Error(`no such kind of certificate: ${kind}`);
    const cnf = await write(`${name}.cnf`, how.names ?? names);
    let key = leafKey, asks = leafRequest;
    if (how.bits) {
      await openssl('genpkey', '-algorithm', 'RSA', '-pkeyopt', `rsa_keygen_bits:${how.bits}`, '-out', at(`${name}.key`));
      [key, asks] = [await readFile(at(`${name}.key`), 'utf8'), await request(name, 'fleet.test')];
    }
    if (how.by === 'itself') {
      await openssl('req', '-x509', '-new', '-key', at('leaf.key'), '-subj', '/CN=fleet.test', '-days', '3650', '-config', cnf,
        '-extensions', 'leaf', '-out', at(`${name}.pem`));
    } else {
      await sign(name, asks, how.by, cnf, 'leaf', how.from ? ['-startdate', how.from, '-enddate', how.to] : []);
    }
    const chain = await Promise.all([name, ...how.send].map((n) => readFile(at(`${n}.pem`), 'utf8')));
    return { key, cert: chain.join('') };
  };

  const made = new Map();
  for (const kind of new Set(hosts.map((h) => h.kind))) {
    const all = hosts.filter((h) => h.kind === kind).map((h) => h.name);
    for (let from = 0; from < all.length; from += mostNames / 2) {
      const some = all.slice(from, from + mostNames / 2);
      const leaf = await makeLeaf(`leaf-${kind}-${from}`, kind, some.flatMap((name) => [name, `*.${name}`]));
      for (const name of some) made.set(`${kind} ${name}`, leaf);
    }
  }
  await writeFile(join(out, 'ca.pem'), await readFile(at('root.pem')));
  return made;
}

// What a row's TLS server offers, beside its certificate. The old versions are beneath what OpenSSL calls safe.
export function offerOf(row, pem) {
  const common = { isServer: true, ALPNProtocols: row.behaviour === 'http2_only' ? ['h2'] : ['http/1.1'] };
  const unsafe = { ciphers: 'DEFAULT@SECLEVEL=0' };
  switch (row.behaviour) {
    case 'old_tls': return { ...common, secureContext: tls.createSecureContext({ ...pem, ...unsafe, minVersion: 'TLSv1', maxVersion: 'TLSv1' }) };
    case 'client_certificate': return { ...common, secureContext: tls.createSecureContext(pem), requestCert: true, rejectUnauthorized: true };
    default: return { ...common, secureContext: tls.createSecureContext(row.tls === 'weak_key' ? { ...pem, ...unsafe } : pem) };
  }
}
