// Panels about devices: how many come through, how long they take, what ends them.
import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import type { Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import { buckets, level, quantile, rate, total } from './expressions.ts';
import { heatMap, stat, timeSeries, type Series } from './panels.ts';

/** The cohorts chosen at the top of the dashboard. */
const COHORT = { cohort: '=~"$cohort"' };

const QUANTILES = [
  ['p50', 0.5],
  ['p90', 0.9],
  ['p95', 0.95],
  ['p99', 0.99],
] as const;

function quantiles(expression: (share: number) => string): Series[] {
  return QUANTILES.map(([name, share]) => [name, expression(share)]);
}

const devices = (state: string): string =>
  total('flotilla_devices_total', { where: { state: `="${state}"`, ...COHORT } });
const devicesRate = (state: string): string =>
  rate('flotilla_devices_total', { where: { state: `="${state}"`, ...COHORT } });

export const THROUGHPUT_PANELS: readonly Builder<Panel>[] = [
  stat(
    {
      title: 'Devices',
      description: 'Where the devices of the run stand. Planned counts what the schedule has switched on by now.',
      width: 14,
    },
    [
      ['planned', total('flotilla_arrivals_planned_total')],
      ['started', devices('started')],
      ['at the desktop', devices('succeeded')],
      ['failed', devices('failed')],
      ['abandoned', devices('abandoned')],
      ['not started', devices('not-started')],
    ],
  ),
  stat(
    {
      title: 'Thresholds',
      description: 'Whether each threshold of the scenario holds now: 1 or 0. The verdict at the end is made of these.',
      alarmBelow: 1,
      width: 10,
    },
    [['{{threshold}}', 'min by (threshold) (flotilla_threshold_ok)']],
  ),
  timeSeries(
    {
      title: 'Arrivals and deployments',
      description:
        'Devices a second. Where the desktop falls behind the start for long, the backend does not hold the rate.',
      unit: 'ops',
    },
    [
      ['planned', rate('flotilla_arrivals_planned_total')],
      ['started', devicesRate('started')],
      ['at the desktop', devicesRate('succeeded')],
      ['failed', devicesRate('failed')],
    ],
  ),
  timeSeries(
    {
      title: 'In flight by step',
      description: 'Devices that are in a step now. A step that swells is where they queue.',
      stacked: true,
    },
    [['{{step}}', level('flotilla_devices_in_flight', { by: ['step'] })]],
  ),
  timeSeries(
    {
      title: 'MDM enrollments',
      description: 'Certificates that the MDM issues a second, by cohort.',
      unit: 'ops',
      stacked: true,
    },
    [['{{cohort}}', rate('flotilla_mdm_enrollments_total', { by: ['cohort'], where: COHORT })]],
  ),
];

export const LATENCY_PANELS: readonly Builder<Panel>[] = [
  timeSeries(
    {
      title: 'Deployment',
      description: 'Device time from the intended power-on to the desktop, of devices that got there.',
      unit: 's',
    },
    quantiles((share) => quantile(share, 'flotilla_deployment_duration_seconds', { where: COHORT })),
  ),
  timeSeries(
    {
      title: 'Setup',
      description:
        'Device time from the start of MDM enrollment to the end of account setup: what deployment reports count.',
      unit: 's',
    },
    quantiles((share) => quantile(share, 'flotilla_setup_duration_seconds', { where: COHORT })),
  ),
  timeSeries({ title: 'Deployment p95 by cohort', description: 'Which cohort waits longest.', unit: 's' }, [
    ['{{cohort}}', quantile(0.95, 'flotilla_deployment_duration_seconds', { by: ['cohort'], where: COHORT })],
  ]),
  heatMap(
    {
      title: 'Deployments by duration',
      description: 'Two bands mean two kinds of devices, or a backend that serves some of them late.',
    },
    buckets('flotilla_deployment_duration_seconds', { where: COHORT }),
  ),
  timeSeries(
    {
      title: 'Step p95',
      description: 'Device time of each step with all that is in it: person, service, install, restart, poll wait.',
      unit: 's',
    },
    [['{{step}}', quantile(0.95, 'flotilla_step_duration_seconds', { by: ['step'] })]],
  ),
  timeSeries(
    {
      title: 'Service time of steps, p95',
      description: 'Real time of each step that went to network and backend: the part that the backend can change.',
      unit: 's',
    },
    [['{{step}}', quantile(0.95, 'flotilla_step_service_seconds', { by: ['step'] })]],
  ),
];

export const FAILURE_PANELS: readonly Builder<Panel>[] = [
  timeSeries(
    { title: 'Share of devices that fail', description: 'Of the devices that ended meanwhile.', unit: 'percentunit' },
    [
      [
        'failed',
        `${devicesRate('failed')} / ${rate('flotilla_devices_total', { where: { state: '=~"succeeded|failed|abandoned"', ...COHORT } })}`,
      ],
    ],
  ),
  timeSeries(
    {
      title: 'Failures by step and code',
      description: 'The ten most frequent. `flotilla explain CODE` tells what a code means and what to do.',
      stacked: true,
    },
    [['{{step}} {{code}}', `topk(10, ${total('flotilla_step_failures_total', { by: ['step', 'code'] })})`]],
  ),
  timeSeries(
    {
      title: 'Retries and faults',
      description: 'Exchanges tried again by cause, and SOAP faults of MDM enrollment, a second.',
      unit: 'ops',
    },
    [
      ['retry: {{cause}}', rate('flotilla_retries_total', { by: ['cause'] })],
      ['SOAP faults', rate('flotilla_soap_faults_total')],
    ],
  ),
];
