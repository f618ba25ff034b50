// Orders of certificates: SCEP, which the device enrolls itself and the page waits for, and PFX (PKCS), which the server makes and
// nobody waits for. Each certificate is one Atomic, as the CSP demands. Source: ClientCertificateInstall CSP.
import type { RequestCommand } from '../../protocol/management/syncml.ts';
import { add, atomic, execute, PREFIX, remove } from './commands.ts';
import type { Scope } from './commands.ts';
import type { CertificateSource } from './content-source.ts';
import { own } from './round.ts';

export interface CertificateOrder {
  /** LocURI of the certificate's node. */
  readonly node: string;
  readonly commands: readonly RequestCommand[];
}

/** Values of SCEP/{UniqueID}/Status: enrolled, and failed. */
export const SCEP_ENROLLED = '1';
export const SCEP_FAILED = '16';

/** digitalSignature and keyEncipherment, as the first byte of the extension has them. */
const KEY_USAGE = 0x80 | 0x20;
const CLIENT_AUTH = '1.3.6.1.5.5.7.3.2';
/** Of a subject alternative name: the user principal name. */
const UPN_NAME_TYPE = 11;
/** In software: these devices' TPMs are simulated (KeyProtection of SCEP, KeyLocation of PFX). */
const SOFTWARE = '3';

export function scepOrders(count: number, scope: Scope, source: CertificateSource): CertificateOrder[] {
  return Array.from({ length: count }, (_, i) => {
    const node = `${PREFIX[scope]}/Vendor/MSFT/ClientCertificateInstall/SCEP/Flotilla-${scope}-${i + 1}`;
    const set = (name: string, format: 'chr' | 'int', data: string): RequestCommand =>
      add(`${node}/Install/${name}`, format, data);
    const commands = [
      set('ServerURL', 'chr', source.scepUrl),
      set('Challenge', 'chr', own(`scep-challenge ${scope} ${i + 1}`)),
      set('CAThumbprint', 'chr', source.scepThumbprint),
      set('SubjectName', 'chr', `CN=${own(scope === 'user' ? 'upn' : 'entra-device-id')}`),
      ...(scope === 'user' ? [set('SubjectAlternativeNames', 'chr', `${UPN_NAME_TYPE}+${own('upn')}`)] : []),
      set('EKUMapping', 'chr', CLIENT_AUTH),
      set('KeyUsage', 'int', String(KEY_USAGE)),
      set('KeyLength', 'int', '2048'),
      set('HashAlgorithm', 'chr', 'SHA-2'),
      set('KeyProtection', 'int', SOFTWARE),
      set('ValidPeriod', 'chr', 'Days'),
      set('ValidPeriodUnits', 'int', '365'),
      // The device tries again three times, a minute apart; RetryDelay is in minutes.
      set('RetryCount', 'int', '3'),
      set('RetryDelay', 'int', '1'),
      execute(`${node}/Install/Enroll`, 'null', ''),
    ];
    return { node, commands: [atomic(commands)] };
  });
}

/** Another order of a certificate that failed: the CSP takes new settings only once the node is gone. */
export function orderAgain({ node, commands }: CertificateOrder): RequestCommand[] {
  return [remove(node), ...commands];
}

export function pfxOrders(count: number, scope: Scope): CertificateOrder[] {
  return Array.from({ length: count }, (_, i) => {
    const node = `${PREFIX[scope]}/Vendor/MSFT/ClientCertificateInstall/PFXCertInstall/Flotilla-${scope}-${i + 1}`;
    const commands = [
      add(`${node}/KeyLocation`, 'int', SOFTWARE),
      add(`${node}/PFXCertBlob`, 'chr', own(`pfx-blob ${scope} ${i + 1}`)),
      add(`${node}/PFXCertPassword`, 'chr', own(`pfx-password ${scope} ${i + 1}`)),
      add(`${node}/PFXKeyExportable`, 'bool', 'false'),
    ];
    return { node, commands: [atomic(commands)] };
  });
}
