// What the server remembers of a device between sessions: how far each phase has come. A few numbers.
import type { Scope } from './commands.ts';

/** `provisioning`: rounds are still to be sent; `following`: the device is at work; `done`: it said so. */
export type PhaseStage = 'provisioning' | 'following' | 'done';

export interface PhaseRecord {
  stage: PhaseStage;
  /** Rounds of the plan that the device has answered. */
  roundsAnswered: number;
  /** WasDeviceSuccessfullyProvisioned as the device gave it. */
  succeeded: boolean;
}

/** A device under management. */
export class ManagedDeviceRecord {
  readonly managedDeviceId: string;
  readonly groupTag: string | undefined;
  readonly phases: Record<Scope, PhaseRecord> = { device: newPhase(), user: newPhase() };

  constructor(managedDeviceId: string, groupTag: string | undefined) {
    this.managedDeviceId = managedDeviceId;
    this.groupTag = groupTag;
  }
}

function newPhase(): PhaseRecord {
  return { stage: 'provisioning', roundsAnswered: 0, succeeded: false };
}
