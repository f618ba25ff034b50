// A PKCS #12 file (RFC 7292) as far as it can be seen without its password, which is no part of an artefact.
import { ok } from '../../kernel/result.ts';
import type { Result } from '../../kernel/result.ts';
import { pbes2Parameters } from '../pki/password-encryption.ts';
import { parsePkcs12 } from '../pki/pkcs12.ts';
import type { Pkcs12 } from '../pki/pkcs12.ts';
import { named } from './certificate.ts';
import type { Explanation } from './explainer.ts';
import { inputBinary } from './input.ts';

export function explainPkcs12(bytes: Uint8Array): Result<Explanation> {
  const pfx = parsePkcs12(inputBinary(bytes));
  if (!pfx.ok) return pfx;
  const { mac, parts } = pfx.value;
  return ok({
    kind: 'pkcs12',
    version: 3,
    authSafe: parts.map(explainPart),
    macData: { digestAlgorithm: mac.digest, iterations: mac.iterations, saltBytes: mac.salt.length },
  });
}

function explainPart(part: Pkcs12['parts'][number]): object {
  if (part instanceof Uint8Array) return { contentType: 'data', safeContents: `(${part.length} bytes)` };
  const parameters = pbes2Parameters(part);
  return {
    contentType: 'encryptedData',
    contentEncryptionAlgorithm: named(part.algorithm),
    ...(parameters !== undefined && {
      cipher: parameters.cipher.name,
      keyDerivation: { function: 'pbkdf2', prf: `hmac-${parameters.digest}`, iterations: parameters.iterations },
    }),
    encryptedContent: `(${part.encryptedContent.length} bytes)`,
  };
}
