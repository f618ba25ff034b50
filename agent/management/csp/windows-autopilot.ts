// WindowsAutopilot: what a device whose mainboard was changed would say about itself; here nothing. Source: WindowsAutopilot CSP.
import { reads } from '../node-rule.ts';
import type { Csp } from '../node-rule.ts';

export const windowsAutopilot: Csp = {
  root: 'Vendor/MSFT/WindowsAutopilot',
  device: { HardwareMismatchRemediationData: reads('chr', '') },
};
