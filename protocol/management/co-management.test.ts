import { assert, property, shuffledSubarray } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CO_MANAGEMENT_WORKLOADS } from '../../catalog/content.ts';
import {
  coManagementAddress,
  coManagementFlags,
  parseTaskSequence,
  parseWorkloadOrder,
  workloadsOf,
  writeTaskSequence,
  writeWorkloadOrder,
} from './co-management.ts';

describe('co-management on the wire', () => {
  it('has the flags of the client: 1 for co-managed, then a bit for each workload in its documented order', () => {
    expect(coManagementFlags([])).toBe(1);
    expect(coManagementFlags(['compliance-policies', 'client-apps'])).toBe(67);
    expect(coManagementFlags(CO_MANAGEMENT_WORKLOADS)).toBe(255);
    expect(workloadsOf(49)).toEqual(['windows-update', 'endpoint-protection']);
  });

  it('says in which order authority passes', () => {
    expect(writeWorkloadOrder(['client-apps', 'compliance-policies'])).toBe('1,65,67');
    expect(writeWorkloadOrder([])).toBe('1');
    assert(
      property(shuffledSubarray([...CO_MANAGEMENT_WORKLOADS]), (workloads) => {
        const steps = parseWorkloadOrder(writeWorkloadOrder(workloads));
        expect(steps).toHaveLength(workloads.length + 1);
        expect(workloadsOf(steps!.at(-1)!).toSorted()).toEqual(workloads.toSorted());
        expect(workloadsOf(steps!.at(-2) ?? 0)).not.toContain(workloads.at(-1));
      }),
    );
    for (const text of ['', '1,', 'all', '1,2,3,4,5,6,7,8,9', '1000']) expect(parseWorkloadOrder(text)).toBeUndefined();
  });

  it('reads the task sequence that it writes, and says what is wrong with another', () => {
    const apps = [{ name: 'A "quoted" name', contentUrl: 'http://content.example/a.bin', sha256: 'ab' }];
    expect(parseTaskSequence(writeTaskSequence(apps))).toEqual({ ok: true, value: apps });
    expect(parseTaskSequence('{"apps":[{"name":"A"}]}')).toMatchObject({
      ok: false,
      error: { reason: '"apps.contentUrl" is missing' },
    });
    for (const text of ['', '[]', '{"apps":7}', '{"apps":[7]}']) expect(parseTaskSequence(text).ok).toBe(false);
  });

  it('stands in WMI settings of the management tree', () => {
    expect(coManagementAddress('workloads')).toBe(
      './cimv2/MDM_ConfigSetting/MDM_ConfigSetting.SettingName=%22DefaultComanWorkloads%22/SettingValue',
    );
  });
});
