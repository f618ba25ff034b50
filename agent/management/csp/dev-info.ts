// DevInfo: who the device is, sent with the first message of each session. Source: DevInfo CSP.
import { reads } from '../node-rule.ts';
import type { Csp } from '../node-rule.ts';

export const devInfo: Csp = {
  root: 'DevInfo',
  device: {
    DevId: reads('chr', (facts) => facts.deviceId),
    Man: reads('chr', (facts) => facts.identity().manufacturer),
    Mod: reads('chr', (facts) => facts.identity().model),
    DmV: reads('chr', '1.3'),
    Lang: reads('chr', (facts) => facts.identity().locale),
  },
};
