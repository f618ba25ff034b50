// EnrollmentStatusTracking: agents on the device (policy providers, such as the one for Win32 apps) tell the Enrollment Status Page what
// they install. Source: EnrollmentStatusTracking CSP.
import { STATUS } from '../../../protocol/syncml.ts';
import { ADD, addable, DELETE, GET, instances, REPLACE, setting } from '../node-rule.ts';
import type { Csp, NodeRule } from '../node-rule.ts';

const among = (low: number, high: number) => (value: string) =>
  Number(value) < low || Number(value) > high ? STATUS.commandFailed : undefined;

const SETUP: Readonly<Record<string, NodeRule>> = {
  'Setup/Apps/PolicyProviders/*': instances(),
  'Setup/Apps/PolicyProviders/*/TrackingPoliciesCreated': setting('bool', 'false'),
  'Setup/Apps/Tracking/*': instances(),
  'Setup/Apps/Tracking/*/*': instances(),
  'Setup/Apps/Tracking/*/*/TrackingUri': addable('chr'),
  'Setup/Apps/Tracking/*/*/InstallationState': addable('int', { refuses: among(1, 4) }),
  'Setup/Apps/Tracking/*/*/RebootRequired': addable('int', { refuses: among(1, 3) }),
  // False only while the page shows; the device itself sets it.
  'Setup/HasProvisioningCompleted': { access: GET, format: 'bool', value: () => 'true' },
};

const PROVIDER = 'DevicePreparation/PolicyProviders/*';

export const enrollmentStatusTracking: Csp = {
  root: 'Vendor/MSFT/EnrollmentStatusTracking',
  device: {
    [PROVIDER]: instances(),
    [`${PROVIDER}/InstallationState`]: {
      access: GET | ADD | REPLACE | DELETE,
      format: 'int',
      value: () => '1',
      refuses: among(1, 4),
    },
    [`${PROVIDER}/LastError`]: setting('int', '0'),
    [`${PROVIDER}/Timeout`]: setting('int', '15'),
    [`${PROVIDER}/TrackedResourceTypes/Apps`]: setting('bool', 'false'),
    'DevicePreparation/ConfigMgr/ProvisioningTS/InstallationState': setting('int', '1', { refuses: among(1, 4) }),
    ...SETUP,
  },
  user: SETUP,
};
