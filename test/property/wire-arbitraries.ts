// Values that any format of the wire must carry, and how a test takes a parse that must succeed.
import * as fc from 'fast-check';
import type { FormatError, Result } from '../../kernel/result.ts';

// The same cases in every run: a test that fails once must fail again.
fc.configureGlobal({ seed: 0x464c5431 });

// oxlint-disable-next-line no-control-regex
const NOT_XML = /[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/;

/** Any text that XML can carry, markup and line ends included. */
export const text: fc.Arbitrary<string> = fc
  .oneof(
    fc.string({ unit: 'grapheme' }),
    fc.string({ unit: fc.constantFrom(...Array.from('<>&"\'\t\n\r ]\u00e9\uf000\u{1f600}')) }),
  )
  .filter((value) => !NOT_XML.test(value));

/** The same without blanks at its ends, which pretty-printed messages add. */
export const line: fc.Arbitrary<string> = text.map((value) => value.trim());

export const count: fc.Arbitrary<number> = fc.nat(100_000_000);

export const bytes: fc.Arbitrary<Uint8Array> = fc.uint8Array({ maxLength: 64 });

export function optional<T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> {
  return fc.option(arbitrary, { nil: undefined });
}

export function accepted<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(describeError(result.error));
  return result.value;
}

function describeError(error: FormatError): string {
  return `refused at ${error.offset}: ${error.reason}`;
}
