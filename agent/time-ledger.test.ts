import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../kernel/clock.ts';
import { TimeLedger, wholeMs } from './time-ledger.ts';

describe('time ledger', () => {
  it('counts a simulated wait at full length and the rest as service', async () => {
    const clock = new VirtualClock(0, 60);
    const ledger = new TimeLedger(clock, 40);
    await clock.advance(7); // an exchange
    await clock.advance(1000); // a minute of a person at speed 60
    ledger.waited('person', 60_000, 1000);
    await clock.advance(5);
    expect(ledger.stepMs).toBe(60_012);
    const times = ledger.finish('sign-in', 'succeeded');
    expect(times.partsMs).toEqual({ person: 60_000, service: 12, install: 0, restart: 0, poll: 0 });
    expect(wholeMs(times)).toBe(60_012);
    expect(ledger.deviceMs).toBe(60_052);
  });

  it('leaves no gap between steps: the steps and the lateness are the whole', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ realMs: fc.integer({ min: 0, max: 500 }), waitMs: fc.integer({ min: 0, max: 90_000 }) }), {
          minLength: 1,
          maxLength: 6,
        }),
        fc.integer({ min: 0, max: 100 }),
        async (parts, latenessMs) => {
          const clock = new VirtualClock(0, 10);
          const ledger = new TimeLedger(clock, latenessMs);
          for (const { realMs, waitMs } of parts) {
            await clock.advance(realMs);
            const beforeMs = clock.nowMs();
            await clock.advance(waitMs / 10);
            ledger.waited('install', waitMs, clock.nowMs() - beforeMs);
            ledger.finish('device-esp', 'succeeded');
          }
          const expectedMs = parts.reduce((total, part) => total + part.realMs + part.waitMs, latenessMs);
          const stepsMs = ledger.steps.reduce((total, step) => total + wholeMs(step), latenessMs);
          expect(stepsMs).toBeCloseTo(expectedMs, 6);
          expect(ledger.deviceMs).toBeCloseTo(expectedMs, 6);
        },
      ),
      { numRuns: 30 },
    );
  });
});
