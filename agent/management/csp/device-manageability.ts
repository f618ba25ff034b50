// DeviceManageability: the providers and versions that the device says it has. Source: DeviceManageability CSP.
import { reads } from '../node-rule.ts';
import type { Csp } from '../node-rule.ts';

export const deviceManageability: Csp = {
  root: 'Vendor/MSFT/DeviceManageability',
  device: {
    'Capabilities/CSPVersions': reads(
      'chr',
      '<?xml version="1.0" encoding="utf-8"?><DeviceManageability Version="com.microsoft/1.1/MDM/DeviceManageability"><Capabilities><CSPVersions></CSPVersions></Capabilities></DeviceManageability>',
    ),
  },
};
