// What the management extension remembers of a device's apps, as the real one does in the registry: it outlives restarts and
// phases. Numbers and codes only, and only of apps that were begun; policies are asked for again.
import type { FailureCode } from '../../catalog/failures.ts';

export interface AppMemory {
  /** Attempts that have ended. */
  attempts: number;
  /** Attempts whose installer asked to be run again: only then may another run end otherwise. */
  reruns: number;
  /** Device time at which its first download began. */
  startedMs: number;
  /** Device time before which it is not tried again. */
  dueMs: number;
  /** `skipped`: what it depends on is not there. */
  end: 'installed' | 'failed' | 'skipped' | null;
  /** Why it failed or was skipped. */
  failure: FailureCode | null;
}

export class ExtensionMemory {
  readonly #apps = new Map<string, AppMemory>();
  /** Sessions with the gateway so far: they name their ids. */
  sessions = 0;
  /** The phase of the last check-in: another one in it comes after a restart. */
  phase: string | null = null;

  /** What is remembered of an app that was begun. */
  of(appId: string): AppMemory | undefined {
    return this.#apps.get(appId);
  }

  begun(appId: string, startedMs: number): AppMemory {
    let app = this.#apps.get(appId);
    if (app === undefined) {
      app = { attempts: 0, reruns: 0, startedMs, dueMs: 0, end: null, failure: null };
      this.#apps.set(appId, app);
    }
    return app;
  }

  forget(appId: string): void {
    this.#apps.delete(appId);
  }
}
