// DevDetail: versions and hardware, with the 4K hardware hash that a server asks for to register a device. Source: DevDetail CSP.
import { reads, setting } from '../node-rule.ts';
import type { Csp } from '../node-rule.ts';

const MICROSOFT = 'Ext/Microsoft';

export const devDetail: Csp = {
  root: 'DevDetail',
  device: {
    SwV: reads('chr', (facts) => facts.identity().osVersion),
    FwV: reads('chr', (facts) => facts.identity().hardware.firmwareVendor),
    HwV: reads('chr', (facts) => facts.identity().model),
    OEM: reads('chr', (facts) => facts.identity().manufacturer),
    DevTyp: reads('chr', 'Desktop'),
    LrgObj: reads('bool', 'true'),
    'Ext/DeviceHardwareData': reads('chr', (facts) => facts.hardwareHash()),
    'Ext/WLANMACAddress': reads('chr', (facts) => facts.identity().macAddresses[0]?.replaceAll(':', '') ?? ''),
    [`${MICROSOFT}/DeviceName`]: setting('chr', (facts) => facts.identity().computerName),
    [`${MICROSOFT}/DNSComputerName`]: reads('chr', (facts) => facts.identity().computerName),
    [`${MICROSOFT}/OSPlatform`]: reads('chr', 'Windows'),
    [`${MICROSOFT}/ProcessorArchitecture`]: reads('int', (facts) =>
      facts.identity().hardware.architecture === 'arm64' ? '12' : '9',
    ),
    [`${MICROSOFT}/ProcessorType`]: reads('int', (facts) =>
      facts.identity().hardware.architecture === 'arm64' ? '0' : '8664',
    ),
    [`${MICROSOFT}/TotalRAM`]: reads('int', (facts) => String(facts.identity().ramGb * 1024)),
    [`${MICROSOFT}/TotalStorage`]: reads('int', (facts) => String(facts.identity().diskGb * 1024)),
    [`${MICROSOFT}/SMBIOSSerialNumber`]: reads('chr', (facts) => facts.identity().serialNumber),
    [`${MICROSOFT}/SMBIOSVersion`]: reads('chr', '3.4'),
    [`${MICROSOFT}/MobileID`]: reads('chr', ''),
  },
};
