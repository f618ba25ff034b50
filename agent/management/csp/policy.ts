// Policy: settings by area and name. Which areas exist is Windows' matter and changes with each version, so any is taken, as data.
// Source: Policy CSP.
import { addable, GET, instances } from '../node-rule.ts';
import type { Csp, NodeRule } from '../node-rule.ts';

const RULES: Readonly<Record<string, NodeRule>> = {
  'Config/*': instances('any', { access: GET }),
  // Replace of a setting that is not there adds it: servers use either.
  'Config/*/*': addable('any', { replaceAdds: true }),
  'Result/*': instances('any', { access: GET }),
  'Result/*/*': {
    access: GET,
    format: 'any',
    value: (_facts, { tree, key }) => tree.read(key.replace('/Policy/Result/', '/Policy/Config/')),
  },
};

export const policy: Csp = {
  root: 'Vendor/MSFT/Policy',
  device: {
    ...RULES,
    'ConfigOperations/ADMXInstall/*': instances(),
    'ConfigOperations/ADMXInstall/*/*': instances(),
    'ConfigOperations/ADMXInstall/*/*/*': addable('chr'),
  },
  user: RULES,
};
