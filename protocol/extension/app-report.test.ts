import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { ENFORCEMENT_STATES, parseAppReport, writeAppReport } from './app-report.ts';
import type { EnforcementState } from './app-report.ts';

it('says what came of an app in the two messages that the extension keeps', () => {
  const text = writeAppReport({ appId: 'a', version: 1, state: 'error', errorCode: -2016345060 });
  expect(JSON.parse(text)).toMatchObject({
    AppId: 'a',
    ComplianceStateMessage: { ComplianceState: 2, DesiredState: 2 },
    EnforcementStateMessage: { EnforcementState: 5000, ErrorCode: -2016345060 },
  });
});

it('comes back as it was written', () => {
  const states = Object.keys(ENFORCEMENT_STATES) as EnforcementState[];
  const report = fc.record({
    appId: fc.uuid(),
    version: fc.integer({ min: 1, max: 9 }),
    state: fc.constantFrom(...states),
    errorCode: fc.option(fc.integer()),
  });
  fc.assert(
    fc.property(report, (sent) => {
      expect(parseAppReport(writeAppReport(sent))).toEqual({ ok: true, value: sent });
    }),
  );
});

it('refuses a state that no app has, and never throws', () => {
  expect(parseAppReport('{"AppId":"a","EnforcementStateMessage":{"EnforcementState":7}}').ok).toBe(false);
  fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => !parseAppReport(text).ok));
});
