// WindowsLicensing: edition and activation. Source: WindowsLicensing CSP.
import { reads } from '../node-rule.ts';
import type { Csp } from '../node-rule.ts';

export const windowsLicensing: Csp = {
  root: 'Vendor/MSFT/WindowsLicensing',
  device: {
    Edition: reads('int', (facts) => String(facts.identity().osEditionSku)),
    Status: reads('int', '1'),
    LicenseKeyType: reads('chr', 'OEM'),
    'SMode/Status': reads('int', '1'),
    'DeviceLicensingService/DeviceLicensingStatus': reads('int', '0'),
    'DeviceLicensingService/DeviceLicensingLastError': reads('int', '0'),
    'DeviceLicensingService/DeviceLicensingLastErrorDescription': reads('chr', ''),
  },
};
