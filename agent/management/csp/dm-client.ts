// DMClient: how the device and its management server know each other, and FirstSyncStatus, by which the server tells the Enrollment
// Status Page what to wait for. Source: DMClient CSP and its DDF.
import { STATUS } from '../../../protocol/management/syncml.ts';
import { addable, GET, instances, reads, REPLACE, setting } from '../node-rule.ts';
import type { Csp, NodeRule } from '../node-rule.ts';

/** TimeOutUntilSyncFailure, minutes (DDF). */
const TIMEOUT_MINUTES_MAX = 1440;

const whole = (low: number, high: number) => (value: string) =>
  Number(value) < low || Number(value) > high ? STATUS.commandFailed : undefined;

/** What the server expects: LocURIs divided by U+F000. */
const EXPECTED: Readonly<Record<string, NodeRule>> = {
  ExpectedPolicies: addable('chr'),
  ExpectedNetworkProfiles: addable('chr'),
  ExpectedMSIAppPackages: addable('chr'),
  ExpectedModernAppPackages: addable('chr'),
  ExpectedPFXCerts: addable('chr'),
  ExpectedSCEPCerts: addable('chr'),
};

/** Nodes of both scopes. */
const FIRST_SYNC_STATUS: Readonly<Record<string, NodeRule>> = {
  ...EXPECTED,
  ServerHasFinishedProvisioning: setting('bool', 'false', {
    // CFGMGR_E_COMMANDNOTALLOWED: what was declared finished stays so.
    refuses: (value, before) => (before === 'true' && value === 'false' ? STATUS.notAllowed : undefined),
  }),
  IsSyncDone: setting('bool', 'false', {
    refuses: (_value, before) => (before === 'true' ? STATUS.notAllowed : undefined),
  }),
  WasDeviceSuccessfullyProvisioned: setting('int', '2', { refuses: whole(0, 2) }),
};

const PAGE: Readonly<Record<string, NodeRule>> = {
  TimeOutUntilSyncFailure: setting('int', '60', { refuses: whole(1, TIMEOUT_MINUTES_MAX) }),
  BlockInStatusPage: setting('int', '0', { refuses: whole(0, 7) }),
  AllowCollectLogsButton: setting('bool', 'false'),
  CustomErrorText: setting('chr', ''),
  SkipDeviceStatusPage: setting('bool', 'true'),
  SkipUserStatusPage: setting('bool', 'true'),
};

const PROVIDER = 'Provider/*';

function below(path: string, rules: Readonly<Record<string, NodeRule>>): Record<string, NodeRule> {
  return Object.fromEntries(Object.entries(rules).map(([name, rule]) => [`${path}/${name}`, rule]));
}

/** The enrollment made the provider's node; a server can't add another, and has no rights to another's. */
const provider: NodeRule = instances((facts) => [facts.providerId], {
  access: GET,
  whenAbsent: STATUS.permissionDenied,
});

export const dmClient: Csp = {
  root: 'Vendor/MSFT/DMClient',
  device: {
    HWDevID: reads('chr', (facts) => facts.identity().hardwareDeviceId),
    [PROVIDER]: provider,
    ...below(PROVIDER, {
      UPN: reads('chr', (facts) => facts.upn),
      EntDMID: { access: GET | REPLACE, format: 'chr', replaceAdds: true },
      EntDeviceName: setting('chr', (facts) => facts.identity().computerName),
      ExchangeID: reads('chr', ''),
      PublisherDeviceID: setting('chr', ''),
      AADResourceID: setting('chr', ''),
      AADDeviceID: reads('chr', (facts) => facts.entraDeviceId),
      ForceAadToken: setting('int', '0'),
      SyncApplicationVersion: setting('chr', '4.0'),
      MaxSyncApplicationVersion: reads('chr', '5.0'),
      NumberOfDaysAfterLostContactToUnenroll: setting('int', '0'),
      'LinkedEnrollment/EnrollStatus': reads('int', '0'),
      'LinkedEnrollment/LastError': reads('int', '0'),
      'Push/PFN': setting('chr', ''),
      'Push/ChannelURI': reads('chr', ''),
      'Push/Status': reads('int', '0'),
      'Poll/NumberOfFirstRetries': setting('int', '5'),
      'Poll/IntervalForFirstSetOfRetries': setting('int', '3'),
      'Poll/NumberOfSecondRetries': setting('int', '8'),
      'Poll/IntervalForSecondSetOfRetries': setting('int', '15'),
      'Poll/NumberOfRemainingScheduledRetries': setting('int', '0'),
      'Poll/IntervalForRemainingScheduledRetries': setting('int', '480'),
      'Poll/PollOnLogin': setting('bool', 'false'),
      'Poll/AllUsersPollOnFirstLogin': setting('bool', 'false'),
    }),
    ...below(`${PROVIDER}/FirstSyncStatus`, { ...FIRST_SYNC_STATUS, ...PAGE }),
  },
  user: {
    [PROVIDER]: provider,
    ...below(`${PROVIDER}/FirstSyncStatus`, FIRST_SYNC_STATUS),
  },
};
