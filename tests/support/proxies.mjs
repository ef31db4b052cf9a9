// Real proxies, as the Node tests use them: microsocks and tinyproxy, each with a user and a password.
import { spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import net from 'node:net';
import { join } from 'node:path';

// Resolves once somebody listens there; false if the process ended before.
async function listens(port, child) {
  for (;;) {
    if (child.exitCode !== null) return false;
    const there = await new Promise((resolve) => {
      const socket = net.connect(port, '127.0.0.1', () => { socket.destroy(); resolve(true); });
      socket.on('error', () => resolve(false));
    });
    if (there) return true;
    await new Promise((r) => setTimeout(r, 20));
  }
}

async function started(command, args, port, hosts) {
  // With a hosts file of its own where the machine allows it: what the proxy then calls a name.
  const child = hosts ? spawn('unshare', ['-m', 'sh', '-c', `mount --bind "$0" /etc/hosts && exec "$@"`, hosts, command, ...args], { stdio: 'ignore' })
    : spawn(command, args, { stdio: 'ignore' });
  const ended = new Promise((r) => child.on('exit', r));
  if (!await listens(port, child)) return null;
  return { port, kill: () => { child.kill('SIGKILL'); return ended; } };
}

export const startMicrosocks = (port, user, password, hosts) =>
  started('microsocks', ['-i', '127.0.0.1', '-p', String(port), '-u', user, '-P', password], port, hosts);

export async function startTinyproxy(folder, port, user, password, hosts) {
  const file = join(folder, `tinyproxy-${port}.conf`);
  await writeFile(file, ['User root', 'Group root', `Port ${port}`, 'Listen 127.0.0.1', 'Timeout 60', 'MaxClients 200', 'StartServers 4', 'Allow 127.0.0.1',
    `BasicAuth ${user} ${password}`, 'DisableViaHeader Yes', `LogFile "${join(folder, 'tinyproxy.log')}"`, 'LogLevel Error', ''].filter((line) => process.getuid() === 0 || !/^(User|Group)/.test(line)).join('\n'));
  return started('tinyproxy', ['-d', '-c', file], port, hosts);
}
