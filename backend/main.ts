// The entry of the embedded backend's own process: configured by one message from its parent, told by another when the run
// begins, ends when the parent goes.
import type { ConfigureBackend, FromBackend, ToBackend } from '../catalog/backend-messages.ts';
import { RealClock } from '../kernel/clock.ts';
import { messageOf } from '../kernel/result.ts';
import { SECOND_MS } from '../kernel/units.ts';
import { startBackend } from './backend.ts';
import type { RunningBackend } from './backend.ts';

let running: RunningBackend | undefined;
let ending = false;

function send(message: FromBackend): void {
  if (process.connected) process.send?.(message);
}

async function configure(message: ConfigureBackend): Promise<void> {
  const { tenant, host, port } = message;
  const clock = new RealClock(tenant.speed);
  const started = await startBackend({ tenant, clock, host, port, reportError });
  if (!started.ok) {
    send({ kind: 'refused', ...started.error });
    process.disconnect();
    return;
  }
  running = started.value;
  if (ending) return end();
  const { endpoints, names, caPem, caPath, admin } = running;
  send({ kind: 'ready', endpoints, names, caPem, caPath, admin });
  clock.every(SECOND_MS, () => {
    const { user, system } = process.cpuUsage();
    send({ kind: 'usage', cpuSeconds: (user + system) / 1e6, rssBytes: process.memoryUsage.rss() });
  });
}

async function end(): Promise<void> {
  ending = true;
  await running?.stop();
  process.exit();
}

function reportError(error: unknown): void {
  console.error(`flotilla backend: ${messageOf(error)}`);
}

// A terminal sends Ctrl-C to the whole group: the parent decides when the backend ends.
process.on('SIGINT', () => {});
process.once('SIGTERM', () => void end());
process.once('disconnect', () => void end());
process.on('message', (message) => {
  const told = message as ToBackend;
  if (told.kind === 'configure') void configure(told);
  else running?.begin();
});
