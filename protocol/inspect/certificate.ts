// Certificates and certificate requests, with the names of RFC 5280 and RFC 2986 and the extensions of this flow in words.
import { ok } from '../../kernel/result.ts';
import type { Result } from '../../kernel/result.ts';
import { parseCertificate } from '../pki/certificate.ts';
import type { Extension } from '../pki/certificate.ts';
import { parseCertificateRequest } from '../pki/certificate-request.ts';
import { TAG, oidText, readDer } from '../encoding/der.ts';
import type { DerNode } from '../encoding/der.ts';
import { DerCursor } from '../encoding/der-cursor.ts';
import { sha1Thumbprint, sha256Hex } from '../encoding/digest.ts';
import { nameText, readNameMembers } from '../pki/distinguished-name.ts';
import { OID } from '../encoding/object-identifiers.ts';
import { decodeRsaPublicKeyInfo } from '../pki/public-key-info.ts';
import type { Explanation } from './explainer.ts';
import { inputBinaries } from './input.ts';
import { guidText, hex, isoTime, masked } from './values.ts';

const CERTIFICATE_LABELS = ['CERTIFICATE', 'X509 CERTIFICATE', 'TRUSTED CERTIFICATE'];
const REQUEST_LABELS = ['CERTIFICATE REQUEST', 'NEW CERTIFICATE REQUEST'];
const NAMES: ReadonlyMap<string, string> = new Map(Object.entries(OID).map(([name, dotted]) => [dotted, name]));

/** The bits of a KeyUsage in order (RFC 5280, 4.2.1.3). */
const KEY_USAGES = [
  'digitalSignature',
  'nonRepudiation',
  'keyEncipherment',
  'dataEncipherment',
  'keyAgreement',
  'keyCertSign',
  'cRLSign',
  'encipherOnly',
  'decipherOnly',
];

/** The first certificate; further ones of a PEM file stand in `chain`. */
export function explainCertificates(bytes: Uint8Array): Result<Explanation> {
  const binaries = inputBinaries(bytes, CERTIFICATE_LABELS);
  if (!binaries.ok) return binaries;
  const [first, ...rest] = binaries.value;
  const explained = explainCertificate(first);
  if (!explained.ok || rest.length === 0) return explained;
  const chain: Explanation[] = [];
  for (const der of rest) {
    const further = explainCertificate(der);
    if (!further.ok) return further;
    chain.push(further.value);
  }
  return ok({ ...explained.value, chain });
}

export function explainCertificate(der: Uint8Array): Result<Explanation> {
  const certificate = parseCertificate(der);
  if (!certificate.ok) return certificate;
  const { serial, issuer, subject, notBeforeMs, notAfterMs, publicKeyInfo, extensions } = certificate.value;
  return ok({
    kind: 'certificate',
    serialNumber: serial,
    signatureAlgorithm: named(certificate.value.signatureAlgorithm),
    issuer: nameText(issuer),
    validity: { notBefore: isoTime(notBeforeMs), notAfter: isoTime(notAfterMs) },
    subject: nameText(subject),
    subjectPublicKeyInfo: explainKey(publicKeyInfo),
    extensions: extensions.map(explainExtension),
    sha1Thumbprint: sha1Thumbprint(der),
    sha256Thumbprint: sha256Hex(der).toUpperCase(),
  });
}

export function explainCertificateRequests(bytes: Uint8Array): Result<Explanation> {
  const binaries = inputBinaries(bytes, REQUEST_LABELS);
  return binaries.ok ? explainCertificateRequest(binaries.value[0]) : binaries;
}

export function explainCertificateRequest(der: Uint8Array): Result<Explanation> {
  const request = parseCertificateRequest(der);
  if (!request.ok) return request;
  return ok({
    kind: 'certificate-request',
    subject: nameText(request.value.subject),
    subjectPKInfo: explainKey(request.value.publicKeyInfo),
    ...(request.value.challengePassword !== undefined && {
      challengePassword: masked(request.value.challengePassword),
    }),
    extensions: request.value.extensions.map(explainExtension),
    signatureAlgorithm: named(request.value.signatureAlgorithm),
  });
}

/** The name of an identifier that is known here. */
export function named(dotted: string): string {
  return NAMES.get(dotted) ?? dotted;
}

function explainKey(info: Uint8Array): object {
  const rsa = decodeRsaPublicKeyInfo(info);
  if (rsa.ok) {
    const { modulus, exponent } = rsa.value;
    return {
      algorithm: 'rsaEncryption',
      keyBits: modulus.length * 8 - Math.clz32(modulus[0] ?? 0) + 24,
      publicExponent: Number.parseInt(hex(exponent), 16),
      modulus: hex(modulus),
    };
  }
  const read = readDer(info);
  const parts = read.ok ? (read.value.children[0]?.children ?? []) : [];
  const [algorithm, parameters] = parts.map((node) => (node.tag === TAG.oid ? oidText(node) : undefined));
  return {
    algorithm: algorithm?.ok ? named(algorithm.value) : 'unknown',
    ...(parameters?.ok ? { parameters: named(parameters.value) } : {}),
    subjectPublicKey: hex(read.ok ? (read.value.children[1]?.value.subarray(1) ?? info) : info),
  };
}

function explainExtension(extension: Extension): object {
  return {
    extnID: extension.oid,
    ...(NAMES.has(extension.oid) ? { name: named(extension.oid) } : {}),
    critical: extension.critical === true,
    extnValue: explainValue(extension) ?? hex(extension.value),
  };
}

/** Undefined where the value is not what its identifier promises, or promises nothing. */
function explainValue(extension: Extension): unknown {
  const read = readDer(extension.value);
  switch (extension.oid) {
    case OID.hardwareDeviceId:
      return printable(read.ok && !read.value.constructed ? read.value.value : extension.value);
    case OID.deviceJoinType:
    case OID.deviceRegion:
      return printable(read.ok && !read.value.constructed ? read.value.value : extension.value);
    case OID.deviceId:
    case OID.deviceTenantId:
    case OID.deviceUserObjectId:
    case OID.deviceDomainGuid:
    case OID.deviceInvocationId:
      return guid(extension.value);
  }
  if (!read.ok) return undefined;
  const node = read.value;
  switch (extension.oid) {
    case OID.basicConstraints: {
      const authority = node.children.find((child) => child.tag === TAG.boolean);
      const pathLength = node.children.find((child) => child.tag === TAG.integer);
      return {
        cA: authority !== undefined && authority.value[0] !== 0,
        ...(pathLength === undefined ? {} : { pathLenConstraint: pathLength.value[0] }),
      };
    }
    case OID.keyUsage:
      return KEY_USAGES.filter((_, bit) => ((node.value[1 + (bit >> 3)] ?? 0) & (0x80 >> (bit & 7))) !== 0);
    case OID.extendedKeyUsage:
      return node.children.map((child) => {
        const purpose = oidText(child);
        return purpose.ok ? named(purpose.value) : hex(child.value);
      });
    case OID.subjectKeyIdentifier:
      return hex(node.value);
    case OID.authorityKeyIdentifier: {
      const identifier = node.children.find((child) => child.tag === 0x80);
      return identifier === undefined ? undefined : { keyIdentifier: hex(identifier.value) };
    }
    case OID.subjectAltName:
      return node.children.map(explainGeneralName);
    default:
      return undefined;
  }
}

function explainGeneralName(node: DerNode): object {
  const text = Buffer.from(node.value).toString('latin1');
  switch (node.tag) {
    case 0x81:
      return { rfc822Name: text };
    case 0x82:
      return { dNSName: text };
    case 0xa4: {
      const cursor = DerCursor.over(node.value);
      const name = readNameMembers(cursor.enter(TAG.sequence, 'directoryName'), 'directoryName');
      const read = cursor.finish(() => nameText(name));
      return { directoryName: read.ok ? read.value : hex(node.value) };
    }
    case 0x86:
      return { uniformResourceIdentifier: text };
    case 0x87:
      return { iPAddress: node.value.length === 4 ? node.value.join('.') : hex(node.value) };
    default:
      return { otherName: hex(node.bytes) };
  }
}

/** A GUID, bare or wrapped in one or two OCTET STRING headers. */
function guid(value: Uint8Array): string | undefined {
  return value.length >= 16 && value.length <= 20 ? guidText(value.subarray(value.length - 16)) : undefined;
}

function printable(value: Uint8Array): string | undefined {
  const text = Buffer.from(value).toString('latin1');
  return /^[\x20-\x7e]*$/.test(text) ? text : undefined;
}
