import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { Seal } from './seal.ts';

const seal = new Seal('key');

it('opens what it closed, for the same purpose and with the same key', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const closed = seal.close('refresh-token', text);
      expect(closed).toMatch(/^[\w-]*\.[\w-]{22}$/);
      expect(seal.open('refresh-token', closed)).toBe(Buffer.from(text).toString());
      expect(seal.open('device-ticket', closed)).toBeUndefined();
      expect(new Seal('other').open('refresh-token', closed)).toBeUndefined();
    }),
  );
});

it('does not open what was changed, cut or made up', () => {
  const closed = seal.close('device-ticket', 'puid 1');
  const forged = `${Buffer.from('puid 2').toString('base64url')}.${closed.split('.')[1]}`;
  for (const text of ['', '.', 'x', forged, closed.slice(0, -1), `${closed}x`, `${closed.slice(0, -1)}é`]) {
    expect(seal.open('device-ticket', text)).toBeUndefined();
  }
});
