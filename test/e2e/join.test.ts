// The join of devices (mission.md, rows 6, 12 and 18), from power-on against the embedded backend: who may join, with how many devices
// and with which Windows, what the directory then has, and the code of each refusal at its step.
import { describe, expect, it } from 'vitest';
import type { RunningBackend } from '../../backend/backend.ts';
import type { TraceEntry } from '../../telemetry/messages.ts';
import { ForeignClient } from './foreign-client.ts';
import { counted, managedFleet } from './managed-fleet.ts';
import type { FleetOptions, ManagedFleet } from './managed-fleet.ts';

/** Codes and steps of the devices, in the order of their indices; null where one got to its desktop. */
function ends({ records }: ManagedFleet): (string | null)[] {
  const inOrder = [...records].sort((a, b) => a.cohort - b.cohort || a.index - b.index);
  return inOrder.map(({ code, step }) => (code === null ? null : `${step} ${code}`));
}

function operations(exchanges: readonly TraceEntry[], service: string): string[] {
  return exchanges
    .filter((entry) => entry.service === service)
    .map(({ operation, status }) => `${operation} ${status}`);
}

describe('row 6: a device joins Microsoft Entra ID', () => {
  it('with its own certificate, in place of the object that registration made, and leaves nothing open', async () => {
    const fleet = await managedFleet('  - { name: office, count: 3 }');
    expect(ends(fleet)).toEqual([null, null, null]);
    expect(fleet.counts).toMatchObject({ registered: 3, joined: 3, enrolled: 3, helloKeys: 0 });
    expect(operations(fleet.exchanges, 'join')).toEqual(['discover 200', 'register 200']);
    const handshakes = counted(fleet.frame, 'flotilla_tls_handshakes_total');
    expect([handshakes['join full'], handshakes['join mutual'] ?? 0]).toEqual([3, 0]);
  });

  it('not where an administrator has deleted that object: 0x801c03f3', async () => {
    const statuses: number[] = [];
    const afterRegistration = async ({ tenant, endpoints, admin }: RunningBackend): Promise<void> => {
      const [registration] = tenant.registrations.all();
      const object = tenant.identifiers.guid('entra-object', registration!.entraDeviceId);
      const client = new ForeignClient(tenant.authorities.root.certificatePem);
      const request = { method: 'DELETE', headers: { authorization: `Bearer ${admin.token}` } };
      for (let times = 0; times < 2; times++) {
        statuses.push((await client.send(`${endpoints.registration}/v1.0/devices/${object}`, request)).status);
      }
      client.close();
    };
    const fleet = await managedFleet('  - { name: office, count: 2 }', { afterRegistration });
    expect(statuses).toEqual([204, 404]);
    expect(ends(fleet)).toEqual(['entra-join 0x801c03f3', null]);
    expect(fleet.counts).toMatchObject({ registered: 2, joined: 1 });
  });
});

describe('row 12: users may or may not join devices', () => {
  const join = (settings: string, cohorts: string): Promise<ManagedFleet> => {
    const options: FleetOptions = { tenant: `{ join: { ${settings} } }` };
    return managedFleet(cohorts, options);
  };

  it('nobody where the scope is none', async () => {
    const fleet = await join('scope: none', '  - { name: office, count: 2 }');
    expect(ends(fleet)).toEqual(['entra-join 0x801c03ed', 'entra-join 0x801c03ed']);
    expect(fleet.counts).toMatchObject({ joined: 0, enrolled: 0 });
    expect(counted(fleet.frame, 'flotilla_step_failures_total')).toEqual({ 'entra-join 0x801c03ed': 2 });
  });

  it('all but those outside, where it is selected', async () => {
    const outside = 'accounts: { traits: { not-in-join-scope: 100% } }';
    const cohorts = `  - { name: inside, count: 1 }\n  - { name: outside, count: 1, ${outside} }`;
    expect(ends(await join('scope: selected', cohorts))).toEqual([null, 'entra-join 0x801c03ed']);
    expect(ends(await join('scope: all', cohorts))).toEqual([null, null]);
  });

  it('as many as their quota: 0x801c000e', async () => {
    const full = 'accounts: { traits: { quota-reached: 100% } }';
    const cohorts = `  - { name: free, count: 1 }\n  - { name: full, count: 1, ${full} }`;
    const fleet = await join('quota: 1', cohorts);
    expect(ends(fleet)).toEqual([null, 'entra-join 0x801c000e']);
    expect(fleet.counts).toMatchObject({ joined: 1 });
  });

  it('not who declines the terms of use, or closes them: the join does not begin', async () => {
    const fleet = await managedFleet(
      `  - { name: accepts, count: 1 }
  - { name: declines, count: 1, mistakes: { declinedTerms: 1 } }
  - { name: closes, count: 1, mistakes: { closedTerms: 1 } }`,
      { tenant: '{ termsOfUse: true }' },
    );
    expect(ends(fleet)).toEqual([null, 'entra-join terms-of-use-declined', 'entra-join terms-of-use-closed']);
    expect(fleet.counts).toMatchObject({ joined: 1, enrolled: 1 });
  });
});

describe('row 18: the version and edition of Windows decide', () => {
  it('whether there is user-driven mode at all: without it nothing is asked of any service', async () => {
    const fleet = await managedFleet(
      `  - { name: old, count: 1, osVersions: { windows-10-1607: 1 } }
  - { name: home, count: 1, osVersions: { windows-11-25h2-home: 1 } }
  - { name: first, count: 1, osVersions: { windows-10-1703: 1 } }
  - { name: today, count: 1, osVersions: { windows-11-25h2-enterprise: 1 } }`,
    );
    expect(ends(fleet)).toEqual(['profile-download windows-too-old', 'profile-download 114', null, null]);
    expect(fleet.exchanges.map(({ service }) => service)).toEqual(['connectivity']);
    expect(fleet.counts).toMatchObject({ registered: 4, joined: 2, enrolled: 2 });
  });

  it('whether the MDM takes the device: below the lowest version it is 0x80180014, and the join is undone', async () => {
    const fleet = await managedFleet(
      `  - { name: older, count: 1, osVersions: { windows-10-22h2: 1 } }
  - { name: newer, count: 1, osVersions: { windows-11-24h2: 1 } }`,
      { tenant: '{ mdm: { minimumOs: 10.0.22631.0 } }' },
    );
    expect(ends(fleet)).toEqual(['mdm-enroll 0x80180014', null]);
    expect(fleet.counts).toMatchObject({ joined: 1, enrolled: 1 });
  });
});
