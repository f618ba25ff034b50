import { describe, expect, it } from 'vitest';
import { FAILURES } from '../catalog/failures.ts';
import { RETRY_CAUSES, SERVICE_NAMES } from '../catalog/services.ts';
import { labelsFit, METRIC_NAMES, metricDefinition, METRICS, zeroSeries } from './metrics.ts';
import type { MetricDefinition } from './metrics.ts';

describe('METRICS', () => {
  it.each(METRIC_NAMES)('%s has a name, type and buckets that belong together', (name) => {
    const { type, help, buckets = [] }: MetricDefinition = METRICS[name];
    expect(name).toMatch(/^flotilla_[a-z]+(_[a-z]+)*$/);
    expect(name.endsWith('_total')).toBe(type === 'counter');
    expect(help).toMatch(/^[A-Z].*\.$/s);
    expect(buckets.length > 0).toBe(type === 'histogram');
    expect(buckets.toSorted((a, b) => a - b)).toEqual([...buckets]);
  });

  it('knows no name from elsewhere', () => {
    expect(metricDefinition('constructor')).toBeUndefined();
    expect(metricDefinition('flotilla_bytes_total')?.type).toBe('counter');
  });
});

describe('zeroSeries', () => {
  it('starts closed sets at zero', () => {
    expect(zeroSeries('flotilla_retries_total')).toHaveLength(SERVICE_NAMES.length * RETRY_CAUSES.length);
    expect(zeroSeries('flotilla_management_messages_total')).toEqual([[]]);
  });

  it('starts failures with the pairs of step and code that the catalogue names', () => {
    const pairs = zeroSeries('flotilla_step_failures_total');
    expect(pairs).toContainEqual(['profile-download', '807']);
    expect(pairs).toHaveLength(Object.values(FAILURES).reduce((sum, { steps }) => sum + steps.length, 0));
  });

  it('leaves out what the plan decides, and what is no counter', () => {
    expect(zeroSeries('flotilla_mdm_enrollments_total')).toEqual([]);
    expect(zeroSeries('flotilla_exchange_duration_seconds')).toEqual([]);
  });

  it('has only labels that fit', () => {
    for (const name of METRIC_NAMES) {
      for (const labels of zeroSeries(name)) expect(labelsFit(METRICS[name], labels)).toBe(true);
    }
  });
});

describe('labelsFit', () => {
  it('takes values of the closed sets alone, in number and order', () => {
    const bytes = METRICS.flotilla_bytes_total;
    expect(labelsFit(bytes, ['login', 'sent'])).toBe(true);
    expect(labelsFit(bytes, ['sent', 'login'])).toBe(false);
    expect(labelsFit(bytes, ['login'])).toBe(false);
    expect(labelsFit(bytes, ['https://login.example', 'sent'])).toBe(false);
  });

  it('tells an HTTP status from a SyncML one', () => {
    expect(labelsFit(METRICS.flotilla_management_status_total, ['418'])).toBe(true);
    expect(labelsFit(METRICS.flotilla_exchange_duration_seconds, ['login', 'token', '418'])).toBe(false);
  });
});
