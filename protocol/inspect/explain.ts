// The explainers by kind. `frame` is not among them: telemetry frames are no protocol, their explainer joins at the command.
import type { Explainer, InspectKind } from './explainer.ts';
import { explainCertificateRequests, explainCertificates } from './certificate.ts';
import { explainCms } from './cms.ts';
import { explainHardwareHash } from './hardware-hash.ts';
import { explainMsiJob } from './msi-job.ts';
import { explainPkcs12 } from './pkcs12.ts';
import { explainProfile } from './profile.ts';
import { explainProvisioningDocument } from './provisioning-document.ts';
import { explainRegistrationCsv } from './registration-csv.ts';
import { explainSoap } from './soap.ts';
import { explainSyncml } from './syncml.ts';
import { explainToken } from './token.ts';
import { explainTpmPublic } from './tpm-public.ts';

export const PROTOCOL_EXPLAINERS: Readonly<Record<Exclude<InspectKind, 'frame'>, Explainer>> = {
  'hardware-hash': explainHardwareHash,
  'registration-csv': explainRegistrationCsv,
  profile: explainProfile,
  soap: explainSoap,
  'provisioning-document': explainProvisioningDocument,
  syncml: explainSyncml,
  certificate: explainCertificates,
  'certificate-request': explainCertificateRequests,
  cms: explainCms,
  pkcs12: explainPkcs12,
  'tpm-public': explainTpmPublic,
  token: explainToken,
  'msi-job': explainMsiJob,
};
