// One management session of a device, as every step runs it: over mutual TLS to the server that enrollment named, counted in the
// metrics and in the device's record.
import { stepFailure, type StepFailure } from '../../catalog/failures.ts';
import { assert, ok, type Result } from '../../kernel/result.ts';
import { MANAGEMENT_STATUSES, type ManagementStatus, type SessionTrigger } from '../../telemetry/labels.ts';
import type { DeviceContext } from '../device-context.ts';
import type { ManagedDevice } from '../management/managed-device.ts';

const STATUS_LABELS: ReadonlySet<string> = new Set(MANAGEMENT_STATUSES);

export interface ManageOptions {
  readonly trigger: SessionTrigger;
  /** Phase of the Enrollment Status Page that runs the session. */
  readonly bootstrapSync?: 'device' | 'user';
  /** Entra token of the user who is signed in; absent in the device phase. */
  readonly userToken?: string;
}

/**
 * Runs a session to its end. One that is still under way at the deadline (device time) is broken off, which is no failure: whoever set
 * the deadline looks at the time.
 */
export async function manage(
  device: DeviceContext,
  options: ManageOptions,
  deadlineMs = Infinity,
): Promise<Result<null, StepFailure>> {
  const { network, services, state, shard } = device;
  const { trigger, bootstrapSync, userToken } = options;
  const { recorder } = shard;
  const endpoint = state.management;
  assert(endpoint !== null, 'a device is managed after its enrollment');
  recorder.count('flotilla_management_sessions_total', [trigger]);
  state.sessions++;
  let brokenOff = false;
  const exchange = async (body: string): Promise<Result<string, StepFailure>> => {
    const reply = brokenOff ? BROKEN_OFF : await services.sendManagementMessage(network, endpoint, body, userToken);
    // What comes after the deadline must not touch the tree.
    return brokenOff ? BROKEN_OFF : reply;
  };
  const session = await device.until(deadlineMs, () =>
    services.runSession(managedOf(device), exchange, {
      serverUri: endpoint.address,
      trigger: 'client',
      loginStatus: userToken === undefined ? 'none' : 'user',
      bootstrapSync,
      onMessage: () => {
        state.messages++;
        recorder.count('flotilla_management_messages_total', []);
      },
      onStatus: (code) => recorder.count('flotilla_management_status_total', [statusLabel(code)]),
    }),
  );
  if (session === undefined) {
    brokenOff = true;
    network.close('management');
    return ok(null);
  }
  return session.ok ? ok(null) : session;
}

const BROKEN_OFF = stepFailure('abandoned', 'the status page ended first');

/** The device as its management server sees it. */
export function managedOf(device: DeviceContext): ManagedDevice {
  const { managed } = device.state;
  assert(managed !== null, 'a device is managed after its enrollment');
  return managed;
}

function statusLabel(code: number): ManagementStatus {
  const label = String(code);
  return STATUS_LABELS.has(label) ? (label as ManagementStatus) : 'other';
}
