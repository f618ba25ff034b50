// BitLocker: a simulated disk is not encrypted until told otherwise. Source: BitLocker CSP.
import { reads, setting } from '../node-rule.ts';
import type { Csp } from '../node-rule.ts';

export const bitLocker: Csp = {
  root: 'Vendor/MSFT/BitLocker',
  device: {
    'Status/DeviceEncryptionStatus': reads('int', '1'),
    RequireDeviceEncryption: setting('int', '0'),
  },
};
