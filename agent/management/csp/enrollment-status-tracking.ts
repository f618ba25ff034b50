// EnrollmentStatusTracking: agents on the device (policy providers, such as the one for Win32 apps) tell the Enrollment Status Page what
// they install. Providers and apps are dynamic nodes: whoever tracks adds, replaces and deletes them; the rest is the page's own.
// Source: EnrollmentStatusTracking CSP and its DDF.
import { STATUS } from '../../../protocol/management/syncml.ts';
import { ADD, addable, DELETE, GET, instances, reads, REPLACE } from '../node-rule.ts';
import type { Csp, NodeFormat, NodeRule } from '../node-rule.ts';

const among = (low: number, high: number) => (value: string) =>
  Number(value) < low || Number(value) > high ? STATUS.commandFailed : undefined;

/** A node below a provider, with what it is until somebody sets it. */
function below(format: NodeFormat, value: string, more: Partial<NodeRule> = {}): NodeRule {
  return addable(format, { value: () => value, ...more });
}

const NAMED = instances(() => [], { access: GET | ADD | REPLACE | DELETE });

const SETUP: Readonly<Record<string, NodeRule>> = {
  'Setup/Apps/PolicyProviders/*': NAMED,
  'Setup/Apps/PolicyProviders/*/TrackingPoliciesCreated': below('bool', 'false'),
  'Setup/Apps/Tracking/*': NAMED,
  'Setup/Apps/Tracking/*/*': NAMED,
  'Setup/Apps/Tracking/*/*/TrackingUri': addable('chr'),
  /** 1 not installed, 2 in progress, 3 completed, 4 error. */
  'Setup/Apps/Tracking/*/*/InstallationState': below('int', '1', { refuses: among(1, 4) }),
  /** 1 not required, 2 soft, 3 hard. */
  'Setup/Apps/Tracking/*/*/RebootRequired': below('int', '1', { refuses: among(1, 3) }),
  // False only while the page shows; the device itself sets it.
  'Setup/HasProvisioningCompleted': reads('bool', 'true'),
};

const PROVIDER = 'DevicePreparation/PolicyProviders/*';

export const enrollmentStatusTracking: Csp = {
  root: 'Vendor/MSFT/EnrollmentStatusTracking',
  device: {
    [PROVIDER]: NAMED,
    /** 1 not installed, 2 not required, 3 completed, 4 error. */
    [`${PROVIDER}/InstallationState`]: below('int', '1', { refuses: among(1, 4) }),
    [`${PROVIDER}/LastError`]: below('int', '0'),
    /** Minutes. */
    [`${PROVIDER}/Timeout`]: below('int', '15'),
    [`${PROVIDER}/TrackedResourceTypes/Apps`]: below('bool', 'false'),
    ...SETUP,
  },
  user: SETUP,
};
