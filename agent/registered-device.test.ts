import { describe, expect, it } from 'vitest';
import { decodeHardwareHash } from '../protocol/autopilot/hardware-hash.ts';
import { compileScenario } from '../scenarios/language/compile.ts';
import type { Plan, RegistrationPlan } from '../scenarios/language/plan.ts';
import { identityOf } from './device-context.ts';
import { registrationRow } from './identity/device-identity.ts';
import { registrationFate, rowOf } from './registered-device.ts';

function planOf(registration: string): Plan {
  const text = `name: rows\narrivals: { kind: at-once }\ncohorts: [{ name: only, count: 4, registration: ${registration} }]`;
  const compiled = compileScenario({ path: 'rows.yaml', text });
  return compiled.ok ? compiled.plan : expect.unreachable(JSON.stringify(compiled.problems));
}

describe('registrationFate', () => {
  const ways: RegistrationPlan = {
    by: 'partner',
    assignUser: false,
    missing: 0.1,
    otherTenant: 0.2,
    hardwareChanged: 0.3,
  };

  it('meets the shares, and the same device always the same', () => {
    const drawn = Array.from({ length: 10_000 }, (_, index) => registrationFate('seed', index, ways));
    const share = (fate: string): number => drawn.filter((each) => each === fate).length / drawn.length;
    expect(share('missing')).toBeCloseTo(0.1, 1);
    expect(share('other-tenant')).toBeCloseTo(0.2, 1);
    expect(share('hardware-changed')).toBeCloseTo(0.3, 1);
    expect(drawn[4711]).toBe(registrationFate('seed', 4711, ways));
    expect(Array.from({ length: 100 }, (_, index) => registrationFate('other', index, ways))).not.toEqual(
      drawn.slice(0, 100),
    );
  });

  it('leaves all devices registered where nothing is wrong', () => {
    const none = { ...ways, missing: 0, otherTenant: 0, hardwareChanged: 0 };
    expect(new Set(Array.from({ length: 1_000 }, (_, index) => registrationFate('seed', index, none)))).toEqual(
      new Set(['registered']),
    );
  });
});

describe('rowOf', () => {
  it('is what the device’s own hardware says, with tag and user', () => {
    const plan = planOf('{ by: csv, assignUser: true }');
    const identity = identityOf(plan, plan.cohorts[0]!, 2);
    expect(rowOf(plan, 0, 2)).toEqual(
      registrationRow(identity, { groupTag: 'only', assignedUser: `user2@${plan.tenant.domain}` }),
    );
  });

  it('of a tuple has no hash', () => {
    const plan = planOf('{ by: tuple }');
    const { serialNumber, manufacturer, model, productKeyId } = identityOf(plan, plan.cohorts[0]!, 1);
    expect(rowOf(plan, 0, 1)).toEqual({
      serialNumber,
      productId: productKeyId,
      hardwareHash: '',
      manufacturer,
      model,
      groupTag: 'only',
    });
  });

  it('of a repaired device is that of its former mainboard under the same label', () => {
    const plan = planOf('{ hardwareChanged: 100% }');
    const now = identityOf(plan, plan.cohorts[0]!, 3);
    const row = rowOf(plan, 0, 3);
    const hash = decodeHardwareHash(row.hardwareHash);
    const before = hash.ok ? hash.value : expect.unreachable();
    expect([row.serialNumber, before.serialNumber]).toEqual([now.serialNumber, now.serialNumber]);
    expect(before.smbiosUuid).not.toBe(now.smbiosUuid);
    expect(before.productKeyId).not.toBe(now.productKeyId);
    expect(Buffer.from(before.ekModulus!)).not.toEqual(Buffer.from(now.tpm.ekModulus()));
    expect(rowOf(plan, 0, 3)).toEqual(row);
  });
});
