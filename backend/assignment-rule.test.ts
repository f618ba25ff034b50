import { describe, expect, it } from 'vitest';
import { parseMembershipRule } from './assignment-rule.ts';

const IDS = ['[ZTDID]:11111111-1111-4111-8111-111111111111', '[OrderID]:Sales'];

function holds(rule: string, ids: readonly string[] = IDS): boolean | string {
  const parsed = parseMembershipRule(rule);
  return parsed.ok ? parsed.value(ids.map((id) => id.toLowerCase())) : `${parsed.error.offset}: ${parsed.error.reason}`;
}

describe('a membership rule', () => {
  it.each([
    ['(device.devicePhysicalIDs -any (_ -startsWith "[ZTDid]"))', true],
    ['(device.devicePhysicalIds -any _ -contains "[ZTDId]")', true],
    ['device.devicephysicalids -ANY (_ -EQ "[orderid]:SALES")', true],
    ['(device.devicePhysicalIds -any _ -eq "[OrderID]:Sales West")', false],
    ['(device.devicePhysicalIds -any (_ -eq "[PurchaseOrderId]:76222342342"))', false],
    ['(device.devicePhysicalIds -all (_ -startsWith "["))', true],
    ['(device.devicePhysicalIds -all (_ -endsWith "s"))', false],
  ])('%s: %s', (rule, expected) => {
    expect(holds(rule)).toBe(expected);
    expect(holds(rule, [])).toBe(rule.includes('-all'));
  });

  it('joins conditions: -and before -or, -not before both', () => {
    const yes = '(device.devicePhysicalIds -any (_ -eq "[OrderID]:sales"))';
    const no = '(device.devicePhysicalIds -any (_ -eq "[OrderID]:other"))';
    expect(holds(`${yes} -or ${no} -and ${no}`)).toBe(true);
    expect(holds(`(${yes} -or ${no}) -and ${no}`)).toBe(false);
    expect(holds(`-not ${no} -and ${yes}`)).toBe(true);
    expect(holds(`-not (${no} -or ${yes})`)).toBe(false);
  });

  it.each([
    ['', '0: the rule ends too soon'],
    ['(user.department -eq "Sales")', '1: user.department is not understood here'],
    ['(device.devicePhysicalIds -any (_ -matches "x"))', '34: -matches is not understood here'],
    ['(device.devicePhysicalIds -any (_ -eq "x")', '42: the rule ends too soon'],
    ['(device.devicePhysicalIds -any (_ -eq x))', '38: x is not understood here'],
    ['(device.devicePhysicalIds -any (_ -eq "x', '37: a string has no end'],
    ['(device.devicePhysicalIds -any (_ -eq "x"))) -or', '43: ) is not understood here'],
    [`${'('.repeat(40)}x`, '17: ( is not understood here'],
  ])('refuses %s', (rule, problem) => {
    expect(holds(rule)).toBe(problem);
  });
});
