import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseRegistrationCsv, registrationHeader, writeRegistrationCsv } from './registration-csv.ts';
import type { RegistrationRow } from './registration-csv.ts';

const INTUNE = 'Device Serial Number,Windows Product ID,Hardware Hash,Group Tag,Assigned User';
const PARTNER = 'Device Serial Number,Windows Product ID,Hardware Hash,Manufacturer name,Device model';
const row: RegistrationRow = { serialNumber: 'SIM1', productId: '', hardwareHash: 'T0EEAA==' };

function problems(text: string): readonly (readonly [number, number, string])[] {
  const read = parseRegistrationCsv(text);
  return read.ok ? [] : read.error.map(({ line, column, reason }) => [line, column, reason] as const);
}

describe('writing', () => {
  it('has the headers to the letter, no quotes, and all columns in each row', () => {
    expect(registrationHeader('intune')).toBe(INTUNE);
    expect(registrationHeader('partner')).toBe(PARTNER);
    expect(writeRegistrationCsv([{ ...row, groupTag: 'Büro' }], 'intune')).toBe(`${INTUNE}\nSIM1,,T0EEAA==,Büro,\n`);
    expect(writeRegistrationCsv([{ ...row, manufacturer: 'Simulated', model: 'One' }], 'partner')).toBe(
      `${PARTNER}\nSIM1,,T0EEAA==,Simulated,One\n`,
    );
  });

  it.each(['a,b', 'a"b', 'a\nb', '\u20ac'])('refuses %j, which the format cannot hold', (groupTag) => {
    expect(() => writeRegistrationCsv([{ ...row, groupTag }], 'intune')).toThrow('does not fit');
  });

  it('refuses more rows than a file may have', () => {
    const rows = Array.from({ length: 501 }, () => row);
    expect(() => writeRegistrationCsv(rows, 'intune')).toThrow('501 rows');
    expect(writeRegistrationCsv(rows, 'partner').split('\n').length).toBe(503);
  });
});

describe('reading', () => {
  it('gives back what was written, of either kind', () => {
    const text = fc.stringMatching(/^[A-Za-z0-9 ._\u00e9-]{1,20}$/);
    const base64 = fc.uint8Array({ minLength: 1, maxLength: 60 }).map((bytes) => Buffer.from(bytes).toString('base64'));
    const common = { serialNumber: text, productId: fc.oneof(fc.constant(''), text), hardwareHash: base64 };
    const intune = fc.record(
      { ...common, groupTag: text, assignedUser: fc.constant('anna@contoso.test') },
      { requiredKeys: ['serialNumber', 'productId', 'hardwareHash'] },
    );
    const partner = fc.record({ ...common, manufacturer: text, model: text });
    fc.assert(
      fc.property(
        fc.oneof(
          fc.record({ kind: fc.constant('intune' as const), rows: fc.array(intune, { minLength: 1, maxLength: 20 }) }),
          fc.record({
            kind: fc.constant('partner' as const),
            rows: fc.array(partner, { minLength: 1, maxLength: 20 }),
          }),
        ),
        ({ kind, rows }) => {
          expect(parseRegistrationCsv(writeRegistrationCsv(rows, kind))).toEqual({ ok: true, value: { kind, rows } });
        },
      ),
    );
  });

  it('takes Windows line ends, three columns, and rows that end early', () => {
    const header = 'Device Serial Number,Windows Product ID,Hardware Hash';
    expect(parseRegistrationCsv(`${header}\r\nSIM1,,T0EEAA==\r\n\r\n`)).toEqual({
      ok: true,
      value: { kind: 'intune', rows: [row] },
    });
    expect(parseRegistrationCsv(`${INTUNE}\nSIM1,,T0EEAA==`)).toMatchObject({ ok: true, value: { rows: [row] } });
  });

  it('takes a partner row by tuple, by product id or by hash', () => {
    expect(problems(`${PARTNER}\nSIM1,,,Simulated,One\n,0001234567890,,,\n,,T0EEAA==,,`)).toEqual([]);
    expect(problems(`${PARTNER}\nSIM1,,,Simulated,`)).toEqual([
      [2, 1, 'neither serial number with manufacturer and model, nor product id, nor hardware hash'],
    ]);
  });
});

describe('reading reports', () => {
  it.each<[string, string, number, number, string]>([
    ['an empty file', '', 1, 1, 'the file is empty'],
    ['a file of a header alone', `${INTUNE}\n`, 2, 1, 'no device under the header'],
    ['a byte order mark', `\ufeff${INTUNE}\nSIM1,,T0EEAA==`, 1, 1, 'the file is Unicode text'],
    [
      'a header in other letters',
      `Device serial number,Windows Product ID,Hardware Hash`,
      1,
      1,
      'must be written "Device Serial Number"',
    ],
    [
      'a quoted header',
      `Device Serial Number,"Windows Product ID",Hardware Hash`,
      1,
      22,
      'quotes around "Windows Product ID"',
    ],
    ['an unknown column', `${INTUNE},Colour`, 1, 79, 'column "Colour" is one too many'],
    [
      'another column',
      `Device Serial Number,Colour,Hardware Hash`,
      1,
      22,
      '"Colour" where "Windows Product ID" belongs',
    ],
    ['a missing column', `Device Serial Number,Windows Product ID`, 1, 40, 'column "Hardware Hash" is missing'],
    ['too many columns', `${INTUNE}\nSIM1,,T0EEAA==,,,x`, 2, 18, '6 columns where the header has 5'],
    ['a row cut short', `${INTUNE}\nSIM1`, 2, 5, 'the row ends before "Windows Product ID"'],
    ['a quote', `${INTUNE}\n"SIM1",,T0EEAA==,,`, 2, 1, 'a quote'],
    ['a character beyond ANSI', `${INTUNE}\nSIM1,,T0EEAA==,\u0416,`, 2, 16, 'not ANSI'],
    ['a hash without its padding', `${INTUNE}\nSIM1,,T0EEAA,,`, 2, 7, '6 characters need 2 more "="'],
    ['a hash cut short', `${INTUNE}\nSIM1,,T0EEA,,`, 2, 7, 'cut short'],
    ['a hash with a stray character', `${INTUNE}\nSIM1,,T0E*AA==,,`, 2, 7, 'character "*" at 4'],
    ['padding inside a hash', `${INTUNE}\nSIM1,,T0==AA==,,`, 2, 7, '"=" before its end'],
    ['no serial number', `${INTUNE}\n,,T0EEAA==,,`, 2, 1, 'no serial number'],
    ['no hash', `${INTUNE}\nSIM1,1,,,`, 2, 1, 'no hardware hash'],
    ['a user without a domain', `${INTUNE}\nSIM1,,T0EEAA==,,anna`, 2, 17, 'no user name with a domain'],
    ['an empty line between rows', `${INTUNE}\n\nSIM1,,T0EEAA==,,`, 2, 1, 'the row ends before'],
  ])('%s', (_, text, line, column, reason) => {
    const found = problems(text).find(([, , told]) => told.includes(reason));
    expect(found?.slice(0, 2) ?? problems(text)).toEqual([line, column]);
  });

  it('every problem of a file', () => {
    const text = `${INTUNE}\nSIM1,,T0EEAA,,\nSIM2,,T0EEAA==,,\n,,T0EEAA==,,nobody`;
    expect(problems(text).map(([line, column]) => [line, column])).toEqual([
      [2, 7],
      [4, 13],
      [4, 1],
    ]);
  });

  it('more rows than a file may have', () => {
    const lines = Array.from({ length: 502 }, () => 'SIM1,,T0EEAA==,,');
    expect(problems([INTUNE, ...lines].join('\n'))).toEqual([[502, 1, 'more than 500 rows']]);
  });
});
