// ClientCertificateInstall: SCEP and PFX certificates. SCEP's Enroll is work outside the session, and Status says pending until the
// device reports its end; a PFX is opened at once, and what stays of it is its thumbprint. Source: ClientCertificateInstall CSP.
import { STATUS } from '../../../protocol/management/syncml.ts';
import { installPfx } from '../pfx-install.ts';
import { addable, EXEC, GET, instances, reads } from '../node-rule.ts';
import type { Csp, NodeContext, NodeRule } from '../node-rule.ts';

/** Values of SCEP/{UniqueID}/Status. */
export const SCEP_STATUS = { enrolled: '1', pending: '2', failed: '16', unknown: '32' } as const;

const SCEP_SETTINGS = {
  ServerURL: 'chr',
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
  PFXCertPasswordEncryptionStore: 'chr',
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

/** What opens a PFX, in whatever order the server sends it: with each of these the device tries. */
const PFX_PARTS = { PFXCertBlob: 'chr', PFXCertPassword: 'chr', PFXCertPasswordEncryptionType: 'int' } as const;

function tryPfx(_value: string, context: NodeContext): void {
  installPfx(context.tree, context.key.slice(0, context.key.lastIndexOf('/')));
}

/** KeyLocation of keys in software: only those can be exportable. */
const IN_SOFTWARE = '3';

function refusesExport(value: string, _before: string | undefined, { tree, key }: NodeContext): number | undefined {
  const location = tree.read(`${key.slice(0, key.lastIndexOf('/'))}/KeyLocation`);
  return value === 'true' && location !== IN_SOFTWARE ? STATUS.commandFailed : undefined;
}

/** Servers expect 0, not 404, below a PFX certificate that is not there (observed). */
const WHEN_MISSING = { valueWhenMissing: '0' } as const;

const RULES: Record<string, NodeRule> = {
  'SCEP/*': instances(),
  'SCEP/*/Install/Challenge': addable('chr', { own: true }),
  'SCEP/*/Install/Enroll': { access: GET | EXEC, format: 'null', value: () => '', execute: enroll },
  'SCEP/*/Status': reads('int', SCEP_STATUS.unknown),
  'SCEP/*/ErrorCode': reads('int', '0'),
  'SCEP/*/CertThumbprint': reads('chr', ''),
  'SCEP/*/RespondentServerUrl': reads('chr', ''),
  'PFXCertInstall/*': instances(),
  'PFXCertInstall/*/PFXKeyExportable': addable('bool', { ...WHEN_MISSING, refuses: refusesExport }),
  'PFXCertInstall/*/Status': { ...reads('int', '0'), ...WHEN_MISSING },
  'PFXCertInstall/*/Thumbprint': { access: GET, format: 'chr', ...WHEN_MISSING },
};
for (const [name, format] of Object.entries(SCEP_SETTINGS)) RULES[`SCEP/*/Install/${name}`] = addable(format);
for (const [name, format] of Object.entries(PFX_SETTINGS)) {
  RULES[`PFXCertInstall/*/${name}`] = addable(format, WHEN_MISSING);
}
for (const [name, format] of Object.entries(PFX_PARTS)) {
  RULES[`PFXCertInstall/*/${name}`] = addable(format, { ...WHEN_MISSING, own: true, whenSet: tryPfx });
}

export const clientCertificateInstall: Csp = {
  root: 'Vendor/MSFT/ClientCertificateInstall',
  device: RULES,
  user: RULES,
};
