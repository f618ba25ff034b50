// Metrics of the generator itself: whether the numbers are the target's or our own.
import { LATENESS_BUCKETS, type MetricDefinition } from './metric-definition.ts';

export const GENERATOR_METRICS = {
  flotilla_generator_cpu_seconds_total: {
    type: 'counter',
    writer: 'shard',
    help: 'CPU time of the generator by thread: a shard by its number, or the orchestrator.',
    labels: ['thread'],
  },
  flotilla_generator_event_loop_delay_seconds: {
    type: 'histogram',
    writer: 'shard',
    help: 'How late timers fire in a thread of the generator.',
    labels: ['thread'],
    buckets: LATENESS_BUCKETS,
  },
  flotilla_generator_gc_seconds_total: {
    type: 'counter',
    writer: 'shard',
    help: 'Time that garbage collection has stopped a thread of the generator.',
    labels: ['thread'],
  },
  flotilla_generator_process_cpu_seconds_total: {
    type: 'counter',
    writer: 'shard',
    help: 'CPU time of the whole generator process, with the helper threads of the JavaScript engine.',
    labels: [],
  },
  flotilla_generator_resident_memory_bytes: {
    type: 'gauge',
    writer: 'shard',
    help: 'Resident memory of the generator process (orchestrator and workers).',
    labels: [],
  },
  flotilla_generator_backend_cpu_seconds_total: {
    type: 'counter',
    writer: 'shard',
    help: 'CPU time of the embedded backend on the same machine.',
    labels: [],
  },
  flotilla_generator_backend_resident_memory_bytes: {
    type: 'gauge',
    writer: 'shard',
    help: 'Resident memory of the embedded backend.',
    labels: [],
  },
  flotilla_generator_dropped_total: {
    type: 'counter',
    writer: 'shard',
    help: 'Observations dropped because a bound was reached (series of one metric, device numbers unknown to the plan).',
    labels: [],
  },
} as const satisfies Record<string, MetricDefinition>;
