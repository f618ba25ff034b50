// Policy: settings by area and name. Which areas exist is Windows' matter and changes with each version, so any is taken, as data.
// Source: Policy CSP.
import { addable, GET, instances } from '../node-rule.ts';
import type { Csp, NodeContext, NodeRule } from '../node-rule.ts';

/**
 * Device settings that take effect only with a restart, by area and name: some of those that Windows keeps under
 * Provisioning\\SyncML\\RebootRequiredURIs, and areas of ours that stand for the rest.
 */
const NEEDS_RESTART: readonly (readonly [area: RegExp, name: RegExp])[] = [
  [/^SimulatedRestart/, /^/],
  [/^DeviceGuard$/, /^/],
  [/^Start$/, /^Hide/],
  [/^Update$/, /^ManagePreviewBuilds$/],
];

function noteRestart(_value: string, { names, tree }: NodeContext): void {
  const [area = '', name = ''] = names;
  if (NEEDS_RESTART.some(([areas, settings]) => areas.test(area) && settings.test(name))) tree.restartPending = true;
}

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
    'Config/*/*': addable('any', { replaceAdds: true, whenSet: noteRestart }),
    'ConfigOperations/ADMXInstall/*': instances(),
    'ConfigOperations/ADMXInstall/*/*': instances(),
    'ConfigOperations/ADMXInstall/*/*/*': addable('chr'),
  },
  user: RULES,
};
