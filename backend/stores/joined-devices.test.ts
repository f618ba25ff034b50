import { describe, expect, it } from 'vitest';
import { JoinedDevices } from './joined-devices.ts';
import type { JoinedDevice } from './joined-devices.ts';

function device(deviceId: string, userIndex = 1): JoinedDevice {
  const rest = { displayName: 'PC', osVersion: '10.0.26100.1', thumbprint: 'AB', registrationId: undefined };
  return { deviceId, userIndex, ...rest };
}

describe('joined devices', () => {
  it('are counted for each user, once however often they join', () => {
    const devices = new JoinedDevices();
    devices.add(device('a'));
    devices.add(device('a'));
    devices.add(device('b'));
    devices.add(device('c', 2));
    expect([devices.countOf(1, ''), devices.countOf(1, 'A'), devices.countOf(2, 'a')]).toEqual([2, 1, 1]);
    devices.add(device('a', 2));
    expect([devices.countOf(1, ''), devices.countOf(2, '')]).toEqual([1, 2]);
  });

  it('leave, and make room for another of their user', () => {
    const devices = new JoinedDevices();
    devices.add(device('a'));
    expect([devices.remove('A'), devices.remove('a')]).toEqual([true, false]);
    expect([devices.count, devices.countOf(1, ''), devices.find('a')]).toEqual([0, 0, undefined]);
    expect(devices.isDeleted('a')).toBe(false);
  });

  it('are gone for good once an administrator has deleted the object', () => {
    const devices = new JoinedDevices();
    devices.add(device('a'));
    devices.deleteObject('a');
    expect([devices.find('a'), devices.isDeleted('A')]).toEqual([undefined, true]);
  });
});
