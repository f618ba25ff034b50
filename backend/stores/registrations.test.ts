import { describe, expect, it } from 'vitest';
import { Identifiers } from '../identifiers.ts';
import { Registrations } from './registrations.ts';
import type { HardwareFacts } from './registrations.ts';

const DEVICE: HardwareFacts = {
  endorsementKeyHash: 'ee'.repeat(32),
  smbiosUuid: '00000000-0000-4000-8000-000000000001',
  serialNumber: 'S-1',
  manufacturer: 'Simulated Devices',
  model: 'SimBook 13',
  productId: '',
};
const OPTIONS = { groupTag: 'sales', assignedUser: '' };
const TUPLE: HardwareFacts = { ...DEVICE, endorsementKeyHash: '', smbiosUuid: '' };

function registrations(...devices: readonly HardwareFacts[]): Registrations {
  const store = new Registrations(new Identifiers('seed'));
  for (const device of devices) expect(store.register(device, OPTIONS).ok).toBe(true);
  return store;
}

describe('register', () => {
  it('refuses a device that any of its names is known by: 806', () => {
    const store = registrations(DEVICE);
    for (const again of [DEVICE, TUPLE, { ...DEVICE, serialNumber: 'S-2' }]) {
      expect(store.register(again, OPTIONS)).toMatchObject({ ok: false, error: { code: 806 } });
    }
    expect(store.count).toBe(1);
  });

  it('gives ids that depend on seed and hardware, not on the order', () => {
    const other = { ...DEVICE, endorsementKeyHash: 'ff'.repeat(32), smbiosUuid: '', serialNumber: 'S-2' };
    const first = registrations(DEVICE, other).match(DEVICE);
    const second = registrations(other, DEVICE).match(DEVICE);
    const elsewhere = new Registrations(new Identifiers('another seed')).register(DEVICE, OPTIONS);
    if (!first.ok || !second.ok || !elsewhere.ok) throw new Error('a registration is missing');
    expect(second.value.id).toBe(first.value.id);
    expect(second.value.entraDeviceId).toBe(first.value.entraDeviceId);
    expect(elsewhere.value.id).not.toBe(first.value.id);
  });
});

describe('match', () => {
  const code = (store: Registrations, facts: HardwareFacts): number | string => {
    const match = store.match(facts);
    return match.ok ? match.value.groupTag : match.error.code;
  };

  it('finds by endorsement key, then by UUID and serial number, then by the tuple that was registered', () => {
    const store = registrations(DEVICE);
    expect(code(store, DEVICE)).toBe('sales');
    expect(code(store, { ...DEVICE, endorsementKeyHash: 'ff'.repeat(32) })).toBe('sales');
    expect(code(store, { ...DEVICE, smbiosUuid: '00000000-0000-4000-8000-000000000002' })).toBe('sales');
    expect(code(registrations(TUPLE), DEVICE)).toBe('sales');
  });

  it('807: nothing matches', () => {
    expect(code(registrations(), DEVICE)).toBe(807);
    expect(code(registrations(DEVICE), { ...TUPLE, serialNumber: 'S-9' })).toBe(807);
  });

  it('908: the hardware is not what was registered', () => {
    const store = registrations({ ...DEVICE, productId: 'PK-1' });
    expect(code(store, { ...DEVICE, serialNumber: 'S-2' })).toBe(908);
    expect(code(store, { ...DEVICE, productId: 'PK-2' })).toBe(908);
    const board = { endorsementKeyHash: 'ff'.repeat(32), smbiosUuid: '00000000-0000-4000-8000-000000000002' };
    expect(code(store, { ...DEVICE, ...board })).toBe(908);
  });
});
