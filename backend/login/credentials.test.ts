import { describe, expect, it } from 'vitest';
import { MINUTE_MS } from '../../kernel/units.ts';
import type { UserTrait } from '../../catalog/accounts.ts';
import { testTenant } from '../fixtures/tenant.ts';
import type { TestTenant } from '../fixtures/tenant.ts';

/** A tenant all of whose users have a trait. */
function tenantOf(trait?: UserTrait, speed = 1): TestTenant {
  const { tenant } = testTenant();
  const groups = tenant.config.groups.map((group) => ({
    ...group,
    accounts: { ...group.accounts, traits: trait === undefined ? {} : { [trait]: 1 } },
  }));
  return testTenant({ groups, speed });
}

const WRONG = 'wrong';

describe('a password', () => {
  it.each([
    [undefined, 'right', 'wrong'],
    ['locked', 'locked', 'locked'],
    ['disabled', 'disabled', 'wrong'],
    ['password-expired', 'expired', 'wrong'],
    ['blocked', 'right', 'wrong'],
  ] as const)('of an account that is %s is %s, and a wrong one %s', (trait, right, wrong) => {
    const { tenant } = tenantOf(trait);
    const user = tenant.directory.user(3);
    expect(tenant.credentials.verify(user, tenant.config.password)).toBe(right);
    expect(tenant.credentials.verify(user, WRONG)).toBe(wrong);
  });

  it('locks the account after ten wrong tries, for a minute of device time', async () => {
    for (const speed of [1, 10]) {
      const { tenant, clock } = tenantOf(undefined, speed);
      const user = tenant.directory.user(3);
      const tries = Array.from({ length: 11 }, () => tenant.credentials.verify(user, WRONG));
      expect(tries).toEqual([...Array.from({ length: 10 }, () => 'wrong'), 'locked']);
      expect(tenant.credentials.verify(user, tenant.config.password)).toBe('locked');
      expect(tenant.credentials.verify(tenant.directory.user(4), tenant.config.password)).toBe('right');
      await clock.advance(MINUTE_MS / speed);
      expect(tenant.credentials.verify(user, tenant.config.password)).toBe('right');
    }
  });

  it('that is right forgets the wrong ones', () => {
    const { tenant } = tenantOf();
    const user = tenant.directory.user(3);
    for (let round = 0; round < 3; round++) {
      for (let tries = 0; tries < 9; tries++) tenant.credentials.verify(user, WRONG);
      expect(tenant.credentials.verify(user, tenant.config.password)).toBe('right');
    }
  });

  it('that is new takes the place of the old one, for its user alone', () => {
    const { tenant } = tenantOf('password-expired');
    const user = tenant.directory.user(3);
    expect(tenant.credentials.renew(user, tenant.config.password)).toBe(false);
    expect(tenant.credentials.renew(user, '')).toBe(false);
    expect(tenant.credentials.renew(user, 'new')).toBe(true);
    expect(tenant.credentials.verify(user, 'new')).toBe('right');
    expect(tenant.credentials.verify(user, tenant.config.password)).toBe('wrong');
    expect(tenant.credentials.verify(tenant.directory.user(4), 'new')).toBe('wrong');
  });
});
