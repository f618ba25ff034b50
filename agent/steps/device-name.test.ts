import { describe, expect, it } from 'vitest';
import { randomStream } from '../../kernel/random.ts';
import { deviceNameFrom } from './device-name.ts';

const identity = { serialNumber: 'FLT-0000-0042/X' };

describe('device name', () => {
  it('fills in the serial number without characters that a name cannot have, cut to 15', () => {
    expect(deviceNameFrom('FL-%SERIAL%', identity, randomStream('s', 1, 'n'))).toBe('FL-FLT-0000-004');
  });
  it('fills in as many random digits as asked for, the same for the same device', () => {
    const name = deviceNameFrom('PC-%RAND:5%', identity, randomStream('s', 1, 'n'));
    expect(name).toMatch(/^PC-\d{5}$/);
    expect(deviceNameFrom('PC-%RAND:5%', identity, randomStream('s', 1, 'n'))).toBe(name);
    expect(deviceNameFrom('PC-%RAND:5%', identity, randomStream('s', 2, 'n'))).not.toBe(name);
  });
});
