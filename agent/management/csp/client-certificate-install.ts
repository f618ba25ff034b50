// ClientCertificateInstall: SCEP and PFX certificates. What the server sets is kept; Enroll is work outside the session, and Status
// says pending until the device reports its end. The SCEP exchange itself is not spoken here. Source: ClientCertificateInstall CSP.
import { STATUS } from '../../../protocol/syncml.ts';
import { addable, EXEC, GET, instances, reads } from '../node-rule.ts';
import type { Csp, NodeContext, NodeRule } from '../node-rule.ts';

/** Values of SCEP/{UniqueID}/Status. */
export const SCEP_STATUS = { enrolled: '1', pending: '2', failed: '16', unknown: '32' } as const;

const SCEP_SETTINGS = {
  ServerURL: 'chr',
  Challenge: 'chr',
  EKUMapping: 'chr',
  SubjectName: 'chr',
  SubjectAlternativeNames: 'chr',
  KeyProtection: 'int',
  KeyUsage: 'int',
  KeyLength: 'int',
  HashAlgorithm: 'chr',
  CAThumbprint: 'chr',
  TemplateName: 'chr',
  ContainerName: 'chr',
  CustomTextToShowInPrompt: 'chr',
  ValidPeriod: 'chr',
  ValidPeriodUnits: 'int',
  RetryCount: 'int',
  RetryDelay: 'int',
  AADKeyIdentifierList: 'chr',
} as const;

const PFX_SETTINGS = {
  PFXCertBlob: 'chr',
  PFXCertPassword: 'chr',
  PFXCertPasswordEncryptionType: 'int',
  PFXCertPasswordEncryptionStore: 'chr',
  PFXKeyExportable: 'bool',
  KeyLocation: 'int',
  ContainerName: 'chr',
} as const;

function enroll(_data: string, context: NodeContext): number {
  const node = context.key.slice(0, -'/Install/Enroll'.length);
  // A server that lost our answer orders again what is already at work, or done.
  const status = context.tree.read(`${node}/Status`);
  if (status === SCEP_STATUS.pending || status === SCEP_STATUS.enrolled) return STATUS.ok;
  if (!context.tree.order({ kind: 'scep', scope: context.scope, id: context.names[0]!, node }))
    return STATUS.deviceFull;
  context.tree.write(`${node}/Status`, SCEP_STATUS.pending);
  return STATUS.ok;
}

/** Servers expect 0, not 404, below a PFX certificate that is not there (observed). */
const PFX_READS: NodeRule = { access: GET, format: 'int', value: () => '0', valueWhenMissing: '0' };

const RULES: Record<string, NodeRule> = {
  'SCEP/*': instances(),
  'SCEP/*/Install/Enroll': { access: GET | EXEC, format: 'null', value: () => '', execute: enroll },
  'SCEP/*/Status': reads('int', SCEP_STATUS.unknown),
  'SCEP/*/ErrorCode': reads('int', '0'),
  'SCEP/*/CertThumbprint': { access: GET, format: 'chr' },
  'PFXCertInstall/*': instances(),
  'PFXCertInstall/*/Status': PFX_READS,
  'PFXCertInstall/*/Thumbprint': PFX_READS,
};
for (const [name, format] of Object.entries(SCEP_SETTINGS)) RULES[`SCEP/*/Install/${name}`] = addable(format);
for (const [name, format] of Object.entries(PFX_SETTINGS)) {
  RULES[`PFXCertInstall/*/${name}`] = addable(format, { valueWhenMissing: '0' });
}

export const clientCertificateInstall: Csp = {
  root: 'Vendor/MSFT/ClientCertificateInstall',
  device: RULES,
  user: RULES,
};
