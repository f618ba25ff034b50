// PrivateKeyInfo (PKCS #8, RFC 5958) of RSA keys: only as much as it takes to know whose it is.
import type { Result } from '../../kernel/result.ts';
import { TAG } from '../encoding/der.ts';
import { DerCursor } from '../encoding/der-cursor.ts';
import { OID } from '../encoding/object-identifiers.ts';

/** The modulus of the RSA key in a PrivateKeyInfo, big-endian; another algorithm is an error. */
export function privateKeyModulus(der: Uint8Array): Result<Uint8Array> {
  const cursor = DerCursor.over(der);
  const info = cursor.enter(TAG.sequence, 'PrivateKeyInfo');
  info.expect(TAG.integer, 'version');
  const algorithmNode = info.expect(TAG.sequence, 'privateKeyAlgorithm');
  const algorithm = info.within(algorithmNode).oid('algorithm identifier');
  if (algorithm !== OID.rsaEncryption) cursor.refuse(algorithmNode, `algorithm ${algorithm} where RSA belongs`);
  const key = info.inside(info.expect(TAG.octetString, 'privateKey').value).enter(TAG.sequence, 'RSAPrivateKey');
  key.expect(TAG.integer, 'version');
  const modulus = key.unsigned('modulus');
  return cursor.finish(() => modulus);
}
