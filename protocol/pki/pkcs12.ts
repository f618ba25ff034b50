// PKCS #12 (RFC 7292): a private key and its certificates under one password, as an MDM brings them to a device. Written with
// PBES2 (AES-256, HMAC-SHA256) and an HMAC-SHA256 over the whole; read where the encryption is PBES2 with AES.
import { LIMITS } from '../../kernel/limits.ts';
import { ok } from '../../kernel/result.ts';
import type { Result } from '../../kernel/result.ts';
import { cursorOverBer } from '../encoding/ber.ts';
import { CIPHERS, DIGESTS, encryptCbc } from './cms-algorithms.ts';
import type { DigestName } from './cms-algorithms.ts';
import { readEncryptedContent } from './cms-enveloped.ts';
import type { EncryptedContent } from './cms-enveloped.ts';
import { contentInfo } from './cms-signed.ts';
import {
  contextPrimitive,
  contextTag,
  integer,
  nullValue,
  octetString,
  oid,
  sequence,
  setOf,
  TAG,
} from '../encoding/der.ts';
import { DerCursor } from '../encoding/der-cursor.ts';
import { sha1 } from '../encoding/digest.ts';
import { OID } from '../encoding/object-identifiers.ts';
import { countOf, deriveKey, PasswordDecrypter, pbes2Algorithm } from './password-encryption.ts';
import { pkcs12Mac } from './pkcs12-mac.ts';
import type { ByteSource } from './rsa.ts';

export interface Pkcs12Spec {
  /** DER: first the key's own, then its chain. */
  readonly certificates: readonly [Uint8Array, ...Uint8Array[]];
  /** PKCS #8, DER. */
  readonly privateKey: Uint8Array;
  readonly password: string;
  /** Rounds of PBKDF2 and of the MAC's derivation. */
  readonly iterations: number;
  readonly macIterations: number;
  /** Salts and vectors. */
  readonly random: ByteSource;
}

/** What stands outside the encryption. */
export interface Pkcs12 {
  readonly authenticatedSafe: Uint8Array;
  readonly mac: {
    readonly digest: DigestName;
    readonly value: Uint8Array;
    readonly salt: Uint8Array;
    readonly iterations: number;
  };
  /** Each part: encrypted, or bags in the open (keys in them are still encrypted one by one). */
  readonly parts: readonly (EncryptedContent | Uint8Array)[];
}

export interface Pkcs12Contents {
  /** DER. */
  readonly certificates: readonly Uint8Array[];
  /** PKCS #8, DER. */
  readonly privateKeys: readonly Uint8Array[];
}

const SHA256_WITH_NULL = sequence(oid('2.16.840.1.101.3.4.2.1'), nullValue());
const SALT_BYTES = 16;

/** DER of the PFX. Key and certificates have one salt, so that a reader derives one key. */
export function writePkcs12(spec: Pkcs12Spec): Uint8Array {
  const { certificates, password, iterations, random } = spec;
  const salt = random(SALT_BYTES);
  const cipher = CIPHERS['aes-256-cbc'];
  const key = deriveKey(password, { salt, iterations, digest: 'sha256', cipher });
  const encrypted = (content: Uint8Array): readonly [algorithm: Uint8Array, content: Uint8Array] => {
    const iv = random(cipher.ivBytes);
    return [pbes2Algorithm({ salt, iterations, digest: 'sha256', cipher, iv }), encryptCbc(cipher, key, iv, content)];
  };
  const localKeyId = setOf(sequence(oid(OID.localKeyId), setOf(octetString(sha1(certificates[0])))));
  const certificateBags = certificates.map((der, index) =>
    sequence(
      oid(OID.certificateBag),
      contextTag(0, sequence(oid(OID.x509Certificate), contextTag(0, octetString(der)))),
      ...(index === 0 ? [localKeyId] : []),
    ),
  );
  const [keyAlgorithm, encryptedKey] = encrypted(spec.privateKey);
  const keyBag = sequence(
    oid(OID.shroudedKeyBag),
    contextTag(0, sequence(keyAlgorithm, octetString(encryptedKey))),
    localKeyId,
  );
  const [algorithm, encryptedBags] = encrypted(sequence(...certificateBags));
  const encryptedData = sequence(integer(0), sequence(oid(OID.data), algorithm, contextPrimitive(0, encryptedBags)));
  const safe = sequence(
    contentInfo(OID.encryptedData, encryptedData),
    contentInfo(OID.data, octetString(sequence(keyBag))),
  );
  const macSalt = random(SALT_BYTES);
  const mac = pkcs12Mac('sha256', password, macSalt, spec.macIterations, safe);
  const macData = sequence(
    sequence(SHA256_WITH_NULL, octetString(mac)),
    octetString(macSalt),
    // One round is the default, which DER leaves out.
    ...(spec.macIterations === 1 ? [] : [integer(spec.macIterations)]),
  );
  return sequence(integer(3), contentInfo(OID.data, octetString(safe)), macData);
}

/** Takes a PFX apart as far as it goes without the password. One without a MAC by password is refused. */
export function parsePkcs12(bytes: Uint8Array): Result<Pkcs12> {
  const cursor = cursorOverBer(bytes);
  const pfx = cursor.enter(TAG.sequence, 'PFX');
  pfx.expect(TAG.integer, 'version');
  const safeNode = readData(pfx, 'authSafe');
  const macData = pfx.enter(TAG.sequence, 'macData');
  const digestInfo = macData.enter(TAG.sequence, 'mac');
  const algorithmNode = digestInfo.expect(TAG.sequence, 'digestAlgorithm');
  const digest = DIGESTS.get(digestInfo.within(algorithmNode).oid('digest algorithm'));
  if (digest === undefined) cursor.refuse(algorithmNode, 'a MAC with a digest that is not spoken here');
  const value = digestInfo.expect(TAG.octetString, 'digest').value;
  const salt = macData.expect(TAG.octetString, 'macSalt').value;
  const iterations = macData.more ? countOf(macData.unsigned('iterations')) : 1;
  const list = pfx.inside(safeNode).enter(TAG.sequence, 'AuthenticatedSafe');
  const parts: (EncryptedContent | Uint8Array)[] = [];
  while (list.more) {
    const info = list.enter(TAG.sequence, 'ContentInfo');
    const type = info.oid('contentType');
    const content = info.enter(0xa0, 'content');
    if (type === OID.data) parts.push(content.expect(TAG.octetString, 'SafeContents').value);
    else {
      const encrypted = content.enter(TAG.sequence, 'EncryptedData');
      encrypted.expect(TAG.integer, 'version');
      parts.push(readEncryptedContent(encrypted));
    }
  }
  return cursor.finish(() => ({
    authenticatedSafe: safeNode,
    mac: { digest: digest ?? 'sha256', value, salt, iterations },
    parts,
  }));
}

/** The octets of a ContentInfo of type id-data. */
function readData(cursor: DerCursor, what: string): Uint8Array {
  const info = cursor.enter(TAG.sequence, what);
  info.oid('contentType');
  return info.enter(0xa0, 'content').expect(TAG.octetString, what).value;
}

/** What is in a PFX; `password` where it does not open with this one. */
export function openPkcs12(pfx: Pkcs12, password: string): Result<Pkcs12Contents, 'password' | 'unreadable'> {
  const { mac, authenticatedSafe } = pfx;
  if (mac.iterations > LIMITS.keyDerivationRoundsMax) return UNREADABLE;
  const computed = pkcs12Mac(mac.digest, password, mac.salt, mac.iterations, authenticatedSafe);
  if (Buffer.compare(computed, mac.value) !== 0) return { ok: false, error: 'password' };
  const decrypter = new PasswordDecrypter(password);
  const certificates: Uint8Array[] = [];
  const privateKeys: Uint8Array[] = [];
  for (const part of pfx.parts) {
    const bags = part instanceof Uint8Array ? part : decrypter.decrypt(part);
    if (bags === undefined || !readBags(bags, decrypter, certificates, privateKeys)) return UNREADABLE;
  }
  return ok({ certificates, privateKeys });
}

const UNREADABLE = { ok: false, error: 'unreadable' } as const;

/** Adds what the bags hold; false where they cannot be read. Bags of other kinds are passed over. */
function readBags(
  bytes: Uint8Array,
  decrypter: PasswordDecrypter,
  certificates: Uint8Array[],
  privateKeys: Uint8Array[],
): boolean {
  const cursor = DerCursor.over(bytes);
  const list = cursor.enter(TAG.sequence, 'SafeContents');
  let opened = true;
  while (list.more) {
    const bag = list.enter(TAG.sequence, 'SafeBag');
    const type = bag.oid('bagId');
    const value = bag.enter(0xa0, 'bagValue');
    if (type === OID.certificateBag) {
      const certificate = value.enter(TAG.sequence, 'CertBag');
      certificate.oid('certId');
      certificates.push(certificate.enter(0xa0, 'certValue').expect(TAG.octetString, 'certificate').value);
    } else if (type === OID.shroudedKeyBag) {
      const key = decrypter.decrypt(readEncryptedKey(value.enter(TAG.sequence, 'EncryptedPrivateKeyInfo')));
      if (key === undefined) opened = false;
      else privateKeys.push(key);
    } else if (type === OID.keyBag) privateKeys.push(value.expect(TAG.sequence, 'PrivateKeyInfo').bytes);
  }
  return opened && cursor.finish(() => true).ok;
}

function readEncryptedKey(info: DerCursor): EncryptedContent {
  const algorithm = info.enter(TAG.sequence, 'encryptionAlgorithm');
  return {
    algorithm: algorithm.oid('encryption algorithm'),
    parameters: algorithm.take('parameters').bytes,
    encryptedContent: info.expect(TAG.octetString, 'encryptedData').value,
  };
}
