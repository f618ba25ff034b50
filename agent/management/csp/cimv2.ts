// The few WMI classes that servers reach through OMA-DM, with the key of the instance in the name of the node.
// Source: "WMI providers supported in Windows"; instances as public servers ask for them.
import { addable, GET, instances, reads } from '../node-rule.ts';
import type { Csp } from '../node-rule.ts';

export const cimv2: Csp = {
  root: 'cimv2',
  device: {
    'MDM_ConfigSetting/*': instances('any', { access: GET }),
    'MDM_ConfigSetting/*/SettingValue': addable('chr', { replaceAdds: true }),
    'Win32_OperatingSystem/Win32_OperatingSystem=@/SystemDrive': reads('chr', 'C:'),
    "Win32_LogicalDisk/Win32_LogicalDisk.DeviceID='C:'/FreeSpace": reads('chr', (facts) =>
      String(Math.floor(facts.identity().diskGb * 0.8) * 1024 ** 3),
    ),
  },
};
