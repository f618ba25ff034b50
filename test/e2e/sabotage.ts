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
if (victim === 'error' && threadId === 1) {
  whenTriggered(() => {
    throw new Error('sabotage');
  });
}
