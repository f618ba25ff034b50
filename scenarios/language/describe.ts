// A plan in words and a small picture: what `flotilla plan` prints, and what stands as a golden beside each scenario of the
// library. The same plan always gives the same text; nothing of the machine is in it.
import type { FaultConfig } from '../../catalog/faults.ts';
import { SERVICE_NAMES } from '../../catalog/services.ts';
import { VARIANTS } from '../../catalog/variants.ts';
import { formatBytes, formatDuration } from '../../kernel/units.ts';
import { forecastPlan, type Forecast } from './forecast.ts';
import { needsOf } from './machine.ts';
import { EMBEDDED, type CohortPlan, type Plan } from './plan.ts';
import type { Weighted } from '../../kernel/weighted.ts';

export function describePlan(plan: Plan, forecast: Forecast = forecastPlan(plan)): string {
  return [
    headOf(plan),
    cohortsOf(plan),
    courseOf(plan, forecast),
    requestsOf(plan, forecast),
    needsText(plan, forecast),
  ]
    .map((lines) => lines.join('\n'))
    .join('\n\n')
    .concat('\n');
}

function headOf(plan: Plan): string[] {
  const elsewhere = SERVICE_NAMES.filter((service) => plan.target[service] !== EMBEDDED);
  return [
    plan.description === '' ? plan.name : `${plan.name}: ${plan.description}`,
    ...table([
      ['Seed', plan.seed],
      ['Speed', plan.speed === 1 ? '1 (waits take as long as they do)' : `${plan.speed} (simulated waits only)`],
      ['Tenant', `${plan.tenant.displayName}, ${plan.tenant.domain}`],
      ['Target', elsewhere.length === 0 ? 'the embedded tenant' : 'the embedded tenant, except'],
      ...elsewhere.map((service) => ['', `${service} at ${plan.target[service]}`]),
      ...plan.tenant.faults.map((fault, at) => [at === 0 ? 'Faults' : '', faultOf(fault)]),
      ...(plan.validation === null ? [] : [['Checks', `the validation list \`${plan.validation}\``]]),
      ...(plan.keys === 'real' ? [['Keys', 'generated for each device (slow)']] : []),
    ]),
  ];
}

function faultOf({ fault, rate, cohort, service, fromMs, untilMs }: FaultConfig): string {
  const where = service === null ? '' : ` of ${service}`;
  const whom = cohort === null ? (rate < 1 ? ' of devices' : '') : ` of ${cohort}`;
  const from = fromMs > 0 ? ` from ${formatDuration(fromMs)}` : '';
  const until = untilMs === null ? '' : ` until ${formatDuration(untilMs)}`;
  return `${fault}${where}${rate < 1 || whom !== '' ? `, ${percent(rate)}${whom}` : ''}${from}${until}`;
}

function cohortsOf(plan: Plan): string[] {
  const rows = plan.cohorts.map((cohort) => [
    cohort.name,
    String(cohort.count),
    VARIANTS[cohort.variant].title,
    `at ${cohort.site}`,
    [mixText(cohort.networks), faultText(cohort)].join(''),
    mixText(cohort.models),
  ]);
  return [`${plan.devices} devices`, ...table(rows)];
}

function mixText(mix: readonly Weighted<string>[]): string {
  const total = mix.reduce((sum, item) => sum + item.share, 0);
  if (mix.length === 1) return mix[0]!.value;
  return mix.map(({ value, share }) => `${Math.round((share / total) * 100)}% ${value}`).join(', ');
}

function faultText({ linkFaults }: CohortPlan): string {
  const faults = Object.entries(linkFaults).filter(([, probability]) => probability > 0);
  return faults.map(([name, probability]) => ` (${name} ${percent(probability)})`).join('');
}

function percent(share: number): string {
  return `${Number((share * 100).toPrecision(3))}%`;
}

/** Columns of the two pictures. */
const COLUMNS = 48;

function courseOf(plan: Plan, forecast: Forecast): string[] {
  const { startsMs, endsMs } = forecast;
  const lastStartMs = startsMs.at(-1)!;
  const endMs = Math.max(1, endsMs.at(-1)!);
  const columnMs = endMs / COLUMNS;
  const started = countByColumn(startsMs, columnMs);
  const ended = countByColumn(endsMs, columnMs);
  let inFlight = 0;
  const inFlightBy = started.map((count, column) => {
    inFlight += count;
    const here = Math.min(inFlight, plan.inFlightMax);
    inFlight -= ended[column]!;
    return here;
  });
  const rate = plan.arrivals.kind === 'at-once' ? '' : `, ${plan.arrivals.ratePerSecond}/s`;
  const busiest = Math.max(...started) / (columnMs / 1000);
  const rows = [
    ['Arrivals', `${plan.arrivals.kind}${rate}; the last device is switched on after ${formatDuration(lastStartMs)}`],
    ['', `${picture(started)}  up to ${round(busiest)} a second`],
    ['In flight', `${picture(inFlightBy)}  up to ${forecast.peakInFlight} at once`],
    [
      'To desktop',
      `median ${formatDuration(forecast.deploymentMedianMs)}, p95 ${formatDuration(forecast.deploymentP95Ms)} of device time`,
    ],
    ['The run', `about ${formatDuration(endMs)}, ${round(plan.devices / (endMs / 1000))} devices a second`],
  ];
  if (plan.thresholds.length > 0) rows.push(['Passes if', plan.thresholds.map(({ text }) => text).join(', ')]);
  return ['Course (estimated)', ...table(rows)];
}

function countByColumn(timesMs: Float64Array, columnMs: number): number[] {
  const counts = Array.from({ length: COLUMNS }, () => 0);
  for (const timeMs of timesMs) counts[Math.min(COLUMNS - 1, Math.floor(timeMs / columnMs))]!++;
  return counts;
}

const LEVELS = ' ▁▂▃▄▅▆▇█';

/** One character for each value: nothing is blank, the largest is a full block. */
function picture(values: readonly number[]): string {
  const largest = Math.max(...values, 1);
  return values.map((value) => LEVELS[Math.ceil((value / largest) * (LEVELS.length - 1))]).join('');
}

function requestsOf(plan: Plan, forecast: Forecast): string[] {
  const used = SERVICE_NAMES.filter((service) => forecast.requests[service] > 0);
  const total = used.reduce((sum, service) => sum + forecast.requests[service], 0);
  const perDevice = (count: number): string => `${round(count / plan.devices)} a device`;
  return [
    'Load (estimated)',
    ...table([
      ...used.map((service) => [
        service,
        `${forecast.requests[service]} requests`,
        perDevice(forecast.requests[service]),
      ]),
      ['together', `${total} requests`, perDevice(total)],
      [
        'sessions',
        `${round(forecast.sessionsPerDevice)} a device`,
        `${round(forecast.messagesPerDevice)} messages a device`,
      ],
      ['content', formatBytes(forecast.contentBytes), `${formatBytes(forecast.contentBytes / plan.devices)} a device`],
    ]),
  ];
}

function needsText(plan: Plan, forecast: Forecast): string[] {
  const needs = needsOf(plan, forecast);
  return [
    'The machine must have (estimated)',
    ...table([
      ['memory', formatBytes(needs.memoryBytes)],
      ['open files', `${needs.openFiles} in a process`],
      ['local ports', String(needs.ports)],
    ]),
  ];
}

function round(value: number): string {
  return value >= 10 ? String(Math.round(value)) : value.toFixed(1).replace(/\.0$/, '');
}

/** Rows as indented columns, each as wide as its widest cell; the last is ragged. */
function table(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [column, cell] of row.entries()) widths[column] = Math.max(widths[column] ?? 0, cell.length);
  }
  return rows.map((row) => `  ${row.map((cell, column) => cell.padEnd(widths[column]!)).join('  ')}`.trimEnd());
}
