import { expect, it } from 'vitest';
import { Identifiers } from '../identifiers.ts';
import { DeviceAccounts } from './device-accounts.ts';
import type { HardwareFacts } from './registrations.ts';

const FACTS: HardwareFacts = {
  endorsementKeyHash: 'ee'.repeat(32),
  smbiosUuid: '',
  serialNumber: 'S-1',
  manufacturer: 'M',
  model: 'N',
  productId: '',
  parts: [],
};

it('keeps one account for each hardware: a device that asks again renews its own and keeps its updates', () => {
  const accounts = new DeviceAccounts(new Identifiers('seed'));
  const first = accounts.add('02a', 'one', FACTS);
  accounts.noteUpdate(first!.puid, 'update');
  accounts.noteUpdate(first!.puid, 'update');
  const second = accounts.add('02b', 'two', FACTS);
  expect(second).toMatchObject({ puid: first!.puid, password: 'two', updates: ['update'] });
  expect(accounts.ofMember('02a')).toBeUndefined();
  expect(accounts.ofMember('02b')?.puid).toBe(first!.puid);
  expect(accounts.add('02b', 'three', { ...FACTS, serialNumber: 'S-2' })).toBeUndefined();
  expect(accounts.count).toBe(1);
});

it('learns what a device shows later, until it asks for another credential', () => {
  const accounts = new DeviceAccounts(new Identifiers('seed'));
  const { puid } = accounts.add('02a', 'one', FACTS)!;
  accounts.learn(puid, { ...FACTS, productId: 'PKID' });
  expect(accounts.find(puid)?.facts.productId).toBe('PKID');
  accounts.add('02a', 'one', FACTS);
  expect(accounts.find(puid)?.facts.productId).toBe('');
});
