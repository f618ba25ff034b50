// The catalogue of metrics: what exists, what it means, who writes it, and its labels. Agents, orchestrator, endpoint,
// dashboards and tests all read this one table. Names are Prometheus names (seconds, bytes, `_total`).
import { FAILURE_CODES, FAILURES } from '../catalog/failures.ts';
import type { StepName } from '../catalog/steps.ts';
import { GENERATOR_METRICS } from './generator-metrics.ts';
import { LABEL_VALUES, MANAGEMENT_STATUSES } from './labels.ts';
import type { LabelName } from './labels.ts';
import { COHORT, DEVICE_TIME_BUCKETS, EXCHANGE_BUCKETS, LATENESS_BUCKETS } from './metric-definition.ts';
import type { MetricDefinition } from './metric-definition.ts';

export type { MetricDefinition };

export const METRICS = {
  flotilla_arrivals_planned_total: {
    type: 'counter',
    writer: 'orchestrator',
    help: 'Devices that the plan has switched on by now.',
    labels: [],
  },
  flotilla_devices_total: {
    type: 'counter',
    writer: 'orchestrator',
    help: 'Devices that have come to a state: started, then succeeded, failed or abandoned; or never started.',
    labels: ['state', ...COHORT],
  },
  flotilla_devices_in_flight: {
    type: 'gauge',
    writer: 'shard',
    help: 'Devices that are in a step now.',
    labels: ['step'],
  },
  flotilla_deployment_duration_seconds: {
    type: 'histogram',
    writer: 'orchestrator',
    help: 'Device time from the intended power-on to the usable desktop, of devices that got there.',
    labels: COHORT,
    buckets: DEVICE_TIME_BUCKETS,
  },
  flotilla_setup_duration_seconds: {
    type: 'histogram',
    writer: 'orchestrator',
    help: 'Device time from the start of MDM enrollment to the end of account setup.',
    labels: COHORT,
    buckets: DEVICE_TIME_BUCKETS,
  },
  flotilla_mdm_enrollments_total: {
    type: 'counter',
    writer: 'shard',
    help: 'Certificates that the MDM has issued to devices.',
    labels: COHORT,
  },
  flotilla_step_duration_seconds: {
    type: 'histogram',
    writer: 'shard',
    help: 'Device time of a step: person, service, install, restart and poll wait together.',
    labels: ['step', 'outcome'],
    buckets: DEVICE_TIME_BUCKETS,
  },
  flotilla_step_service_seconds: {
    type: 'histogram',
    writer: 'shard',
    help: 'Real time of a step that went to network and backend.',
    labels: ['step'],
    buckets: EXCHANGE_BUCKETS,
  },
  flotilla_step_failures_total: {
    type: 'counter',
    writer: 'shard',
    help: 'Steps that failed, by failure code (`flotilla explain CODE`); one that is not polling has ended its device.',
    labels: ['step', 'code'],
  },
  flotilla_step_soft_failures_total: {
    type: 'counter',
    writer: 'shard',
    help: 'Failures after which the device went on: a page continued anyway, a failed app that nothing waited for.',
    labels: ['step', 'code'],
  },
  flotilla_step_part_seconds_total: {
    type: 'counter',
    writer: 'shard',
    help: 'Where the device time of finished steps went: person, service (network and backend), install, restart, poll wait.',
    labels: ['step', 'part'],
  },
  flotilla_restarts_total: {
    type: 'counter',
    writer: 'shard',
    help: 'Restarts of devices, by the step in which they came.',
    labels: ['step'],
  },
  flotilla_app_installs_total: {
    type: 'counter',
    writer: 'shard',
    help: 'Apps that devices are done with, by how it ended.',
    labels: ['app', 'result'],
  },
  flotilla_app_duration_seconds: {
    type: 'histogram',
    writer: 'shard',
    help: 'Device time of one app, from the start of its download to the end of its last attempt.',
    labels: ['app'],
    buckets: DEVICE_TIME_BUCKETS,
  },
  flotilla_esp_blocking_apps_seconds: {
    type: 'histogram',
    writer: 'shard',
    help: 'Critical path of a phase of the status page: device time in which at least one blocking app was in work.',
    labels: ['step'],
    buckets: DEVICE_TIME_BUCKETS,
  },
  flotilla_content_bytes_total: {
    type: 'counter',
    writer: 'shard',
    help: 'Content of apps and updates that devices of a site have downloaded.',
    labels: ['site'],
  },
  flotilla_exchange_duration_seconds: {
    type: 'histogram',
    writer: 'shard',
    help: 'One request and its reply, to the last byte; the connection is part of it where it had to be opened.',
    labels: ['service', 'operation', 'status'],
    buckets: EXCHANGE_BUCKETS,
  },
  flotilla_exchanges_in_flight: {
    type: 'gauge',
    writer: 'shard',
    help: 'Requests that wait for their reply now.',
    labels: ['service'],
  },
  flotilla_retries_total: {
    type: 'counter',
    writer: 'shard',
    help: 'Exchanges tried again, by what was wrong with the attempt before.',
    labels: ['service', 'cause'],
  },
  flotilla_connections_open: {
    type: 'gauge',
    writer: 'shard',
    help: 'Connections of devices that are open now.',
    labels: ['service'],
  },
  flotilla_tls_handshakes_total: {
    type: 'counter',
    writer: 'shard',
    help: 'TLS handshakes: full, mutual (with a client certificate), resumed, failed.',
    labels: ['service', 'kind'],
  },
  flotilla_management_sessions_total: {
    type: 'counter',
    writer: 'shard',
    help: 'OMA-DM sessions that devices have opened, by what made them do so.',
    labels: ['trigger'],
  },
  flotilla_management_messages_total: {
    type: 'counter',
    writer: 'shard',
    help: 'SyncML messages that devices have sent.',
    labels: [],
  },
  flotilla_management_status_total: {
    type: 'counter',
    writer: 'shard',
    help: 'SyncML statuses with which devices have answered commands.',
    labels: ['status'],
    values: { status: MANAGEMENT_STATUSES },
  },
  flotilla_soap_faults_total: {
    type: 'counter',
    writer: 'shard',
    help: 'SOAP faults of MDM enrollment, by subcode or error type.',
    labels: ['subcode'],
  },
  flotilla_bytes_total: {
    type: 'counter',
    writer: 'shard',
    help: 'HTTP bytes (heads and bodies) that devices have sent and received, before TLS.',
    labels: ['service', 'direction'],
  },
  flotilla_arrival_lateness_seconds: {
    type: 'histogram',
    writer: 'shard',
    help: 'How long after its intended start a device was really started: the lateness of the generator.',
    labels: [],
    buckets: LATENESS_BUCKETS,
  },
  ...GENERATOR_METRICS,
  flotilla_threshold_ok: {
    type: 'gauge',
    writer: 'orchestrator',
    help: 'Whether a threshold of the scenario holds now: 1 or 0.',
    labels: ['threshold'],
  },
} as const satisfies Record<string, MetricDefinition>;

export type MetricName = keyof typeof METRICS;
export const METRIC_NAMES = Object.keys(METRICS) as MetricName[];

type Written<Type extends MetricDefinition['type']> = {
  [Name in MetricName]: (typeof METRICS)[Name] extends { type: Type; writer: 'shard' } ? Name : never;
}[MetricName];

/** What a shard may count, gauge and observe; what the orchestrator writes is derived from the books. */
export type CounterName = Written<'counter'>;
export type GaugeName = Written<'gauge'>;
export type HistogramName = Written<'histogram'>;

/** A metric by name, without the literal types that make comparisons awkward; nothing for a name from elsewhere. */
export function metricDefinition(name: string): MetricDefinition | undefined {
  return Object.hasOwn(METRICS, name) ? METRICS[name as MetricName] : undefined;
}

/** The values that a label of a metric may take; null where the plan or the machine decides. */
export function valuesOfLabel(metric: MetricDefinition, label: LabelName): readonly string[] | null {
  return metric.values?.[label] ?? LABEL_VALUES[label];
}

/** Where the product of a counter's closed label sets is larger, only what happens gets a series. */
const ZERO_SERIES_MAX = 64;

/**
 * The label combinations of a counter that exist at zero before its first event, so that `rate()` sees the first one.
 * Failures start with the pairs that the catalogue names; a transport failure can happen anywhere and comes as it happens.
 */
export function zeroSeries(name: MetricName): readonly (readonly string[])[] {
  const definition: MetricDefinition = METRICS[name];
  if (definition.type !== 'counter') return [];
  if (name === 'flotilla_step_failures_total' || name === 'flotilla_step_soft_failures_total') {
    return FAILURE_CODES.flatMap((code) => (FAILURES[code].steps as readonly StepName[]).map((step) => [step, code]));
  }
  let combinations: string[][] = [[]];
  for (const label of definition.labels) {
    const values = valuesOfLabel(definition, label);
    if (values === null || combinations.length * values.length > ZERO_SERIES_MAX) return [];
    combinations = combinations.flatMap((head) => values.map((value) => [...head, value]));
  }
  return combinations;
}

/** Whether label values fit a metric: their number, and each in its closed set. */
export function labelsFit(definition: MetricDefinition, labels: readonly string[]): boolean {
  if (labels.length !== definition.labels.length) return false;
  return definition.labels.every((label, at) => {
    const allowed = valuesOfLabel(definition, label);
    return allowed === null ? labels[at]!.length <= LABEL_LENGTH_MAX : allowed.includes(labels[at]!);
  });
}

/** Cohort and site names come from scenarios, which allow fewer characters than this. */
const LABEL_LENGTH_MAX = 200;
