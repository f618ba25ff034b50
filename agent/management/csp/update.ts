// Update: which updates Windows has, may have and failed to have. A new device has none to name. Source: Update CSP.
import { reads } from '../node-rule.ts';
import type { Csp } from '../node-rule.ts';

export const update: Csp = {
  root: 'Vendor/MSFT/Update',
  device: {
    InstalledUpdates: reads('node', ''),
    InstallableUpdates: reads('node', ''),
    FailedUpdates: reads('node', ''),
    PendingRebootUpdates: reads('node', ''),
    LastSuccessfulScanTime: reads('chr', ''),
  },
};
