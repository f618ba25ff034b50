// DeviceStatus: the inventory that a server reads after enrollment. A simulated device is healthy and has the TPM of its model.
// Source: DeviceStatus CSP.
import { reads } from '../node-rule.ts';
import type { Csp } from '../node-rule.ts';

export const deviceStatus: Csp = {
  root: 'Vendor/MSFT/DeviceStatus',
  device: {
    'OS/Mode': reads('chr', 'Standard'),
    'OS/Edition': reads('int', (facts) => String(facts.identity().osEditionSku)),
    'TPM/SpecificationVersion': reads('chr', '2.0'),
    'TPM/ManufacturerIdTxt': reads('chr', (facts) => facts.identity().tpm.manufacturerId),
    'TPM/ManufacturerVersion': reads('chr', (facts) => facts.identity().tpm.firmware),
    DomainName: reads('chr', ''),
    'Battery/Status': reads('int', '0'),
    'Battery/EstimatedChargeRemaining': reads('int', '100'),
    'Battery/EstimatedRuntime': reads('int', '0'),
    'DeviceGuard/VirtualizationBasedSecurityHwReq': reads('int', '0'),
    'DeviceGuard/VirtualizationBasedSecurityStatus': reads('int', '0'),
    'DeviceGuard/LsaCfgCredGuardStatus': reads('int', '1'),
    'Firewall/Status': reads('int', '0'),
    'Antivirus/Status': reads('int', '0'),
    'Antispyware/Status': reads('int', '0'),
    'Compliance/EncryptionCompliance': reads('int', '0'),
    SecureBootState: reads('int', '1'),
  },
};
