// The Autopilot profile: results of the service are event ids of ModernDeployment-Diagnostics-Provider (ztd.md 4.1).
import type { Failure } from './failure.ts';

export const PROFILE_FAILURES = {
  '807': {
    steps: ['profile-download'],
    sentence: 'ZtdDeviceIsNotRegistered: the device is not registered with Autopilot.',
    cause: 'Its hardware hash was never imported, or the hardware changed.',
    remedy: 'Import the hardware hash and wait until the profile status is Assigned.',
    source: 'Microsoft Learn, Autopilot troubleshooting: event 807',
  },
  '809': {
    steps: ['profile-download'],
    sentence: 'ZtdDeviceHasNoAssignedProfile: the assigned profile does not exist.',
    cause: 'The profile was deleted.',
    remedy: 'Assign another profile to the group of the device.',
    source: 'Microsoft Learn, Autopilot troubleshooting: event 809',
  },
  '815': {
    steps: ['profile-download'],
    sentence: 'ZtdDeviceHasNoAssignedProfile: no profile is assigned, and the tenant has no default.',
    cause:
      'The device was switched on before a profile was assigned, or nobody assigned one. A blank profile stays until a restart.',
    remedy: 'Assign a profile to a group of the device, wait until its status is Assigned, and restart the device.',
    source: 'Microsoft Learn, Autopilot troubleshooting: event 815',
  },
  '908': {
    steps: ['profile-download'],
    sentence: 'SerialNumberMismatch or ProductKeyIdMismatch: the hardware differs from the registration.',
    cause: 'A mainboard was changed, or another hash was imported.',
    remedy: 'Remove the registration and import the hash again.',
    source: 'Microsoft Learn, Autopilot troubleshooting: event 908',
  },
  'profile-timeout': {
    steps: ['profile-download'],
    sentence: 'No profile arrived in the 36 seconds that OOBE waits.',
    cause: 'The profile service is slow.',
    remedy: 'Compare the latency of the profile service with the rate of arrivals.',
    source: 'OOBE script: 36,000 ms',
  },
  'device-token-refused': {
    steps: ['profile-download'],
    sentence: 'The device got no token for the profile service.',
    cause: 'The device identity was refused.',
    remedy: 'Check the registration of the device.',
    source: 'ztd.md 2.1-2.2',
  },
} as const satisfies Record<string, Failure>;
