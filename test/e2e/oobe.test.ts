// The first pages, the network and the profile, against the embedded backend over real sockets.
import { describe, expect, it } from 'vitest';
import type { StepName } from '../../catalog/steps.ts';
import { SECOND_MS } from '../../kernel/units.ts';
import type { DeviceRecord } from '../../telemetry/records.ts';
import { managedFleet, type ManagedFleet } from './managed-fleet.ts';

/** The one device of each cohort, in the scenario's order. */
function byCohort({ records }: ManagedFleet): DeviceRecord[] {
  return records.toSorted((a, b) => a.cohort - b.cohort);
}

function steps(record: DeviceRecord | undefined): StepName[] {
  return record?.steps.map(({ step }) => step) ?? [];
}

/** Seconds of the person in a step, each page of which takes one. */
function pages(record: DeviceRecord | undefined, step: StepName): number | undefined {
  const personMs = record?.steps.find((candidate) => candidate.step === step)?.partsMs.person;
  return personMs === undefined ? undefined : personMs / SECOND_MS;
}

describe('row 1: switched on', () => {
  it('asks for region and keyboards before a profile can hide them, on Wi-Fi; and not where it came first, on Ethernet', async () => {
    const fleet = await managedFleet(`
  - { name: hidden, count: 1, profile: { hide: [keyboard], locale: en-GB } }
  - { name: shown, count: 1, profile: { hide: [] } }
  - { name: wireless, count: 1, networks: { office-wifi: 1 }, profile: { hide: [keyboard], locale: en-GB } }
  - { name: several-languages, count: 1, languages: 3, networks: { office-wifi: 1 } }`);
    const [hidden, shown, wireless, languages] = byCohort(fleet);
    expect(steps(hidden).slice(0, 3)).toEqual(['network-connect', 'profile-download', 'oobe-locale']);
    expect(steps(wireless).slice(0, 3)).toEqual(['oobe-locale', 'network-connect', 'profile-download']);
    expect([hidden, shown, wireless, languages].map((record) => pages(record, 'oobe-locale'))).toEqual([0, 3, 3, 4]);
  });
});

describe('row 2: network', () => {
  it('needs nobody on Ethernet, the network and its key on Wi-Fi, again while the key is wrong', async () => {
    const fleet = await managedFleet(`
  - { name: wired, count: 1 }
  - { name: wireless, count: 1, networks: { office-wifi: 1 } }
  - { name: clumsy, count: 20, networks: { office-wifi: 1 }, mistakes: { mistypedKey: 50% } }`);
    const [wired, wireless, ...clumsy] = byCohort(fleet);
    expect([wired, wireless].map((record) => pages(record, 'network-connect'))).toEqual([0, 1]);
    const typed = clumsy.reduce((sum, record) => sum + (pages(record, 'network-connect') ?? 0), 0);
    expect(typed).toBeGreaterThan(25);
    expect(fleet.records.every(({ outcome }) => outcome === 'succeeded')).toBe(true);
  });

  it('stops at a captive portal', async () => {
    const { records } = await managedFleet('  - { name: cafe, count: 1, networks: { office-wifi: 1 } }', {
      faults: '[{ fault: captive-portal }]',
    });
    expect(records).toMatchObject([{ outcome: 'failed', step: 'network-connect', code: 'no-network' }]);
  });
});

describe('row 3: Autopilot profile', () => {
  it('hides the pages that it says, each of which costs the person time', async () => {
    const fleet = await managedFleet(`
  - { name: quiet, count: 1, profile: { hide: [privacy, licence, oem-registration, keyboard] } }
  - { name: chatty, count: 1, profile: { hide: [] } }`);
    const [quiet, chatty] = byCohort(fleet).map((record) => pages(record, 'sign-in'));
    expect([quiet, chatty]).toEqual([2, 5]);
  });

  it('is missing, late or of another tenant, with the verdict that an administrator would see', async () => {
    const fleet = await managedFleet(`
  - { name: not-registered, count: 1, registration: { missing: 100% } }
  - { name: not-assigned, count: 1, assignment: { by: none } }
  - { name: too-early, count: 1, assignment: { lag: 7 d } }
  - { name: elsewhere, count: 1, registration: { otherTenant: 100% } }
  - { name: well, count: 1 }`);
    expect(byCohort(fleet).map(({ code, step }) => (code === null ? 'desktop' : `${step} ${code}`))).toEqual([
      'profile-download 807',
      'profile-download 815',
      'profile-download 815',
      'sign-in tenant-mismatch',
      'desktop',
    ]);
  });
});
