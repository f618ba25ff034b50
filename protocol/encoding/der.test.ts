import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LIMITS } from '../../kernel/limits.ts';
import { DerCursor } from './der-cursor.ts';
import {
  element,
  integer,
  octetString,
  oid,
  oidText,
  readDer,
  sequence,
  setOf,
  stringText,
  TAG,
  time,
  timeEpochMs,
  utf8String,
} from './der.ts';

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

describe('the DER writer', () => {
  it.each([
    [0, '020100'],
    [127, '02017f'],
    [128, '02020080'],
    [65537, '0203010001'],
  ])('writes %i as %s', (value, expected) => {
    expect(hex(integer(value))).toBe(expected);
  });

  it('drops leading zeros of a magnitude', () => {
    expect(hex(integer(Uint8Array.of(0, 0, 0x80)))).toBe('02020080');
    expect(hex(integer(Uint8Array.of(0, 0)))).toBe('020100');
  });

  it.each([
    ['1.2.840.113549.1.1.11', '06092a864886f70d01010b'],
    ['2.5.29.17', '0603551d11'],
    ['2.23.133.8.1', '060567810508 01'.replace(' ', '')],
    ['2.999.3', '0603883703'],
  ])('writes %s', (text, expected) => {
    expect(hex(oid(text))).toBe(expected);
  });

  it('orders a SET OF by bytes', () => {
    expect(hex(setOf(integer(2), integer(1)))).toBe('3106020101020102');
  });

  it('picks the kind of time by the year', () => {
    expect(hex(time(Date.UTC(2049, 11, 31, 23, 59, 59)))).toBe(`170d${hex(Buffer.from('491231235959Z'))}`);
    expect(hex(time(Date.UTC(2050, 0, 1)))).toBe(`180f${hex(Buffer.from('20500101000000Z'))}`);
  });
});

describe('reading what was written', () => {
  it('holds for any bytes, text, identifier and time', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 300 }),
        fc.string({ unit: 'grapheme' }),
        fc.array(fc.nat(), { minLength: 1, maxLength: 8 }),
        fc.integer({ min: Date.UTC(1950, 0, 1) / 1000, max: Date.UTC(2200, 0, 1) / 1000 }),
        (bytes, text, arcs, seconds) => {
          const dotted = `2.${arcs.join('.')}`;
          const read = readDer(sequence(octetString(bytes), utf8String(text), oid(dotted), time(seconds * 1000)));
          expect(read.ok).toBe(true);
          if (!read.ok) return;
          const [first, second, third, fourth] = read.value.children;
          expect(first!.value).toEqual(bytes);
          expect(stringText(second!)).toEqual({ ok: true, value: text });
          expect(oidText(third!)).toEqual({ ok: true, value: dotted });
          expect(timeEpochMs(fourth!)).toEqual({ ok: true, value: seconds * 1000 });
        },
      ),
    );
  });

  it('never throws and never points outside, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        const read = readDer(bytes);
        if (!read.ok) expect(read.error.offset).toBeLessThanOrEqual(bytes.length);
      }),
    );
  });
});

describe('the DER reader refuses', () => {
  it.each([
    ['', 0, 'ends in the middle'],
    ['3080', 1, 'indefinite'],
    ['1f8101', 0, 'above 30'],
    ['040200', 0, 'says 2 bytes of content where 1 are left'],
    ['04810100', 1, 'not minimal'],
    ['0484000000', 1, 'more than 3 bytes'],
    ['0401000000', 3, 'after the end'],
    ['3003040500', 2, 'says 5 bytes'],
  ])('%s', (input, offset, reason) => {
    const read = readDer(Buffer.from(input, 'hex'));
    expect(read).toMatchObject({ ok: false, error: { offset, reason: expect.stringContaining(reason) } });
  });

  it('nesting and size beyond the bounds', () => {
    let deep: Uint8Array = integer(1);
    for (let i = 0; i < LIMITS.derDepthMax; i++) deep = sequence(deep);
    expect(readDer(deep)).toMatchObject({ ok: false, error: { reason: expect.stringContaining('deeper') } });
    expect(readDer(new Uint8Array(LIMITS.derBytesMax + 1))).toMatchObject({ ok: false });
  });

  it.each(['2602300000Z', '260230000000Z', '260101240000Z', '2601010000+0'])('the time %s', (text) => {
    const read = readDer(element(TAG.utcTime, Buffer.from(text)));
    expect(read.ok && timeEpochMs(read.value).ok).toBe(false);
  });
});

describe('a cursor', () => {
  it('keeps the first mismatch and reads on harmlessly', () => {
    const cursor = DerCursor.over(sequence(integer(1), utf8String('x')));
    const members = cursor.enter(TAG.sequence, 'pair');
    expect(members.oid('name')).toBe('');
    expect(members.text('text')).toBe('');
    expect(cursor.finish(() => 1)).toEqual({
      ok: false,
      error: { kind: 'format', offset: 2, reason: 'tag 0x2 where name (0x6) belongs' },
    });
  });

  it('says what is missing at the end', () => {
    const cursor = DerCursor.over(sequence(integer(1)));
    const members = cursor.enter(TAG.sequence, 'pair');
    members.unsigned('first');
    members.unsigned('second');
    expect(cursor.finish(() => 1)).toMatchObject({ error: { offset: 5, reason: 'second is missing' } });
  });

  it('gives offsets in the whole input for what lies inside an OCTET STRING', () => {
    const cursor = DerCursor.over(sequence(octetString(sequence(utf8String('a')))));
    const outer = cursor.enter(TAG.sequence, 'outer');
    outer.inside(outer.expect(TAG.octetString, 'wrapper').value).enter(TAG.sequence, 'inner').unsigned('number');
    expect(cursor.finish(() => 1)).toMatchObject({ error: { offset: 6 } });
  });
});
