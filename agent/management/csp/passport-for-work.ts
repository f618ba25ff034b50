// PassportForWork: whether Windows Hello for Business is set up after the status page, and what its PIN must be like, by tenant. The
// tenant's node is there once a server added it. Source: PassportForWork CSP.
import { STATUS } from '../../../protocol/management/syncml.ts';
import { addable, instances, setting } from '../node-rule.ts';
import type { Csp, NodeRule } from '../node-rule.ts';

const between = (low: number, high: number): Partial<NodeRule> => ({
  refuses: (value) => (Number(value) < low || Number(value) > high ? STATUS.commandFailed : undefined),
});

/** PIN characters: allowed, required, not allowed. */
const CHARACTERS = addable('int', between(0, 2));

const POLICIES: Readonly<Record<string, NodeRule>> = {
  '*': instances(),
  '*/Policies/UsePassportForWork': addable('bool'),
  '*/Policies/RequireSecurityDevice': addable('bool'),
  '*/Policies/EnablePinRecovery': addable('bool'),
  '*/Policies/PINComplexity/MinimumPINLength': addable('int', between(4, 127)),
  '*/Policies/PINComplexity/MaximumPINLength': addable('int', between(4, 127)),
  '*/Policies/PINComplexity/UppercaseLetters': CHARACTERS,
  '*/Policies/PINComplexity/LowercaseLetters': CHARACTERS,
  '*/Policies/PINComplexity/SpecialCharacters': CHARACTERS,
  '*/Policies/PINComplexity/Digits': CHARACTERS,
  '*/Policies/PINComplexity/History': addable('int', between(0, 50)),
  '*/Policies/PINComplexity/Expiration': addable('int', between(0, 730)),
};

export const passportForWork: Csp = {
  root: 'Vendor/MSFT/PassportForWork',
  device: {
    ...POLICIES,
    '*/Policies/DisablePostLogonProvisioning': addable('bool'),
    '*/Policies/ExcludeSecurityDevices/TPM12': addable('bool'),
    '*/Policies/UseCertificateForOnPremAuth': addable('bool'),
    '*/Policies/UseCloudTrustForOnPremAuth': addable('bool'),
    '*/Policies/UseHelloCertificatesAsSmartCardCertificates': addable('bool'),
    'Biometrics/UseBiometrics': setting('bool', 'true'),
    'Biometrics/FacialFeaturesUseEnhancedAntiSpoofing': setting('bool', 'false'),
  },
  user: POLICIES,
};
