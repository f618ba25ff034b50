import { describe, expect, it } from 'vitest';
import { fromBase64, fromBase64Url, toBase64, toBase64Url } from './base64.ts';

describe('base64', () => {
  it('is read with line breaks and without padding', () => {
    expect([...fromBase64('AQID\r\n BAU=')!]).toEqual([1, 2, 3, 4, 5]);
    expect([...fromBase64('AQIDBAU')!]).toEqual([1, 2, 3, 4, 5]);
    expect([...fromBase64('')!]).toEqual([]);
  });

  it('is refused with other characters or an impossible length', () => {
    for (const text of ['A', 'AQ=', 'AQID=', 'A-_A', 'AQID*', '=', 'A==='])
      expect([text, fromBase64(text)]).toEqual([text, undefined]);
  });

  it('has memory of its own', () => {
    expect(fromBase64('AQID')!.buffer.byteLength).toBe(3);
  });

  it('has a form for URLs', () => {
    const bytes = Uint8Array.of(0xfb, 0xff, 0xfe, 0x01);
    expect(toBase64(bytes)).toBe('+//+AQ==');
    expect(toBase64Url(bytes)).toBe('-__-AQ');
    expect([...fromBase64Url('-__-AQ')!]).toEqual([...bytes]);
    for (const text of ['+//+', 'AQ==', 'A', 'AQIDA']) expect([text, fromBase64Url(text)]).toEqual([text, undefined]);
  });
});
