// HealthAttestation: nothing was attested yet. Source: HealthAttestation CSP.
import { reads } from '../node-rule.ts';
import type { Csp } from '../node-rule.ts';

export const healthAttestation: Csp = {
  root: 'Vendor/MSFT/HealthAttestation',
  device: { Status: reads('int', '0') },
};
