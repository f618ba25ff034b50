import { describe, expect, it } from 'vitest';
import { LIMITS } from '../../kernel/limits.ts';
import { Members, readJsonObject } from './json.ts';

describe('readJsonObject', () => {
  it('takes objects and nothing else', () => {
    expect(readJsonObject('\ufeff{"a":1}')).toEqual({ ok: true, value: { a: 1 } });
    for (const text of ['[]', 'null', '1', '"a"']) {
      expect(readJsonObject(text)).toMatchObject({ error: { reason: 'it is not a JSON object' } });
    }
  });

  it('says where it stopped understanding', () => {
    expect(readJsonObject('{"a":x}')).toMatchObject({ error: { offset: 5, reason: 'it is not JSON' } });
    for (const [text, offset] of [
      ['{"a":', 5],
      ['', 0],
      ['{"a":1,}', 7],
      ['{"a" 1}', 5],
      ['{"a":[1,]}', 8],
      ['{"a":[1}', 7],
      ['{} {}', 3],
      ['{"a":"\n"}', 5],
      ['{"a":01}', 6],
    ] as const) {
      expect([text, readJsonObject(text)]).toMatchObject([text, { error: { offset, reason: 'it is not JSON' } }]);
    }
    expect(readJsonObject(' '.repeat(LIMITS.jsonBytesMax + 1))).toMatchObject({
      error: { offset: LIMITS.jsonBytesMax },
    });
  });
});

describe('Members', () => {
  it('reads members by type, absent and null ones as undefined', () => {
    const members = new Members({
      text: 'a',
      number: 1,
      digits: '12',
      yes: 'True',
      no: 0,
      inner: { x: 1 },
      none: null,
    });
    expect(members.string('text')).toBe('a');
    expect(members.integer('number')).toBe(1);
    expect(members.integer('digits')).toBe(12);
    expect(members.boolean('yes')).toBe(true);
    expect(members.boolean('no')).toBe(false);
    expect(members.object('inner')).toEqual({ x: 1 });
    expect(members.optionalString('none')).toBeUndefined();
    expect(members.optionalInteger('toString')).toBeUndefined();
    expect(members.result('value')).toEqual({ ok: true, value: 'value' });
  });

  it('keeps the first problem, its own before those of inner objects', () => {
    const inner = new Members({}, { path: 'inner.' });
    inner.string('deep');
    const outer = new Members({ a: 1, b: 'x' });
    expect(new Members({}).result(0, inner)).toMatchObject({ error: { reason: '"inner.deep" is missing' } });
    outer.string('a');
    outer.integer('b');
    expect(outer.result(0, inner)).toMatchObject({ error: { reason: '"a" is not a string' } });
  });

  it('compares names in any case where it is told to', () => {
    expect(new Members({ JOINTYPE: 4 }, { anyCase: true }).integer('JoinType')).toBe(4);
    expect(new Members({ JOINTYPE: 4 }).optionalInteger('JoinType')).toBeUndefined();
  });
});
