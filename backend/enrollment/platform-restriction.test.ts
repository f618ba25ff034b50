import { describe, expect, it } from 'vitest';
import { testTenant } from '../fixtures/tenant.ts';
import { isAtLeast, platformFault } from './platform-restriction.ts';

describe('the platform restriction', () => {
  const { tenant } = testTenant({ enrollment: { scope: 'all', minimumOsVersion: '10.0.22631.3000' } });
  const fault = (version: string | undefined, edition = '48') =>
    platformFault(tenant, [
      { name: 'OSEdition', value: edition },
      ...(version === undefined ? [] : [{ name: 'OSVersion', value: version }]),
    ]);

  it('refuses lower versions, and what is none', () => {
    expect(fault('10.0.22631.3000')).toBeUndefined();
    for (const version of ['10.0.22631.2999', '10.0.19045.6456', 'ten', '', undefined]) {
      expect(fault(version)).toMatchObject({ subcode: 'Authorization', errorType: 'DeviceNotSupported' });
    }
  });

  it('refuses Windows Home, whatever its version', () => {
    const refused = fault('10.0.26200.6725', '101');
    expect(refused).toMatchObject({ subcode: 'Authorization' });
    expect(refused).not.toHaveProperty('errorType');
  });

  it('is none where the tenant has none', () => {
    expect(platformFault(testTenant().tenant, [])).toBeUndefined();
  });
});

it.each([
  ['10.0.26100.1', '10.0.22631.9999', true],
  ['10.0.9.1', '10.0.22631.0', false],
  ['10.0.22631', '10.0.22631.0', true],
  ['10.0.22631.0', '10.0.22631.0', true],
  ['10.0.22631.0', '10.0.22631.1', false],
])('version %s is at least %s: %s', (version, minimum, expected) => {
  expect(isAtLeast(version, minimum)).toBe(expected);
});
