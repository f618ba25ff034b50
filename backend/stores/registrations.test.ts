import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../../kernel/clock.ts';
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
  parts: ['mac:021a00000001', 'mac:021a00000002', 'disk:d-1'],
};
const OPTIONS = { groupTag: 'sales', assignedUser: '' };
const TUPLE: HardwareFacts = { ...DEVICE, endorsementKeyHash: '', smbiosUuid: '', parts: [] };

function registrations(...devices: readonly HardwareFacts[]): Registrations {
  const store = new Registrations(new Identifiers('seed'), new VirtualClock());
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

  it('refuses a device that another tenant has: 808, in both directions', () => {
    const store = new Registrations(new Identifiers('seed'), new VirtualClock());
    const other = { ...DEVICE, endorsementKeyHash: 'aa'.repeat(32), smbiosUuid: '', serialNumber: 'S-2' };
    store.register(DEVICE, { ...OPTIONS, foreign: true });
    store.register(other, OPTIONS);
    expect(store.register(DEVICE, OPTIONS)).toMatchObject({
      error: { code: 808, name: 'ZtdDeviceAssignedToOtherTenant' },
    });
    expect(store.register(other, { ...OPTIONS, foreign: true })).toMatchObject({ error: { code: 808 } });
    expect(store.register(DEVICE, { ...OPTIONS, foreign: true })).toMatchObject({ error: { code: 806 } });
    expect([store.count, [...store.all()].map(({ facts }) => facts.serialNumber)]).toEqual([1, ['S-2']]);
    expect(store.match(DEVICE)).toMatchObject({ ok: true, value: { foreign: true } });
  });

  it('knows a device only once its import is complete', async () => {
    const clock = new VirtualClock();
    const store = new Registrations(new Identifiers('seed'), clock);
    const registered = store.register(DEVICE, { ...OPTIONS, registeredMs: 100 });
    const id = registered.ok ? registered.value.id : expect.unreachable();
    expect([store.find(id), [...store.all()], store.match(DEVICE)]).toMatchObject([
      undefined,
      [],
      { ok: false, error: { code: 807 } },
    ]);
    expect(store.register(DEVICE, OPTIONS)).toMatchObject({ error: { code: 806 } });
    await clock.advance(100);
    expect([store.find(id)?.id, [...store.all()].length, store.match(DEVICE).ok]).toEqual([id, 1, true]);
  });

  it('gives ids that depend on seed and hardware, not on the order', () => {
    const other = { ...DEVICE, endorsementKeyHash: 'ff'.repeat(32), smbiosUuid: '', serialNumber: 'S-2' };
    const first = registrations(DEVICE, other).match(DEVICE);
    const second = registrations(other, DEVICE).match(DEVICE);
    const elsewhere = new Registrations(new Identifiers('another seed'), new VirtualClock()).register(DEVICE, OPTIONS);
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

  it('finds by several exchangeable parts together what has no other name left', () => {
    const unlabelled = {
      ...DEVICE,
      endorsementKeyHash: '',
      smbiosUuid: '',
      serialNumber: '',
      manufacturer: '',
      model: '',
    };
    const store = registrations(DEVICE);
    expect(code(store, { ...unlabelled, parts: ['disk:d-2', ...DEVICE.parts.slice(0, 2)] })).toBe('sales');
    expect(code(store, { ...unlabelled, parts: ['disk:d-1'] })).toBe(807);
    // The disk and one adapter are in another case: another serial number.
    expect(code(store, { ...unlabelled, serialNumber: 'S-9', parts: DEVICE.parts })).toBe(908);
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
