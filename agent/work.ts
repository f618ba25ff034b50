// Work that takes a device time between management sessions: packages that the server ordered, apps of the management
// extension, apps of a Configuration Manager client. Where work comes from is a source; who waits for it is the installer.
import type { StepFailure } from '../catalog/failures.ts';
import type { Result } from '../kernel/result.ts';

/** What a finished piece of work asks of the device: nothing, a restart at the end of the phase, or one at once. */
export type WorkEnd = 'done' | 'restart-later' | 'restart-now';

/** A piece of work that was begun: its content is there, and now it takes device time. */
export interface Work {
  /** How long it takes from here, device time; 0 for none. */
  readonly deviceMs: number;
  /** The status page waits for it: its time is on the critical path. */
  readonly blocking: boolean;
  /** Called once, when the time is over. What failed is the source's own to record; it is not the device's failure. */
  finish(): WorkEnd | Promise<WorkEnd>;
}

export interface WorkSource {
  /** Something can be begun now. */
  hasWork(): boolean;
  /** Device time at which something that waits (a retry) can be begun; undefined where nothing waits. */
  dueMs(): number | undefined;
  /**
   * Begins the next piece: fetches what it needs. Undefined where there is nothing to begin, or where what was begun has failed
   * without taking time. A failure ends the device: only what the device cannot live with is one. At the page's deadline nobody waits
   * for it any longer and the device's connections are closed: what fails as `abandoned` has not failed.
   */
  begin(): Promise<Result<Work | undefined, StepFailure>>;
  /** Why what the status page waits for has failed, where the source knows better than the tree: the page fails with it. */
  failure?(): StepFailure | undefined;
  /** The phase is over, or the device restarts: what was ordered and is not done goes back to where it came from. */
  release?(failedToo: boolean): void;
}
