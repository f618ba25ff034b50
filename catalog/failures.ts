// Every way a device can fail in operation: the code as an administrator would meet it (an HRESULT, or an event id of the
// profile service, where Windows has one; a name of ours where it has none), what it means and what to do. These codes are
// metric labels, the docs' table and what `flotilla explain` prints; a test holds them equal. One file an area.
import { APPS_FAILURES } from './failures/apps.ts';
import { CERTIFICATES_FAILURES } from './failures/certificates.ts';
import { ENROLLMENT_FAILURES } from './failures/enrollment.ts';
import { JOIN_FAILURES } from './failures/join.ts';
import { MANAGEMENT_FAILURES } from './failures/management.ts';
import { OOBE_FAILURES } from './failures/oobe.ts';
import { PROFILE_FAILURES } from './failures/profile.ts';
import { RUN_FAILURES } from './failures/run.ts';
import { SIGN_IN_FAILURES } from './failures/sign-in.ts';
import { STATUS_PAGE_FAILURES } from './failures/status-page.ts';
import { TRANSPORT_FAILURES } from './failures/transport.ts';

export type { Failure } from './failures/failure.ts';

export const FAILURES = {
  ...TRANSPORT_FAILURES,
  ...OOBE_FAILURES,
  ...PROFILE_FAILURES,
  ...SIGN_IN_FAILURES,
  ...JOIN_FAILURES,
  ...ENROLLMENT_FAILURES,
  ...MANAGEMENT_FAILURES,
  ...CERTIFICATES_FAILURES,
  ...STATUS_PAGE_FAILURES,
  ...APPS_FAILURES,
  ...RUN_FAILURES,
} as const;

export type FailureCode = keyof typeof FAILURES;
export const FAILURE_CODES = Object.keys(FAILURES) as FailureCode[];

/** An operating failure on its way from where it was seen to the device's record. `detail` goes to traces only, never to labels. */
export interface StepFailure {
  readonly kind: 'failure';
  readonly code: FailureCode;
  readonly detail: string;
}

export function stepFailure(code: FailureCode, detail: string): { readonly ok: false; readonly error: StepFailure } {
  return { ok: false, error: { kind: 'failure', code, detail } };
}
