// A provisioning document with a certificate that is not for the key of the device.
import {
  parseProvisioningDocument,
  writeProvisioningDocument,
} from '../../protocol/enrollment/provisioning-document.ts';
import { changedProvisioning } from './changed-provisioning.ts';
import type { ExchangeFault } from './fault.ts';

export const enrollmentCertificateInvalid: ExchangeFault = {
  kind: 'exchange',
  operations: ['request-security-token'],
  act: ({ tenant, answer }) =>
    changedProvisioning(answer(), (text) => {
      const document = parseProvisioningDocument(text);
      if (!document.ok) return text;
      const { certificate } = tenant.authorities.mdm;
      return writeProvisioningDocument({ ...document.value, clientCertificate: { store: 'System', certificate } });
    }),
};
