// The stages that a person at the device could name, in the order of the Entra-join flow over Ethernet (mission.md 1-11).

export const STEPS = {
  'oobe-locale': { title: 'Region and keyboard' },
  'network-connect': { title: 'Network' },
  'profile-download': { title: 'Autopilot profile' },
  'oobe-updates': { title: 'Critical updates' },
  'sign-in': { title: 'Work or school sign-in' },
  'entra-join': { title: 'Microsoft Entra join' },
  'mdm-enroll': { title: 'MDM enrollment' },
  'device-esp': { title: 'ESP, device phase' },
  'windows-sign-in': { title: 'Windows sign-in' },
  'user-esp': { title: 'ESP, user phase' },
  'quality-updates': { title: 'Quality updates' },
  'windows-hello': { title: 'Windows Hello' },
  polling: { title: 'Polling' },
} as const;

export type StepName = keyof typeof STEPS;
export const STEP_NAMES = Object.keys(STEPS) as StepName[];

/** Where a device is when it is in no step: waiting for its start, or at the desktop with nothing left to do. */
export const STEP_OUTCOMES = ['succeeded', 'failed', 'abandoned'] as const;
export type StepOutcome = (typeof STEP_OUTCOMES)[number];

/** What a device's time is spent on; per step the parts add up to the whole. */
export const TIME_PARTS = ['person', 'service', 'install', 'restart', 'poll'] as const;
export type TimePart = (typeof TIME_PARTS)[number];
