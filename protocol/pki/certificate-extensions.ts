// The extensions of certificates and requests (RFC 5280, 4.2) that this flow writes, one maker each. `value` is always the DER
// inside the extension's OCTET STRING.
import { assert, never } from '../../kernel/result.ts';
import {
  bitString,
  boolean,
  contextPrimitive,
  contextTag,
  integer,
  octetString,
  oid,
  sequence,
  TAG,
  utf8String,
} from '../encoding/der.ts';
import { DerCursor } from '../encoding/der-cursor.ts';
import { sha1 } from '../encoding/digest.ts';
import { encodeName } from './distinguished-name.ts';
import type { Name } from './distinguished-name.ts';
import { OID } from '../encoding/object-identifiers.ts';

export interface Extension {
  /** Dotted object identifier. */
  readonly oid: string;
  readonly critical?: boolean;
  readonly value: Uint8Array;
}

/** An extension whose value the caller brings, such as the device ids of MS-DVRJ. */
export function rawExtension(oid: string, value: Uint8Array, critical = false): Extension {
  return { oid, critical, value };
}

export function basicConstraints(certificateAuthority: boolean, pathLength?: number): Extension {
  const parts = certificateAuthority ? [boolean(true)] : [];
  if (pathLength !== undefined) parts.push(integer(pathLength));
  return { oid: OID.basicConstraints, critical: true, value: sequence(...parts) };
}

// RFC 5280, 4.2.1.3: the bit numbers of a KeyUsage.
const KEY_USAGE_BITS = {
  digitalSignature: 0,
  nonRepudiation: 1,
  keyEncipherment: 2,
  dataEncipherment: 3,
  keyAgreement: 4,
  keyCertSign: 5,
  cRLSign: 6,
} as const;

export type KeyUsage = keyof typeof KEY_USAGE_BITS;

export function keyUsage(...usages: readonly KeyUsage[]): Extension {
  let bits = 0;
  for (const usage of usages) bits |= 0x80 >>> KEY_USAGE_BITS[usage];
  // A named bit list drops its trailing zeros (X.690, 11.2.2).
  const unused = bits === 0 ? 0 : 31 - Math.clz32(bits & -bits);
  return { oid: OID.keyUsage, critical: true, value: bitString(Uint8Array.of(bits), unused) };
}

/** Purposes as dotted object identifiers. */
export function extendedKeyUsage(...purposes: readonly string[]): Extension {
  return { oid: OID.extendedKeyUsage, value: sequence(...purposes.map(oid)) };
}

/** One name of a subjectAltName; an address is IPv4 or IPv6 in text, `upn` a user principal name (MS-WCCE). */
export type AlternativeName =
  | { readonly type: 'dns' | 'uri' | 'email' | 'ip' | 'upn'; readonly value: string }
  | { readonly type: 'directory'; readonly value: Name };

/** Pass `critical` where the subject is empty (RFC 5280, 4.2.1.6). */
export function subjectAltNames(names: readonly AlternativeName[], critical = false): Extension {
  return { oid: OID.subjectAltName, critical, value: sequence(...names.map(encodeAlternativeName)) };
}

function encodeAlternativeName(name: AlternativeName): Uint8Array {
  switch (name.type) {
    case 'email':
      return contextPrimitive(1, Buffer.from(name.value, 'latin1'));
    case 'dns':
      return contextPrimitive(2, Buffer.from(name.value, 'latin1'));
    case 'directory':
      return contextTag(4, encodeName(name.value));
    case 'uri':
      return contextPrimitive(6, Buffer.from(name.value, 'latin1'));
    case 'ip':
      return contextPrimitive(7, addressBytes(name.value));
    case 'upn':
      return contextTag(0, oid(OID.userPrincipalName), contextTag(0, utf8String(name.value)));
    default:
      return never(name);
  }
}

function addressBytes(address: string): Uint8Array {
  if (!address.includes(':')) {
    const octets = address.split('.').map(Number);
    assert(octets.length === 4 && octets.every((octet) => octet >= 0 && octet <= 255), `IPv4 address ${address}`);
    return Uint8Array.from(octets);
  }
  const [head = '', tail] = address.split('::');
  const groups = (part: string): number[] => (part === '' ? [] : part.split(':').map((group) => parseInt(group, 16)));
  const left = groups(head);
  const right = tail === undefined ? [] : groups(tail);
  const zeros: number[] = Array.from({ length: 8 - left.length - right.length }, () => 0);
  const all = [...left, ...(tail === undefined ? [] : zeros), ...right];
  assert(all.length === 8 && all.every((group) => group >= 0 && group <= 0xffff), `IPv6 address ${address}`);
  return Uint8Array.from(all.flatMap((group) => [group >>> 8, group & 0xff]));
}

/** RFC 5280, 4.2.1.2, method 1: the SHA-1 of the key's bits. */
export function keyIdentifier(publicKeyInfo: Uint8Array): Uint8Array {
  const cursor = DerCursor.over(publicKeyInfo);
  const info = cursor.enter(TAG.sequence, 'SubjectPublicKeyInfo');
  info.expect(TAG.sequence, 'algorithm');
  const bits = info.bits('subjectPublicKey');
  const read = cursor.finish(() => sha1(bits));
  assert(read.ok, 'a SubjectPublicKeyInfo that was parsed or made here');
  return read.value;
}

export function subjectKeyIdentifier(publicKeyInfo: Uint8Array): Extension {
  return { oid: OID.subjectKeyIdentifier, value: octetString(keyIdentifier(publicKeyInfo)) };
}

/** Names the issuer's key by the identifier that `subjectKeyIdentifier` gives it. */
export function authorityKeyIdentifier(issuerPublicKeyInfo: Uint8Array): Extension {
  const value = sequence(contextPrimitive(0, keyIdentifier(issuerPublicKeyInfo)));
  return { oid: OID.authorityKeyIdentifier, value };
}

/** Extensions as certificates and requests hold them: a SEQUENCE OF. */
export function encodeExtensions(extensions: readonly Extension[]): Uint8Array {
  return sequence(
    ...extensions.map((extension) =>
      extension.critical === true
        ? sequence(oid(extension.oid), boolean(true), octetString(extension.value))
        : sequence(oid(extension.oid), octetString(extension.value)),
    ),
  );
}

/** Reads a SEQUENCE OF Extension where the cursor stands. */
export function readExtensions(cursor: DerCursor): readonly Extension[] {
  const list = cursor.enter(TAG.sequence, 'extensions');
  const extensions: Extension[] = [];
  while (list.more) {
    const extension = list.enter(TAG.sequence, 'extension');
    const identifier = extension.oid('extension identifier');
    const critical = (extension.optional(TAG.boolean)?.value[0] ?? 0) !== 0;
    const value = extension.expect(TAG.octetString, 'extension value').value;
    extensions.push({ oid: identifier, critical, value });
  }
  return extensions;
}
