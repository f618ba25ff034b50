// Device registration joins the device, and answers with a certificate that is not for its key.
import { toBase64 } from '../../protocol/encoding/base64.ts';
import { sha1Thumbprint } from '../../protocol/encoding/digest.ts';
import { changedJson } from './changed-json.ts';
import type { ExchangeFault } from './fault.ts';

export const joinCertificateInvalid: ExchangeFault = {
  kind: 'exchange',
  operations: ['register'],
  act: ({ tenant, answer }) => {
    const { certificate } = tenant.authorities.devices;
    const Certificate = { Thumbprint: sha1Thumbprint(certificate), RawBody: toBase64(certificate) };
    return changedJson(answer(), (json) => ({ ...json, Certificate }));
  },
};
