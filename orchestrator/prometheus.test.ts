import { describe, expect, it } from 'vitest';
import { METRIC_NAMES } from '../telemetry/metrics.ts';
import { derivedSeries, plannedBy } from './derived-series.ts';
import { metricsRegistry } from './prometheus.ts';
import { goodRun, ledgerOf, observations, SAMPLE_START_MS, samplePlan, wholeShard } from './fixtures/run.ts';

function exposition(entries = goodRun(), elapsedMs = 250): Promise<string> {
  const { totals } = ledgerOf(entries);
  const registry = metricsRegistry(
    () => totals,
    (metric) => derivedSeries(metric, totals, samplePlan(), elapsedMs),
  );
  return registry.metrics();
}

describe('the endpoint', () => {
  it('has every metric of the catalogue', async () => {
    const text = await exposition();
    for (const name of METRIC_NAMES) expect(text).toContain(`# TYPE ${name} `);
  });

  it('has devices by state and cohort, what the plan has started by now, and the thresholds', async () => {
    const lines = (await exposition()).split('\n');
    const cohort = 'cohort="office",site="main",variant="entra-join"';
    expect(lines).toContain(`flotilla_devices_total{state="succeeded",${cohort}} 6`);
    expect(lines).toContain(`flotilla_devices_total{state="not-started",${cohort}} 0`);
    expect(lines).toContain('flotilla_arrivals_planned_total 3');
    expect(lines).toContain('flotilla_threshold_ok{threshold="no device failed or was abandoned"} 1');
    expect(lines).toContain(`flotilla_mdm_enrollments_total{${cohort}} 6`);
    expect(lines).toContain('flotilla_step_failures_total{step="profile-download",code="807"} 0');
  });

  it('has histograms with the buckets of the catalogue, cumulative', async () => {
    const exchanges = wholeShard(0, undefined, {
      histograms: [
        {
          metric: 'flotilla_exchange_duration_seconds',
          labels: ['login', 'token', '200'],
          delta: observations(0.004, 0.02, 70),
        },
      ],
    });
    const text = await exposition([{ kind: 'start', atMs: SAMPLE_START_MS }, exchanges, wholeShard(1)]);
    const lines = text.split('\n').filter((line) => line.startsWith('flotilla_exchange_duration_seconds_'));
    const labels = 'service="login",operation="token",status="200"';
    expect(lines).toContain(`flotilla_exchange_duration_seconds_bucket{${labels},le="0.0025"} 0`);
    expect(lines).toContain(`flotilla_exchange_duration_seconds_bucket{${labels},le="0.005"} 1`);
    expect(lines).toContain(`flotilla_exchange_duration_seconds_bucket{${labels},le="60"} 2`);
    expect(lines).toContain(`flotilla_exchange_duration_seconds_bucket{${labels},le="+Inf"} 3`);
    expect(lines).toContain(`flotilla_exchange_duration_seconds_count{${labels}} 3`);
    expect(lines.find((line) => line.includes('_sum'))).toMatch(/ 70\.024/);
  });
});

describe('plannedBy', () => {
  it('counts the devices whose time has come', () => {
    const offsets = Float64Array.of(0, 0, 100, 200);
    expect([-1, 0, 99, 100, 5_000].map((ms) => plannedBy(offsets, ms))).toEqual([0, 2, 2, 3, 4]);
  });
});
