// The order of steps for each variant. It depends on facts of the device: over Ethernet the network and the profile come
// first, so that pages which the profile hides are never shown; on Wi-Fi region and keyboard are asked before there is a
// profile that could hide them. What a step does is in steps/, one file each.
import type { StepName } from '../catalog/steps.ts';
import type { VariantName } from '../catalog/variants.ts';

export interface FlowFacts {
  /** The device has Ethernet: nobody is asked for a network. */
  readonly wired: boolean;
}

export const FLOWS: Record<VariantName, (facts: FlowFacts) => readonly StepName[]> = {
  'entra-join': ({ wired }) => [
    ...(wired
      ? (['network-connect', 'profile-download', 'oobe-locale'] as const)
      : (['oobe-locale', 'network-connect', 'profile-download'] as const)),
    'oobe-updates',
    'sign-in',
    'entra-join',
    'mdm-enroll',
    'device-esp',
    'windows-sign-in',
    'user-esp',
    'quality-updates',
    'windows-hello',
    'polling',
  ],
};

/** A restart in OOBE empties the profile's cache: the device connects and asks again, then goes on where it was. */
export const AFTER_OOBE_RESTART: readonly StepName[] = ['network-connect', 'profile-download'];

/** The step that comes after the desktop was reached: nothing in it reopens the device's outcome. */
export const AFTER_DESKTOP: StepName = 'polling';
