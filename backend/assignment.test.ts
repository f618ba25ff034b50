import { describe, expect, it } from 'vitest';
import type { AssignmentConfig, GroupConfig } from '../catalog/tenant.ts';
import { MINUTE_MS } from '../kernel/units.ts';
import { assignedProfile, Assignments, membershipRuleOf, physicalIdsOf } from './assignment.ts';
import type { AssignedProfile } from './assignment.ts';
import { parseMembershipRule } from './assignment-rule.ts';
import { EPOCH_MS, testTenant } from './fixtures/tenant.ts';

const [BASE] = testTenant().tenant.config.groups;

function group(tag: string, assignment: Partial<AssignmentConfig> = {}): GroupConfig {
  const common: AssignmentConfig = { by: 'order-id', lagMs: 0, profileAgeDays: 0, profileDeleted: false };
  return {
    ...BASE!,
    tag,
    profile: { ...BASE!.profile, name: `profile ${tag}` },
    assignment: { ...common, ...assignment },
  };
}

function registration(groupTag: string): Parameters<typeof assignedProfile>[1] {
  const id = '11111111-1111-4111-8111-111111111111';
  const facts = {
    endorsementKeyHash: '',
    smbiosUuid: '',
    serialNumber: 'S',
    manufacturer: '',
    model: '',
    productId: '',
  };
  return {
    id,
    entraDeviceId: id,
    facts: { ...facts, parts: [] },
    groupTag,
    assignedUser: '',
    registeredMs: EPOCH_MS,
    foreign: false,
  };
}

/** What a device of a tag has so many minutes after its registration: a profile, a verdict, or a blank one. */
function given(groups: readonly GroupConfig[], tag: string, afterMinutes = 0, speed = 1): string | number {
  const assignments = new Assignments({ groups, speed }, { wallMs: () => EPOCH_MS + afterMinutes * MINUTE_MS });
  const assigned: AssignedProfile = assignedProfile({ assignments }, registration(tag));
  if ('group' in assigned) return assigned.group.tag;
  return 'verdict' in assigned ? assigned.verdict : 'blank';
}

describe('a profile comes to a device', () => {
  it('by its order id, in any case, and by nothing else', () => {
    expect(given([group('Sales'), group('other')], 'sales')).toBe('Sales');
    expect(given([group('Sales')], 'sales west')).toBe(815);
    expect(given([group('Sales')], '')).toBe(815);
  });

  it.each(['static', 'device'] as const)('that is listed for it (%s)', (by) => {
    expect(given([group('a', { by }), group('b', { by })], 'b')).toBe('b');
    expect(given([group('a', { by })], 'c')).toBe(815);
  });

  it('as one of all devices, or by default', () => {
    expect(given([group('a'), group('all', { by: 'all-devices' })], 'c')).toBe('all');
    expect(given([group('a'), group('rest', { by: 'default' })], 'c')).toBe('rest');
    expect(given([group('a', { by: 'none' })], 'a')).toBe(815);
  });

  it('the oldest of several, whatever their order; a default one only where there is no other', () => {
    const young = group('a', { profileAgeDays: 1 });
    const old = group('all', { by: 'all-devices', profileAgeDays: 30 });
    expect([given([young, old], 'a'), given([old, young], 'a')]).toEqual(['all', 'all']);
    expect(given([group('a', { profileAgeDays: 60 }), old], 'a')).toBe('a');
    expect(given([young, group('rest', { by: 'default', profileAgeDays: 99 })], 'a')).toBe('a');
    expect(given([old, group('a', { by: 'device' })], 'a')).toBe('a');
    expect(given([group('a'), group('b', { by: 'all-devices' })], 'a')).toBe('a');
  });

  it('after its lag in device time: a blank one until then', () => {
    const slow = [group('a', { lagMs: 15 * MINUTE_MS })];
    expect([given(slow, 'a', 14.9), given(slow, 'a', 15)]).toEqual(['blank', 'a']);
    expect([given(slow, 'a', 0.2, 60), given(slow, 'a', 0.25, 60)]).toEqual(['blank', 'a']);
    // Whoever is quicker is there first, and goes when the older one comes.
    const both = [...slow, group('rest', { by: 'default' })];
    expect([given(both, 'a', 1), given(both, 'a', 15)]).toEqual(['rest', 'a']);
  });

  it('809 once it was deleted', () => {
    expect(given([group('a', { profileDeleted: true, lagMs: MINUTE_MS })], 'a', 1)).toBe(809);
    expect(given([group('a', { profileDeleted: true, lagMs: MINUTE_MS })], 'a', 0)).toBe('blank');
  });
});

it('writes rules in the documented form, on the ids of the device object', () => {
  expect(physicalIdsOf({ id: 'x', groupTag: 'Sales' })).toEqual(['[ZTDID]:x', '[OrderID]:Sales']);
  expect(physicalIdsOf({ id: 'x', groupTag: '' })).toEqual(['[ZTDID]:x']);
  expect(membershipRuleOf(group('Sales'))).toBe('(device.devicePhysicalIds -any (_ -eq "[OrderID]:Sales"))');
  expect(parseMembershipRule(membershipRuleOf(group('x', { by: 'all-devices' }))!).ok).toBe(true);
  expect(membershipRuleOf(group('x', { by: 'static' }))).toBeUndefined();
});

it('the content of a device is that of its tag, whichever profile wins', () => {
  const groups = [group('a'), group('all', { by: 'all-devices', profileAgeDays: 9 })];
  const { tenant } = testTenant({ groups });
  expect(assignedProfile(tenant, registration('a'))).toMatchObject({ group: { tag: 'all' } });
  expect([tenant.groupOf(registration('a'))?.tag, tenant.groupOf(registration('b'))?.tag]).toEqual(['a', 'all']);
  expect(tenant.groupOf({ ...registration('a'), foreign: true })).toBeUndefined();
});
