// What the generator used, and how well it held its own schedule: part of the summary, and what the verdict judges.
import type { RunLedger } from './ledger.ts';
import { quantilesOf, rounded } from './quantiles.ts';
import type { GeneratorHealth } from './verdict.ts';

export interface GeneratorSummary {
  readonly threads: number;
  readonly cores: number;
  /** Of the whole process since the start barrier: orchestrator, workers, and the engine's helper threads. */
  readonly cpuSeconds: number;
  /** Of the worker threads, registration included; and divided by the devices that started. */
  readonly agentCpuSeconds: number;
  readonly agentCpuSecondsPerDevice: number;
  readonly orchestratorCpuSeconds: number;
  /** Of the embedded backend since it began; 0 without one. */
  readonly backendCpuSeconds: number;
  readonly gcSeconds: number;
  readonly residentPeakBytes: number;
  readonly backendResidentPeakBytes: number;
  readonly latenessP99Seconds: number;
  readonly latenessMaxSeconds: number;
  /** Over the worker threads. */
  readonly eventLoopDelayP99Seconds: number;
  readonly eventLoopDelayMaxSeconds: number;
  /** Observations dropped because a bound was reached. */
  readonly dropped: number;
}

export const ORCHESTRATOR_THREAD = 'orchestrator';

export function generatorOf(ledger: RunLedger, durationSeconds: number): GeneratorSummary {
  const { header, totals } = ledger;
  const health = healthOf(ledger, durationSeconds);
  const { started } = totals.books.counts();
  const agentCpuSeconds = agentCpu(ledger);
  const sum = (metric: 'flotilla_generator_gc_seconds_total' | 'flotilla_generator_dropped_total'): number =>
    totals.counters(metric).reduce((total, { value }) => total + value, 0);
  return {
    threads: header.shards,
    cores: header.cores,
    cpuSeconds: rounded(totals.counter('flotilla_generator_process_cpu_seconds_total', [])),
    agentCpuSeconds: rounded(agentCpuSeconds),
    agentCpuSecondsPerDevice: rounded(started === 0 ? 0 : agentCpuSeconds / started),
    orchestratorCpuSeconds: rounded(totals.counter('flotilla_generator_cpu_seconds_total', [ORCHESTRATOR_THREAD])),
    backendCpuSeconds: rounded(totals.counter('flotilla_generator_backend_cpu_seconds_total', [])),
    gcSeconds: rounded(sum('flotilla_generator_gc_seconds_total')),
    residentPeakBytes: ledger.residentPeakBytes,
    backendResidentPeakBytes: ledger.backendResidentPeakBytes,
    latenessP99Seconds: rounded(health.latenessP99Seconds),
    latenessMaxSeconds: quantilesOf(totals.histogram('flotilla_arrival_lateness_seconds')).max,
    eventLoopDelayP99Seconds: rounded(health.eventLoopDelayP99Seconds),
    eventLoopDelayMaxSeconds: rounded(workerDelay(ledger).max),
    dropped: sum('flotilla_generator_dropped_total'),
  };
}

export function healthOf(ledger: RunLedger, durationSeconds: number): GeneratorHealth {
  const { totals } = ledger;
  const perSecond = (cpuSeconds: number): number => (durationSeconds > 0 ? cpuSeconds / durationSeconds : 0);
  return {
    latenessP99Seconds: totals.histogram('flotilla_arrival_lateness_seconds').quantile(0.99),
    eventLoopDelayP99Seconds: workerDelay(ledger).quantile(0.99),
    agentCores: perSecond(agentCpu(ledger)),
    backendCores: perSecond(totals.counter('flotilla_generator_backend_cpu_seconds_total', [])),
    cores: ledger.header.cores,
  };
}

function agentCpu({ totals }: RunLedger): number {
  return totals
    .counters('flotilla_generator_cpu_seconds_total')
    .filter(({ labels }) => labels[0] !== ORCHESTRATOR_THREAD)
    .reduce((total, { value }) => total + value, 0);
}

/** The orchestrator's own delay holds up acknowledgements, not devices. */
function workerDelay({ totals }: RunLedger) {
  return totals.histogram('flotilla_generator_event_loop_delay_seconds', ([thread]) => thread !== ORCHESTRATOR_THREAD);
}
