// A socket that listens and never accepts: its thread sleeps, and connections of our own fill the queue, so that
// the kernel drops whatever comes next.
import net from 'node:net';
import { Worker } from 'node:worker_threads';

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

export async function blackhole(address, port) {
  const worker = new Worker(`const { parentPort, workerData } = require('node:worker_threads');
    require('node:net').createServer().listen({ ...workerData, backlog: 1 }, () => {
      parentPort.postMessage('listening');
      setTimeout(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0), 20);
    });`, { eval: true, workerData: { host: address, port } });
  await new Promise((resolve, reject) => { worker.once('message', resolve); worker.once('error', reject); });
  await pause(120);
  const held = Array.from({ length: 6 }, () => net.connect({ host: address, port }).on('error', () => {}));
  await pause(50);
  return { close: () => { held.forEach((s) => s.destroy()); return worker.terminate(); } };
}
