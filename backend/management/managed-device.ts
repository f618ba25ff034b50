// What the server remembers of a device between sessions: who it is, and how far each phase has come. A few numbers.
import type { Scope } from './commands.ts';

/** A device as its enrollment describes it. */
export interface DeviceDescription {
  readonly managedDeviceId: string;
  readonly entraDeviceId: string;
  readonly upn: string;
  /** The user may use this MDM. Without a licence nothing is ever provisioned to the end. */
  readonly licensed: boolean;
  readonly groupTag: string | undefined;
}

/** `provisioning`: rounds are still to be sent; `following`: the device is at work; `done`: there is nothing left to ask. */
export type PhaseStage = 'provisioning' | 'following' | 'done';

export interface PhaseRecord {
  stage: PhaseStage;
  /** Rounds of the plan that the device has answered. */
  roundsAnswered: number;
  /** All that was ordered is at its end; only the page is not. */
  settled: boolean;
  /** WasDeviceSuccessfullyProvisioned as the device gave it when its page was over. */
  succeeded: boolean | undefined;
  /** Certificates that failed, by their Status node: how often each was ordered again. Most devices have none. */
  reordered: Map<string, number> | undefined;
}

/** A device under management. */
export class ManagedDeviceRecord {
  readonly description: DeviceDescription;
  readonly phases: Record<Scope, PhaseRecord> = { device: newPhase(), user: newPhase() };
  /** Co-management flags as the device's Configuration Manager client has them; 0 without one. */
  coManagementFlags = 0;

  constructor(description: DeviceDescription) {
    this.description = description;
  }
}

function newPhase(): PhaseRecord {
  return { stage: 'provisioning', roundsAnswered: 0, settled: false, succeeded: undefined, reordered: undefined };
}
