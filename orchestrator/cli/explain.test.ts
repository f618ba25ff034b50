import { describe, expect, it } from 'vitest';
import { FAILURE_CODES } from '../../catalog/failures.ts';
import { findCode } from './explain.ts';

describe('findCode', () => {
  it.each(FAILURE_CODES)('knows %s in any case', (code) => {
    expect(findCode(code.toUpperCase())).toBe(code);
  });

  it('knows a code by the name that administrators see', () => {
    expect(findCode(' AADSTS50126 ')).toBe('50126');
    expect(findCode('0x0')).toBeUndefined();
  });
});
