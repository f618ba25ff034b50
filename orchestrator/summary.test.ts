import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { goodRun, ledgerOf, observations, SAMPLE_START_MS, wholeShard } from './fixtures/run.ts';
import { summarize } from './summary.ts';

describe('summarize', () => {
  it('says who ran what, and how the devices ended', () => {
    expect(summarize(ledgerOf(goodRun()))).toMatchObject({
      summaryVersion: 1,
      version: '0.0.0',
      run: '20270115-080000-sample',
      scenario: 'sample',
      seed: 'sample',
      speed: 10,
      variants: { 'entra-join': 6 },
      planned: 6,
      started: 6,
      succeeded: 6,
      failed: 0,
      abandoned: 0,
      notStarted: 0,
      durationSeconds: 20.5,
      inFlightPeak: 3,
      sessionsPerDevice: 4,
      messagesPerDevice: 12,
      failures: [],
      thresholds: [{ text: 'no device failed or was abandoned', measured: 0, ok: true }],
      verdict: { result: 'passed', reasons: [] },
    });
  });

  it('has rates over the whole run and over the best window that fits into it', () => {
    const { deploymentsPerSecond, mdmEnrollmentsPerSecond } = summarize(ledgerOf(goodRun()));
    expect(deploymentsPerSecond).toEqual({ mean: 0.292683, best10Seconds: 0.6, bestMinute: null });
    expect(mdmEnrollmentsPerSecond.mean).toBe(0.292683);
  });

  it('has quantiles of deployment and setup, and the parts of each step', () => {
    const { deployment, setup, timeParts } = summarize(ledgerOf(goodRun()));
    expect(deployment).toMatchObject({ count: 6, max: 600 });
    expect(setup).toMatchObject({ count: 6, max: 300 });
    expect(timeParts['device-esp']).toEqual({ person: 0, service: 5.4, install: 1200, restart: 0, poll: 30 });
  });

  it('groups steps, exchanges, bytes and retries by their labels', () => {
    const summary = summarize(
      ledgerOf([
        { kind: 'start', atMs: SAMPLE_START_MS },
        wholeShard(0, undefined, {
          histograms: [
            { metric: 'flotilla_step_duration_seconds', labels: ['sign-in', 'succeeded'], delta: observations(30, 40) },
            { metric: 'flotilla_step_duration_seconds', labels: ['sign-in', 'failed'], delta: observations(5) },
            { metric: 'flotilla_step_service_seconds', labels: ['sign-in'], delta: observations(0.5) },
            {
              metric: 'flotilla_exchange_duration_seconds',
              labels: ['login', 'token', '200'],
              delta: observations(0.25, 0.5),
            },
            { metric: 'flotilla_exchange_duration_seconds', labels: ['login', 'token', '503'], delta: observations(1) },
          ],
          counters: [
            { metric: 'flotilla_bytes_total', labels: ['login', 'sent'], value: 900 },
            { metric: 'flotilla_bytes_total', labels: ['login', 'received'], value: 4_000 },
            { metric: 'flotilla_retries_total', labels: ['login', 'server-error'], value: 1 },
            { metric: 'flotilla_retries_total', labels: ['join', 'server-error'], value: 2 },
          ],
        }),
        wholeShard(1),
      ]),
    );
    expect(summary.steps['sign-in']).toMatchObject({
      count: 3,
      max: 40,
      outcomes: { succeeded: 2, failed: 1, abandoned: 0 },
      service: { count: 1, max: 0.5 },
    });
    expect(Object.keys(summary.steps)).toEqual(['sign-in']);
    expect(summary.exchanges['login']?.['token']).toMatchObject({ count: 3, max: 1, statuses: { '200': 2, '503': 1 } });
    expect(summary.exchangesByService).toEqual({ login: 3 });
    expect(summary.bytes['login']).toEqual({ sent: 900, received: 4_000 });
    expect(summary.retries).toEqual({ throttled: 0, 'server-error': 3, transport: 0, timeout: 0 });
  });

  it('draws a timeline whose points add up to the books', () => {
    const { timeline } = summarize(ledgerOf(goodRun()));
    expect(timeline.intervalSeconds).toBe(1);
    expect(timeline.points).toHaveLength(21);
    expect(timeline.points[0]).toEqual({
      atSeconds: 0,
      planned: 6,
      started: 6,
      atDesktop: 0,
      failed: 0,
      abandoned: 0,
      inFlight: 6,
    });
    expect(timeline.points.at(-1)).toMatchObject({ atSeconds: 20, atDesktop: 6, inFlight: 0 });
  });

  it('says what the generator used', () => {
    const cpu = (thread: string, value: number) =>
      ({ metric: 'flotilla_generator_cpu_seconds_total', labels: [thread], value }) as const;
    const ledger = ledgerOf([
      { kind: 'start', atMs: SAMPLE_START_MS },
      wholeShard(0, undefined, { counters: [cpu('0', 0.3), cpu('orchestrator', 5)] }),
      wholeShard(1, undefined, { counters: [cpu('1', 0.6)] }),
    ]);
    expect(summarize(ledger).generator).toMatchObject({
      threads: 2,
      cores: 2,
      agentCpuSeconds: 0.9,
      agentCpuSecondsPerDevice: 0.15,
      orchestratorCpuSeconds: 5,
      latenessMaxSeconds: 0.001,
      dropped: 0,
    });
  });

  it('has every member in its documentation', () => {
    const text = readFileSync(path.join(import.meta.dirname, '../docs/summary.md'), 'utf8');
    const summary = summarize(ledgerOf(goodRun()));
    const members = [...Object.keys(summary), ...Object.keys(summary.generator), ...Object.keys(summary.deployment)];
    expect(members.filter((member) => !new RegExp(`[\\x60 ]${member}[\\x60,]| ${member} }`).test(text))).toEqual([]);
  });

  it('is plain JSON', () => {
    const summary = summarize(ledgerOf(goodRun()));
    expect(JSON.parse(JSON.stringify(summary))).toEqual(summary);
  });
});
