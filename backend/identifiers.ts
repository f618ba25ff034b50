// The tenant's identifiers. Each derives from the tenant's seed and what it names (a registration, a user, a device), so the
// same seed gives the same identities whatever the order of arrivals. None of them is a secret.
import { RandomStream } from '../kernel/random.ts';

export class Identifiers {
  readonly #seed: string;

  constructor(seed: string) {
    this.#seed = seed;
  }

  /** A GUID for one purpose of one thing. */
  guid(purpose: IdentifierPurpose, subject: string): string {
    return this.#stream(purpose, subject).guid();
  }

  /** A certificate serial number: 16 bytes, positive and never zero. */
  serialNumber(subject: string): Uint8Array {
    const bytes = this.#stream('certificate-serial', subject).bytes(16);
    bytes[0] = (bytes[0]! & 0x3f) | 0x40;
    return bytes;
  }

  #stream(purpose: IdentifierPurpose, subject: string): RandomStream {
    return new RandomStream(`${this.#seed}\u0000tenant\u0000${purpose}\u0000${subject}`);
  }
}

export type IdentifierPurpose =
  | 'ztd-registration'
  | 'entra-device'
  | 'entra-object'
  | 'group'
  | 'other-tenant'
  | 'managed-device'
  | 'import'
  | 'profile'
  | 'user-object'
  | 'role'
  | 'msa-device'
  | 'admin-client'
  | 'device-authority'
  | 'mdm-account'
  | 'content'
  | 'win32-app'
  | 'trace'
  | 'certificate-serial'
  | 'assertion';

/** The bytes of a GUID as .NET's Guid.ToByteArray gives them: the first three groups little-endian. */
export function guidBytes(guid: string): Uint8Array {
  const hex = guid.replaceAll('-', '');
  const bytes = Buffer.from(hex, 'hex');
  bytes.subarray(0, 4).reverse();
  bytes.subarray(4, 6).reverse();
  bytes.subarray(6, 8).reverse();
  return bytes;
}

/** The SID of a directory object: S-1-12-1 and the four little-endian words of its GUID (entra-join, 4.1). */
export function objectSid(guid: string): string {
  const bytes = Buffer.from(guidBytes(guid));
  const words = [0, 4, 8, 12].map((offset) => bytes.readUInt32LE(offset));
  return `S-1-12-1-${words.join('-')}`;
}

/** The GUID of 16 bytes in that order, lower case and dashed. */
export function guidText(bytes: Uint8Array): string {
  const ordered = Buffer.from(bytes);
  ordered.subarray(0, 4).reverse();
  ordered.subarray(4, 6).reverse();
  ordered.subarray(6, 8).reverse();
  const hex = ordered.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
