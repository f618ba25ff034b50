// Loaded into a run's processes and threads by `--import`: ends the one that FLOTILLA_SABOTAGE names as soon as the file at
// FLOTILLA_SABOTAGE_TRIGGER is there.
import { existsSync } from 'node:fs';
import { isMainThread, threadId } from 'node:worker_threads';

/** What `--import` is given. */
export const SABOTAGE = import.meta.filename;

const victim = process.env['FLOTILLA_SABOTAGE'];
const trigger = process.env['FLOTILLA_SABOTAGE_TRIGGER'] ?? '';
const isBackend = isMainThread && process.send !== undefined;

function whenTriggered(act: () => void): void {
  const look = setInterval(() => {
    if (!existsSync(trigger)) return;
    clearInterval(look);
    act();
  }, 50).unref();
}

if (victim === 'backend' && isBackend) whenTriggered(() => process.kill(process.pid, 'SIGKILL'));
if (victim === 'worker' && !isMainThread) whenTriggered(() => process.exit(7));
// One worker is enough to fill: the other goes on.
if (victim === 'memory' && threadId === 1) {
  whenTriggered(() => {
    // In pieces that the collector handles: a single allocation beyond the limit would abort the whole process.
    const piece = Buffer.alloc(60_000, 'x');
    const held: string[] = [];
    for (;;) held.push(piece.toString('latin1'));
  });
}
