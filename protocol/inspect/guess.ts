// Guesses what an artefact is from cheap signatures, so that `flotilla inspect FILE` needs no option. A guess is not a
// judgement: the explainer still says what is wrong with it.
import { fromBase64 } from '../encoding/base64.ts';
import { parseCertificateRequest } from '../pki/certificate-request.ts';
import { TAG } from '../encoding/der.ts';
import { TPM_ALGORITHM } from '../autopilot/tpm-public.ts';
import type { InspectKind } from './explainer.ts';
import { inputText, isRawHardwareHash } from './input.ts';

const ROOT_KINDS: ReadonlyMap<string, InspectKind> = new Map([
  ['Envelope', 'soap'],
  ['SyncML', 'syncml'],
  ['wap-provisioningdoc', 'provisioning-document'],
  ['MsiInstallJob', 'msi-job'],
]);

const PFX_VERSION = 3;

/** Undefined if no signature fits. */
export function guessKind(bytes: Uint8Array): InspectKind | undefined {
  const binary = guessBinary(bytes);
  if (binary !== undefined) return binary;
  const text = inputText(bytes).trim();
  if (text.startsWith('<')) {
    // The first start tag: prolog and comments are passed over.
    const root = /<(?:[\w.-]+:)?([A-Za-z][\w.-]*)[\s/>]/.exec(text.replace(/<!--[\s\S]*?-->|<\?[\s\S]*?\?>/g, ''))?.[1];
    return root === undefined ? undefined : ROOT_KINDS.get(root);
  }
  if (text.startsWith('{')) return /"(?:CloudAssigned\w+|ZtdRegistrationId)"/.test(text) ? 'profile' : undefined;
  const label = /-----BEGIN ([A-Z0-9_ ]+)-----/.exec(text)?.[1];
  if (label !== undefined) {
    if (label.endsWith('CERTIFICATE REQUEST')) return 'certificate-request';
    if (label.endsWith('CERTIFICATE')) return 'certificate';
    if (label === 'CMS' || label === 'PKCS7') return 'cms';
    return label.startsWith('TPM2B') ? 'tpm-public' : undefined;
  }
  if (/^[\w-]+\.[\w-]+\.[\w-]*$/.test(text)) return 'token';
  if (/^"?Device Serial Number"?\s*[,\n]/i.test(text)) return 'registration-csv';
  // The beginning that all hashes share but for their length, so that a damaged one is explained too.
  if (/^T0..A.EA/.test(text)) return 'hardware-hash';
  const decoded = text === '' ? undefined : fromBase64(text);
  return decoded === undefined ? undefined : guessBinary(decoded);
}

function guessBinary(bytes: Uint8Array): InspectKind | undefined {
  const [first = 0, second = 0] = bytes;
  if (isRawHardwareHash(bytes)) return 'hardware-hash';
  if (first === 0x30 && second >= 0x80) return guessStructure(bytes, second);
  const type = ((bytes[2] ?? 0) << 8) | (bytes[3] ?? 0);
  const size = (first << 8) | second;
  if (size === bytes.length - 2 && (type === TPM_ALGORITHM.rsa || type === TPM_ALGORITHM.ecc)) return 'tpm-public';
  // A frame is a msgpack array of eleven.
  return first === 0x9b ? 'frame' : undefined;
}

/** A structure of ASN.1 by its first member: the type of a ContentInfo, version 3 of a PFX, else what is signed. */
function guessStructure(bytes: Uint8Array, lengthByte: number): InspectKind {
  const start = 2 + (lengthByte & 0x7f);
  if (bytes[start] === TAG.oid) return 'cms';
  if (bytes[start] === TAG.integer && bytes[start + 1] === 1 && bytes[start + 2] === PFX_VERSION) return 'pkcs12';
  return parseCertificateRequest(bytes).ok ? 'certificate-request' : 'certificate';
}
