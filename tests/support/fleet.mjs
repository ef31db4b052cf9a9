// The fleet and the auditor as the Node tests use them: started, configured, waited for, ended.
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

export const root = resolve(import.meta.dirname, '../..');
const { ROLLCALL_AUDIT: audit, ROLLCALL_FLEET: fleet } = process.env;
const run = promisify(execFile);

// Runs the auditor; a finding (exit 1) is a result, not an error.
export async function auditor(...args) {
  try {
    const { stdout, stderr } = await run(audit, args, { maxBuffer: 64 << 20 });
    return { code: 0, stdout, stderr };
  } catch (e) {
    if (typeof e.code !== 'number') throw e;
    return { code: e.code, stdout: e.stdout, stderr: e.stderr };
  }
}

export const readJson = async (file) => JSON.parse(await readFile(file, 'utf8'));
export const readLines = async (file) => (await readFile(file, 'utf8')).trim().split('\n').map((line) => JSON.parse(line));

// Starts the fleet and waits until it says that it is ready. Suites differ in their ports, so that they can run side by side.
export async function startFleet(folder, ports, ...args) {
  const out = join(folder, 'fleet');
  await rm(out, { recursive: true, force: true });
  const child = spawn(fleet, ['--cases', join(root, 'tests/fleet/cases'), '--out', out, '--https-port', String(ports.https), '--http-port',
    String(ports.http), '--dns-port', String(ports.dns), ...args], { stdio: ['ignore', 'inherit', 'inherit'] });
  const ended = new Promise((r) => child.on('exit', r));
  for (;;) {
    const ready = await readFile(join(out, 'ready.json'), 'utf8').catch(() => '');
    if (ready) break;
    assert.ok(child.exitCode === null, 'the fleet ended before it was ready');
    await new Promise((r) => setTimeout(r, 50));
  }
  return { out, ports, stop: () => { child.kill('SIGTERM'); return ended; } };
}

// A folder of configuration for a round over a fleet; returns the name of its main file.
export async function configure(folder, { out, ports }, probe, dns = {}) {
  const config = join(folder, 'config');
  await mkdir(config, { recursive: true });
  await writeFile(join(config, 'rollcall.json'), JSON.stringify({
    site_name: 'Planted', base_url: 'http://localhost:8000/', contact: 'mailto:operator@example.com', probe,
    dns: { servers: `127.0.0.1:${ports.dns}`, timeout_ms: 1000, tries: 2, ...dns },
    tls: { trust_file: join(out, 'ca.pem') },
  }));
  await writeFile(join(config, 'registries.json'), JSON.stringify({
    registries: [{ id: 'planted', name: 'Planted', kind: 'mcp-registry', url: join(out, 'registry.json'), enabled: true }],
  }));
  return join(config, 'rollcall.json');
}
