// What a server wants of a SCEP certificate, read from the nodes under SCEP/{UniqueID}/Install in the forms that the CSP gives them.
// Source: ClientCertificateInstall CSP; CertNameToStr (names), AlternativeNameType (name formats).
import { isIP } from 'node:net';
import { fail, ok } from '../../kernel/result.ts';
import type { Result } from '../../kernel/result.ts';
import { extendedKeyUsage, keyUsage, subjectAltNames } from '../../protocol/pki/certificate.ts';
import type { AlternativeName, Extension, KeyUsage, Name, NameAttribute } from '../../protocol/pki/certificate.ts';

export interface CertificateSettings {
  readonly serverUrls: readonly string[];
  readonly challenge: string;
  /** SHA-1, upper-case hex. */
  readonly caThumbprint: string;
  readonly subject: Name;
  /** Key usage, purposes and alternative names. */
  readonly extensions: readonly Extension[];
  /** How often, and after what pause of device time, a request that is pending is asked for again. */
  readonly retryCount: number;
  readonly retryDelayMinutes: number;
}

/** Where the CSP bounds them. */
const RETRY_COUNT = { byDefault: 3, most: 30 };
const RETRY_DELAY_MINUTES = { byDefault: 5, least: 1 };

/** `read` gives the value of a node under Install. The error says which node is wrong. Keys are RSA-2048 whatever KeyLength says. */
export function certificateSettings(read: (node: string) => string | undefined): Result<CertificateSettings, string> {
  const serverUrls = (read('ServerURL') ?? '').split(';').filter((url) => url !== '');
  const challenge = read('Challenge') ?? '';
  const caThumbprint = (read('CAThumbprint') ?? '').replaceAll(/[\s:]/g, '').toUpperCase();
  const subject = parseName(read('SubjectName') ?? '');
  const usages = keyUsages(read('KeyUsage'));
  const purposes = (read('EKUMapping') ?? '').split('+');
  const names = alternativeNames(read('SubjectAlternativeNames') ?? '');
  if (serverUrls.length === 0) return fail('ServerURL is missing');
  if (challenge === '') return fail('Challenge is missing');
  if (!/^[0-9A-F]{40}$/.test(caThumbprint)) return fail('CAThumbprint is no SHA-1');
  if (subject === undefined || subject.length === 0) return fail('SubjectName is no name');
  if (usages === undefined) return fail('KeyUsage has neither digitalSignature nor keyEncipherment');
  if (!purposes.every((purpose) => OBJECT_IDENTIFIER.test(purpose)))
    return fail('EKUMapping is no list of identifiers');
  if (names === undefined) return fail('SubjectAlternativeNames is no list of names');
  return ok({
    serverUrls,
    challenge,
    caThumbprint,
    subject,
    extensions: [
      keyUsage(...usages),
      extendedKeyUsage(...purposes),
      ...(names.length === 0 ? [] : [subjectAltNames(names)]),
    ],
    retryCount: Math.min(RETRY_COUNT.most, Math.max(0, Number(read('RetryCount') ?? RETRY_COUNT.byDefault))),
    retryDelayMinutes: Math.max(RETRY_DELAY_MINUTES.least, Number(read('RetryDelay') ?? RETRY_DELAY_MINUTES.byDefault)),
  });
}

const OBJECT_IDENTIFIER = /^[0-2](?:\.\d{1,9}){1,20}$/;

/** Bits of the KeyUsage node, which are those of the extension's first octet. */
const USAGES: readonly (readonly [bit: number, usage: KeyUsage])[] = [
  [0x80, 'digitalSignature'],
  [0x40, 'nonRepudiation'],
  [0x20, 'keyEncipherment'],
  [0x10, 'dataEncipherment'],
  [0x08, 'keyAgreement'],
];

/** Undefined unless one of the two bits is set that the CSP asks for. */
function keyUsages(value: string | undefined): KeyUsage[] | undefined {
  const bits = Number(value ?? 0);
  if ((bits & 0xa0) === 0) return undefined;
  return USAGES.filter(([bit]) => (bits & bit) !== 0).map(([, usage]) => usage);
}

/** The types that CertNameToStr has keys for and the encoder of names has none. */
const NAME_TYPES: ReadonlyMap<string, string> = new Map([
  ['E', '1.2.840.113549.1.9.1'],
  ['L', '2.5.4.7'],
  ['S', '2.5.4.8'],
  ['ST', '2.5.4.8'],
  ['STREET', '2.5.4.9'],
  ['T', '2.5.4.12'],
  ['G', '2.5.4.42'],
  ['SN', '2.5.4.4'],
  ['SERIALNUMBER', '2.5.4.5'],
]);
const KNOWN_TYPES: ReadonlySet<string> = new Set(['CN', 'O', 'OU', 'DC', 'C']);
const NAME_PART =
  /^\s*([A-Za-z][A-Za-z0-9.]*|[0-2](?:\.\d{1,9})+)\s*=\s*(?:"((?:[^"]|"")*)"|([^",;+]*?))\s*(?:[,;+]|$)/;

/** "CN=a, O=b"; values with special characters in quotes. Undefined where it is none. */
function parseName(text: string): Name | undefined {
  const name: NameAttribute[] = [];
  let rest = text.trim();
  while (rest !== '') {
    const part = NAME_PART.exec(rest);
    if (part === null) return undefined;
    const [whole, key = '', quoted, plain = ''] = part;
    const type = nameType(key.toUpperCase());
    const value = quoted === undefined ? plain : quoted.replaceAll('""', '"');
    if (type === undefined || value === '') return undefined;
    name.push({ type, value });
    rest = rest.slice(whole.length);
  }
  return name;
}

function nameType(key: string): string | undefined {
  const dotted = key.replace(/^OID\./, '');
  if (OBJECT_IDENTIFIER.test(dotted)) return dotted;
  return KNOWN_TYPES.has(key) ? key : NAME_TYPES.get(key);
}

/** Numbers of AlternativeNameType that have a text. */
const NAME_FORMATS: ReadonlyMap<string, 'email' | 'dns' | 'uri' | 'ip' | 'upn'> = new Map([
  ['2', 'email'],
  ['3', 'dns'],
  ['7', 'uri'],
  ['8', 'ip'],
  ['11', 'upn'],
]);

/** "11+user@contoso.com;3+host"; undefined where one of them cannot be written. */
function alternativeNames(text: string): AlternativeName[] | undefined {
  const names: AlternativeName[] = [];
  for (const entry of text.split(';').filter((each) => each.trim() !== '')) {
    const [, format = '', value = ''] = /^\s*(\d+)\+(.*?)\s*$/s.exec(entry) ?? [];
    const type = NAME_FORMATS.get(format);
    const writable = type === 'ip' ? isIP(value) !== 0 : type === 'upn' || /^[\x21-\x7e]+$/.test(value);
    if (type === undefined || value === '' || !writable) return undefined;
    names.push({ type, value });
  }
  return names;
}
