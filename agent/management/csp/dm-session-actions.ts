// DMSessionActions: what a server wants to be alerted of at a check-in. It is kept as data. Source: DMSessionActions CSP.
import { instances, setting } from '../node-rule.ts';
import type { Csp } from '../node-rule.ts';

export const dmSessionActions: Csp = {
  root: 'Vendor/MSFT/DMSessionActions',
  device: {
    '*': instances((facts) => [facts.providerId]),
    '*/CheckinAlertConfiguration/Nodes/*': instances(),
    '*/CheckinAlertConfiguration/Nodes/*/NodeURI': setting('chr', ''),
  },
};
