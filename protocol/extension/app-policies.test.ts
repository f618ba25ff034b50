import { gunzipSync, gzipSync } from 'node:zlib';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  parseAppPolicies,
  RESTART_BEHAVIOURS,
  RETURN_CODE_TYPES,
  USUAL_RETURN_CODES,
  writeAppPolicies,
} from './app-policies.ts';
import type { AppPolicy, PolicyRestart, ReturnCodeType } from './app-policies.ts';

const POLICY: AppPolicy = {
  id: '6e0911dd-0000-4000-8000-000000000001',
  name: 'Reader',
  version: 1,
  target: 'device',
  targeted: true,
  dependencies: ['6e0911dd-0000-4000-8000-000000000002'],
  returnCodes: USUAL_RETURN_CODES,
  attemptsMax: 3,
  retryMinutes: 5,
  runMinutesMax: 60,
  restart: 'by-exit-code',
};

/** Packs any JSON text as a gateway does; `length` lies. */
function pack(text: string, length = Buffer.byteLength(text)): string {
  const prefix = Buffer.alloc(4);
  prefix.writeUInt32LE(length);
  return Buffer.concat([prefix, gzipSync(text)]).toString('base64');
}

describe('app policies', () => {
  it('are a length, little-endian, and a gzip of an array whose members have the public names', () => {
    const bytes = Buffer.from(writeAppPolicies([POLICY]), 'base64');
    const json = gunzipSync(bytes.subarray(4));
    expect(bytes.readUInt32LE()).toBe(json.length);
    const [policy] = JSON.parse(json.toString()) as Record<string, unknown>[];
    expect(policy).toMatchObject({ Id: POLICY.id, Name: 'Reader', Version: 1, Intent: 3, TargetType: 2, Targeted: 1 });
    expect(JSON.parse(policy!['InstallEx'] as string)).toMatchObject({
      RunAs: 1,
      MaxRetries: 3,
      RetryIntervalInMinutes: 5,
      MaxRunTimeInMinutes: 60,
      DeviceRestartBehavior: 0,
    });
    expect(JSON.parse(policy!['ReturnCodes'] as string)).toEqual([
      { ReturnCode: 0, Type: 1 },
      { ReturnCode: 1707, Type: 1 },
      { ReturnCode: 3010, Type: 2 },
      { ReturnCode: 1641, Type: 3 },
      { ReturnCode: 1618, Type: 4 },
    ]);
    expect(policy!['FlatDependencies']).toEqual([
      { AppId: POLICY.id, ChildId: POLICY.dependencies[0], Action: 10, Type: 0 },
    ]);
  });

  it('come back as they were written', () => {
    const policy: fc.Arbitrary<AppPolicy> = fc.record({
      id: fc.uuid(),
      name: fc.string(),
      version: fc.integer({ min: 1, max: 99 }),
      target: fc.constantFrom('device', 'user'),
      targeted: fc.boolean(),
      dependencies: fc.uniqueArray(fc.uuid(), { maxLength: 3 }),
      returnCodes: fc
        .uniqueArray(fc.tuple(fc.nat(9999), fc.constantFrom(...(Object.keys(RETURN_CODE_TYPES) as ReturnCodeType[]))), {
          selector: ([code]) => code,
        })
        .map((entries) => new Map(entries)),
      attemptsMax: fc.integer({ min: 1, max: 10 }),
      retryMinutes: fc.integer({ min: 0, max: 1440 }),
      runMinutesMax: fc.integer({ min: 1, max: 1440 }),
      restart: fc.constantFrom(...(Object.keys(RESTART_BEHAVIOURS) as PolicyRestart[])),
    });
    fc.assert(
      fc.property(fc.array(policy, { maxLength: 4 }), (policies) => {
        expect(parseAppPolicies(writeAppPolicies(policies))).toEqual({ ok: true, value: policies });
      }),
    );
  });

  it('read what a published policy leaves out as the usual', () => {
    const published = { Id: 'a-1', Name: 'Bare', InstallEx: '{}', FlatDependencies: null };
    expect(parseAppPolicies(pack(JSON.stringify([published])))).toEqual({
      ok: true,
      value: [{ ...POLICY, id: 'a-1', name: 'Bare', dependencies: [] }],
    });
  });

  it('cut a name that is too long for a label, and bound what a stranger wants repeated', () => {
    const install = JSON.stringify({
      MaxRetries: 1e9,
      RetryIntervalInMinutes: -5,
      MaxRunTimeInMinutes: 1e9,
      DeviceRestartBehavior: 77,
    });
    const read = parseAppPolicies(pack(JSON.stringify([{ Id: 'a', Name: 'x'.repeat(5_000), InstallEx: install }])));
    expect(read.ok && read.value[0]).toMatchObject({
      name: 'x'.repeat(100),
      attemptsMax: 10,
      retryMinutes: 0,
      runMinutesMax: 1440,
      restart: 'by-exit-code',
    });
  });

  it.each([
    ['base64', 'not base64!'],
    ['a length', 'AAA='],
    ['gzip', Buffer.from('\u0005\u0000\u0000\u0000hello').toString('base64')],
    ['the length that it says', pack('[]', 3)],
    ['less than it says', pack(`[${' '.repeat(10_000)}]`, 5)],
    ['a bounded length', pack('[]', 2 ** 31)],
    ['an array', pack('{}')],
    ['objects', pack('[1]')],
    ['few policies', pack(`[${Array.from({ length: 501 }, () => '{}').join()}]`)],
    ['an id', pack('[{"Name":"x"}]')],
    ['an id without a slash', pack('[{"Id":"a/b","Name":"x"}]')],
    ['JSON in its strings', pack('[{"Id":"a","Name":"x","InstallEx":"{"}]')],
    ['a list of return codes', pack('[{"Id":"a","Name":"x","ReturnCodes":"{}"}]')],
  ])('are refused without %s', (_what, payload) => {
    expect(parseAppPolicies(payload).ok).toBe(false);
  });

  it('never throw over what a stranger sends', () => {
    const hostile = fc.oneof(
      fc.string(),
      fc.base64String(),
      fc.json().map((json) => pack(`[${json}]`)),
    );
    fc.assert(fc.property(hostile, (payload) => typeof parseAppPolicies(payload).ok === 'boolean'));
  });
});
