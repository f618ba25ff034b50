import { generateKeyPairSync } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LIMITS } from '../../kernel/limits.ts';
import { RandomStream } from '../../kernel/random.ts';
import { pbes2Parameters } from './password-encryption.ts';
import { openPkcs12, parsePkcs12, writePkcs12 } from './pkcs12.ts';
import { pkcs12Mac } from './pkcs12-mac.ts';

const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const key = privateKey.export({ type: 'pkcs8', format: 'der' });
const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

function write(password: string, certificates: readonly [Uint8Array, ...Uint8Array[]], iterations = 3): Uint8Array {
  const stream = new RandomStream(password);
  const random = (length: number): Uint8Array => stream.bytes(length);
  return writePkcs12({ certificates, privateKey: key, password, iterations, macIterations: iterations, random });
}

function open(bytes: Uint8Array, password: string): ReturnType<typeof openPkcs12> {
  const parsed = parsePkcs12(bytes);
  if (!parsed.ok) throw new Error(parsed.error.reason);
  return openPkcs12(parsed.value, password);
}

describe('PKCS #12', () => {
  it('opens with its password and gives back key and certificates in order', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', maxLength: 30 }),
        fc.array(fc.uint8Array({ minLength: 1, maxLength: 100 }), { minLength: 1, maxLength: 3 }),
        fc.integer({ min: 1, max: 5 }),
        (password, certificates, iterations) => {
          const opened = open(write(password, certificates as [Uint8Array], iterations), password);
          if (!opened.ok) throw new Error(opened.error);
          expect(opened.value.certificates.map(hexOf)).toEqual(certificates.map(hexOf));
          expect(opened.value.privateKeys.map(hexOf)).toEqual([hexOf(key)]);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('tells a wrong password from a damaged file', () => {
    const bytes = write('right', [Uint8Array.of(1)]);
    expect(open(bytes, 'wrong')).toEqual({ ok: false, error: 'password' });
    const parsed = parsePkcs12(bytes);
    if (!parsed.ok) throw new Error(parsed.error.reason);
    const foreign = { algorithm: '1.2.3', parameters: undefined, encryptedContent: new Uint8Array(16) };
    const other = { ...parsed.value, parts: [foreign] };
    expect(openPkcs12(other, 'right')).toEqual({ ok: false, error: 'unreadable' });
    expect(parsePkcs12(bytes.subarray(1)).ok).toBe(false);
  });

  it('takes no more rounds than the limit', () => {
    const parsed = parsePkcs12(write('p', [Uint8Array.of(1)]));
    if (!parsed.ok) throw new Error(parsed.error.reason);
    const mac = { ...parsed.value.mac, iterations: LIMITS.keyDerivationRoundsMax + 1 };
    expect(openPkcs12({ ...parsed.value, mac }, 'p')).toEqual({ ok: false, error: 'unreadable' });
  });

  it('has one salt for key and certificates', () => {
    const parsed = parsePkcs12(write('p', [Uint8Array.of(1)]));
    const first = parsed.ok ? parsed.value.parts[0] : undefined;
    const parameters = first instanceof Uint8Array || first === undefined ? undefined : pbes2Parameters(first);
    expect(parameters).toMatchObject({ iterations: 3, digest: 'sha256', cipher: { name: 'aes-256-cbc' } });
  });

  it('is never thrown at', () => {
    const whole = write('p', [Uint8Array.of(1)]);
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.nat(255), (at, byte) => {
        const bytes = Uint8Array.from(whole);
        bytes[at] = byte;
        const parsed = parsePkcs12(bytes);
        if (parsed.ok && parsed.value.mac.iterations < 10_000) openPkcs12(parsed.value, 'p');
      }),
      { numRuns: 200 },
    );
  });
});

it('the MAC of PKCS #12 grows with its rounds, and its salt and password count', () => {
  const mac = (...parts: readonly [string, string, number]): string =>
    hexOf(pkcs12Mac('sha256', parts[0], Buffer.from(parts[1]), parts[2], Buffer.from('content')));
  const all = [mac('p', 's', 1), mac('p', 's', 2), mac('q', 's', 1), mac('p', 't', 1), mac('', 's', 1)];
  expect(new Set(all).size).toBe(all.length);
});
