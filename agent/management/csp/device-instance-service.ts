// DeviceInstanceService: there is no telephone in these devices. Source: DeviceInstanceService CSP.
import { reads } from '../node-rule.ts';
import type { Csp } from '../node-rule.ts';

export const deviceInstanceService: Csp = {
  root: 'Vendor/MSFT/DeviceInstanceService',
  device: { IMEI: reads('chr', ''), PhoneNumber: reads('chr', '') },
};
