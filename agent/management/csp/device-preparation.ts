// DevicePreparation: the page of Autopilot device preparation, which the classic flow never shows. Source: DevicePreparation CSP.
import { reads, setting } from '../node-rule.ts';
import type { Csp } from '../node-rule.ts';

export const devicePreparation: Csp = {
  root: 'Vendor/MSFT/DevicePreparation',
  device: {
    PageEnabled: reads('bool', 'false'),
    PageStatus: reads('int', '0'),
    PageErrorCode: reads('int', '0'),
    PageErrorPhase: reads('int', '0'),
    PageErrorDetails: reads('chr', ''),
    'MDMProvider/Progress': setting('chr', ''),
  },
};
