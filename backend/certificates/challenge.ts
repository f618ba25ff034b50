// The challenge that lets a device enroll one certificate by SCEP: handed out by management in the Challenge node, as an
// administrator's page of NDES would, and wanted back in the certificate request. Sealed, so that none can be made up.
import { MINUTE_MS } from '../../kernel/units.ts';
import type { Tenant } from '../tenant.ts';

/** One certificate of one device. */
export interface CertificateOrder {
  readonly managedDeviceId: string;
  readonly scope: 'device' | 'user';
  /** Of the certificates of its kind that the device is sent in this scope. */
  readonly number: number;
}

export interface Challenge {
  /** Whose certificate it is for; a key serves one owner only. */
  readonly owner: string;
  readonly expired: boolean;
}

/** What NDES gives a one-time password by default; real time. */
const LIFETIME_MS = 60 * MINUTE_MS;
const SEPARATOR = '|';

/** A new challenge: good once, for an hour. Text for SCEP/{id}/Install/Challenge as it stands; at most 255 characters (RFC 2985). */
export function scepChallenge(tenant: Tenant, { managedDeviceId, scope, number }: CertificateOrder): string {
  const parts = [
    managedDeviceId,
    scope,
    number,
    Math.floor(tenant.clock.wallMs()),
    tenant.certificates.nextChallenge(),
  ];
  return tenant.seal.close('scep-challenge', parts.join(SEPARATOR));
}

/** What a challenge is for, if it was handed out here. */
export function openChallenge(tenant: Tenant, challenge: string): Challenge | undefined {
  const parts = tenant.seal.open('scep-challenge', challenge)?.split(SEPARATOR);
  if (parts === undefined) return undefined;
  const [owner = '', , , issuedMs] = parts;
  return { owner, expired: tenant.clock.wallMs() > Number(issuedMs) + LIFETIME_MS };
}
