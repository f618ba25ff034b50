import { describe, expect, it } from 'vitest';
import {
  frameEntry,
  goodRun,
  ledgerOf,
  observations,
  SAMPLE_START_MS,
  samplePlan,
  wholeShard,
} from './fixtures/run.ts';
import type { JournalEntry } from './journal-entries.ts';
import type { ThresholdPlan } from '../scenarios/language/plan.ts';
import { summarize } from './summary.ts';
import { exitCodeOf, saturation } from './verdict.ts';
import type { GeneratorHealth, Verdict } from './verdict.ts';

const START: JournalEntry = { kind: 'start', atMs: SAMPLE_START_MS };
const failedDevice = { outcome: 'failed', code: '807', step: 'profile-download', deploymentMs: null } as const;

function verdictOf(entries: readonly JournalEntry[], thresholds: readonly ThresholdPlan[] = []): Verdict {
  return summarize(ledgerOf(entries, samplePlan({ thresholds }))).verdict;
}

describe('the verdict', () => {
  it('passes a run in which all went well', () => {
    const verdict = verdictOf(goodRun());
    expect(verdict).toEqual({ result: 'passed', reasons: [] });
    expect(exitCodeOf(verdict)).toBe(0);
  });

  it('fails a run without thresholds when a device failed', () => {
    const verdict = verdictOf([START, wholeShard(0, (index) => (index === 2 ? failedDevice : {})), wholeShard(1)]);
    expect(verdict).toEqual({
      result: 'failed',
      reasons: ['Threshold not met: no device failed or was abandoned (measured 1).'],
    });
    expect(exitCodeOf(verdict)).toBe(3);
  });

  it('holds a run against its own thresholds alone', () => {
    const entries = [START, wholeShard(0, (index) => (index === 2 ? failedDevice : {})), wholeShard(1)];
    const lenient: ThresholdPlan = { text: 'failed < 20%', measure: { of: 'failed-share' }, below: 0.2 };
    const strict: ThresholdPlan = { text: 'failed < 10%', measure: { of: 'failed-share' }, below: 0.1 };
    expect(verdictOf(entries, [lenient]).result).toBe('passed');
    expect(verdictOf(entries, [lenient, strict]).reasons).toEqual([
      'Threshold not met: failed < 10% (measured 16.67%).',
    ]);
  });

  it('measures durations in device time', () => {
    const text = 'deployment p95 < 10 min';
    const threshold = (below: number): ThresholdPlan => ({
      text,
      measure: { of: 'deployment', quantile: 0.95 },
      below,
    });
    expect(verdictOf(goodRun(), [threshold(600_001)]).result).toBe('passed');
    expect(verdictOf(goodRun(), [threshold(600_000)]).reasons).toEqual([
      'Threshold not met: deployment p95 < 10 min (measured 10 min 00 s).',
    ]);
  });

  it('fails a threshold for which nothing was measured', () => {
    const threshold: ThresholdPlan = {
      text: 'setup p99 < 1 h',
      measure: { of: 'setup', quantile: 0.99 },
      below: 3_600_000,
    };
    const nobody = [0, 1].map((shard) => wholeShard(shard, () => ({ ...failedDevice, setupMs: null })));
    expect(verdictOf([START, ...nobody], [threshold]).reasons).toEqual([
      'Threshold not met: setup p99 < 1 h (nothing was measured).',
    ]);
  });

  it('does not take a run whose books do not balance', () => {
    const verdict = verdictOf([START, wholeShard(0)]);
    expect(verdict).toEqual({
      result: 'invalid',
      reasons: ['The books do not balance: planned 6 is not started 3 + not started 0.'],
    });
    expect(exitCodeOf(verdict)).toBe(4);
  });

  it('does not take a run whose worker or backend died, and says both', () => {
    const verdict = verdictOf([
      START,
      wholeShard(1),
      { kind: 'backend-died', atMs: SAMPLE_START_MS + 50, message: 'signal SIGKILL' },
      { kind: 'shard-died', atMs: SAMPLE_START_MS + 250, shard: 0, message: 'heap' },
    ]);
    expect(verdict.result).toBe('invalid');
    expect(verdict.reasons).toEqual([
      'The embedded backend died: signal SIGKILL.',
      'Worker 0 died: heap.',
      'Threshold not met: no device failed or was abandoned (measured 2).',
    ]);
  });

  it('puts interruption before everything else', () => {
    const verdict = verdictOf([START, wholeShard(0), { kind: 'interrupted', atMs: SAMPLE_START_MS + 700 }]);
    expect(verdict.result).toBe('interrupted');
    expect(verdict.reasons[0]).toBe('The run was interrupted.');
    expect(exitCodeOf(verdict)).toBe(130);
  });

  it('does not take a run whose generator lagged', () => {
    const late = frameEntry({
      sequence: 2,
      histograms: [
        { metric: 'flotilla_arrival_lateness_seconds', labels: [], delta: observations(...Array(50).fill(0.9)) },
      ],
    });
    const { result, reasons } = verdictOf([...goodRun(), late]);
    expect(result).toBe('invalid');
    expect(reasons[0]).toMatch(/^Generator saturated: launch lateness p99 is 900 ms \(bound 250 ms\); agents used /);
  });
});

describe('saturation', () => {
  const health = (changes: Partial<GeneratorHealth>): GeneratorHealth => ({
    latenessP99Seconds: 0.01,
    eventLoopDelayP99Seconds: 0.01,
    agentCores: 1,
    backendCores: 0.9,
    cores: 2,
    ...changes,
  });

  it('is no matter while the generator keeps its bounds, however busy the machine is', () => {
    expect(saturation(health({}))).toEqual([]);
  });

  it.each([
    ['the agents', { agentCores: 1.2, backendCores: 0.6 }, 'mostly the agents'],
    ['the embedded backend', { agentCores: 0.6, backendCores: 1.2 }, 'mostly the backend'],
    ['somebody else', { agentCores: 0.2, backendCores: 0.1 }, 'something else on the machine'],
  ])('says when %s used the processors', (_who, cores, words) => {
    expect(saturation(health({ ...cores, eventLoopDelayP99Seconds: 0.5 }))[0]).toContain(words);
  });
});
