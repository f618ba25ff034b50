// Small providers that servers ask about the management client itself: capabilities, session actions, preparation, firmware.
// Sources: the CSPs of these names.
import { instances, reads, setting } from '../node-rule.ts';
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

export const dmSessionActions: Csp = {
  root: 'Vendor/MSFT/DMSessionActions',
  device: {
    '*': instances((facts) => [facts.providerId]),
    '*/CheckinAlertConfiguration/Nodes/*': instances(),
    '*/CheckinAlertConfiguration/Nodes/*/NodeURI': setting('chr', ''),
  },
};

/** The classic flow shows no device preparation page (that is Autopilot device preparation). */
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

export const windowsAutopilot: Csp = {
  root: 'Vendor/MSFT/WindowsAutopilot',
  device: { HardwareMismatchRemediationData: reads('chr', '') },
};

export const uefi: Csp = {
  root: 'Vendor/MSFT/Uefi',
  device: { DeviceIdentifier: reads('chr', (facts) => facts.identity().smbiosUuid) },
};

/** No telephone in these devices. */
export const deviceInstanceService: Csp = {
  root: 'Vendor/MSFT/DeviceInstanceService',
  device: { IMEI: reads('chr', ''), PhoneNumber: reads('chr', '') },
};
