// Uefi: the identity of the firmware. Source: Uefi CSP.
import { reads } from '../node-rule.ts';
import type { Csp } from '../node-rule.ts';

export const uefi: Csp = {
  root: 'Vendor/MSFT/Uefi',
  device: { DeviceIdentifier: reads('chr', (facts) => facts.identity().smbiosUuid) },
};
