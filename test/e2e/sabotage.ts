// Loaded into a run's process and its threads by `--import`: ends one of them while the run is on, as FLOTILLA_SABOTAGE says.
import { isMainThread } from 'node:worker_threads';

const [victim, afterMs] = (process.env['FLOTILLA_SABOTAGE'] ?? '').split(':');
const isBackend = isMainThread && process.send !== undefined;

function later(act: () => void): void {
  setTimeout(act, Number(afterMs)).unref();
}

if (victim === 'backend' && isBackend) later(() => process.kill(process.pid, 'SIGKILL'));
if (victim === 'worker' && !isMainThread) later(() => process.exit(7));
if (victim === 'memory' && !isMainThread) {
  later(() => {
    const held: unknown[] = [];
    for (;;) held.push(Array.from({ length: 1e6 }, (_, at) => ({ at })));
  });
}
