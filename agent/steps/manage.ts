// One management session of a device, as every step runs it: over mutual TLS to the server that enrollment named, counted in the
// metrics and in the device's record.
import type { StepFailure } from '../../catalog/failures.ts';
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

export async function manage(device: DeviceContext, options: ManageOptions): Promise<Result<null, StepFailure>> {
  const { network, services, state, shard } = device;
  const { trigger, bootstrapSync, userToken } = options;
  const { recorder } = shard;
  const endpoint = state.management;
  assert(endpoint !== null, 'a device is managed after its enrollment');
  recorder.count('flotilla_management_sessions_total', [trigger]);
  state.sessions++;
  const session = await services.runSession(
    managedOf(device),
    (body) => services.sendManagementMessage(network, endpoint, body, userToken),
    {
      serverUri: endpoint.address,
      trigger: 'client',
      loginStatus: userToken === undefined ? 'none' : 'user',
      bootstrapSync,
      onMessage: () => {
        state.messages++;
        recorder.count('flotilla_management_messages_total', []);
      },
      onStatus: (code) => recorder.count('flotilla_management_status_total', [statusLabel(code)]),
    },
  );
  return session.ok ? ok(null) : session;
}

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
