// Panels about Flotilla itself: whether the generator kept up, so that the other panels can be believed.
import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import type { Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import { level, quantile, rate, total } from './expressions.ts';
import { stat, timeSeries } from './panels.ts';

export const GENERATOR_PANELS: readonly Builder<Panel>[] = [
  timeSeries(
    {
      title: 'Launch lateness',
      description:
        'How long after its intended start a device was started. Latencies include it; past its bound the run is invalid.',
      unit: 's',
    },
    [
      ['p50', quantile(0.5, 'flotilla_arrival_lateness_seconds')],
      ['p99', quantile(0.99, 'flotilla_arrival_lateness_seconds')],
    ],
  ),
  timeSeries(
    { title: 'Event-loop delay p99', description: 'How late timers fire in each thread of the generator.', unit: 's' },
    [['{{thread}}', quantile(0.99, 'flotilla_generator_event_loop_delay_seconds', { by: ['thread'] })]],
  ),
  timeSeries(
    {
      title: 'CPU',
      description:
        'Cores in use: threads of the generator, its whole process, and the embedded backend on the same machine.',
    },
    [
      ['thread {{thread}}', rate('flotilla_generator_cpu_seconds_total', { by: ['thread'] })],
      ['generator', rate('flotilla_generator_process_cpu_seconds_total')],
      ['embedded backend', rate('flotilla_generator_backend_cpu_seconds_total')],
    ],
  ),
  timeSeries(
    {
      title: 'Garbage collection',
      description: 'Share of its time for which a thread of the generator stood still.',
      unit: 'percentunit',
    },
    [['{{thread}}', rate('flotilla_generator_gc_seconds_total', { by: ['thread'] })]],
  ),
  timeSeries(
    { title: 'Resident memory', description: 'Of the generator and of the embedded backend.', unit: 'bytes' },
    [
      ['generator', level('flotilla_generator_resident_memory_bytes')],
      ['embedded backend', level('flotilla_generator_backend_resident_memory_bytes')],
    ],
  ),
  stat(
    {
      title: 'Observations dropped',
      description: 'Because a bound was reached. Anything but zero means that totals are too low.',
      alarmFrom: 1,
    },
    [['dropped', total('flotilla_generator_dropped_total')]],
  ),
];
