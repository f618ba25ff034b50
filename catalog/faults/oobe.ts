// Faults from the network to the updates of OOBE.
import type { Fault } from './fault.ts';

export const OOBE_FAULTS = {
  'captive-portal': {
    title: 'A portal answers the connectivity probe',
    service: 'connectivity',
    causes: { code: 'no-network', step: 'network-connect' },
    anonymous: true,
  },
  'device-not-registered': {
    title: '807: the device is not registered',
    service: 'profile',
    causes: { code: '807', step: 'profile-download' },
  },
  'profile-deleted': {
    title: '809: the assigned profile does not exist',
    service: 'profile',
    causes: { code: '809', step: 'profile-download' },
  },
  'profile-missing': {
    title: '815: no profile is assigned',
    service: 'profile',
    causes: { code: '815', step: 'profile-download' },
  },
  'hardware-mismatch': {
    title: '908: the hardware differs from the registration',
    service: 'profile',
    causes: { code: '908', step: 'profile-download' },
  },
  'profile-blank': {
    title: 'The profile is blank: nothing is assigned yet',
    service: 'profile',
    causes: { code: '815', step: 'profile-download' },
  },
  'profile-late': {
    title: 'The profile comes after the 36 seconds that OOBE waits',
    service: 'profile',
    causes: { code: 'profile-timeout', step: 'profile-download' },
  },
  'device-token-refused': {
    title: 'The device gets no ticket for the profile service',
    service: 'profile',
    causes: { code: 'device-token-refused', step: 'profile-download' },
  },
  'update-stalls': {
    title: 'The content of updates stops coming',
    service: 'updates',
    causes: { code: 'updates-watchdog', step: 'oobe-updates' },
  },
  'update-corrupt': {
    title: 'The content of updates does not match its hash',
    service: 'updates',
    causes: { code: 'reply-malformed', step: 'oobe-updates' },
  },
} as const satisfies Record<string, Fault>;
