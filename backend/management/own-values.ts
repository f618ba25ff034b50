// What is a device's own in the rounds of its group: ids, its user, the secrets of its certificates.
import { toBase64 } from '../../protocol/encoding/base64.ts';
import type { Scope } from './commands.ts';
import type { CertificateSource, CertificateSubject } from './content-source.ts';
import type { DeviceDescription } from './managed-device.ts';
import type { OwnValue } from './round.ts';

/** Values for the gaps of one round. A PFX fills two of them and is made once. */
export function ownValues(
  { managedDeviceId, entraDeviceId, upn }: DeviceDescription,
  certificates: CertificateSource,
): (value: OwnValue) => string {
  const made = new Map<string, ReturnType<CertificateSource['pfx']>>();
  const subjectOf = (value: OwnValue): CertificateSubject => {
    const [, scope, number] = value.split(' ');
    return { managedDeviceId, upn, scope: scope as Scope, number: Number(number) };
  };
  const pfx = (value: OwnValue): ReturnType<CertificateSource['pfx']> => {
    const name = value.slice(value.indexOf(' '));
    const known = made.get(name) ?? certificates.pfx(subjectOf(value));
    made.set(name, known);
    return known;
  };
  return (value) => {
    if (value === 'managed-device-id') return managedDeviceId;
    if (value === 'entra-device-id') return entraDeviceId;
    if (value === 'upn') return upn;
    if (value.startsWith('scep-challenge')) return certificates.scepChallenge(subjectOf(value));
    return value.startsWith('pfx-blob') ? toBase64(pfx(value).blob) : pfx(value).password;
  };
}
