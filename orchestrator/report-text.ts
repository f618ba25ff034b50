// What a run came to, for a person at a terminal: the verdict and why, the figures that matter, where time went, what
// failed and where to read on. Pure text from the summary.
import { FAILURES } from '../catalog/failures.ts';
import { STEPS, TIME_PARTS } from '../catalog/steps.ts';
import type { StepName, TimePart } from '../catalog/steps.ts';
import { formatBytes, formatDuration, SECOND_MS } from '../kernel/units.ts';
import type { Paint } from './paint.ts';
import type { Quantiles } from './quantiles.ts';
import type { Rate, Summary } from './summary.ts';
import type { VerdictResult } from './verdict.ts';

/** Characters of a line after its indentation: 80 columns are everywhere. */
const WIDTH = 78;
const SLOWEST_STEPS = 4;
const FAILURES_SHOWN = 8;

const PART_NAMES: Readonly<Record<TimePart, string>> = {
  person: 'people',
  service: 'services',
  install: 'installs',
  restart: 'restarts',
  poll: 'polls',
};

/** The report as lines; `files` are printed at its end. */
export function reportText(summary: Summary, files: readonly string[], paint: Paint): string[] {
  return [
    '',
    headline(summary, paint),
    ...summary.verdict.reasons.flatMap((reason) => wrap(reason, WIDTH).map((line) => `  ${paint.yellow(line)}`)),
    '',
    ...figures(summary, paint),
    ...durations(summary, paint),
    ...budget(summary, paint),
    ...validationLines(summary, paint),
    ...failures(summary, paint),
    ...softFailures(summary, paint),
    '',
    ...files.map((file) => `  ${paint.dim(file)}`),
    '',
  ];
}

function headline(summary: Summary, paint: Paint): string {
  const { result } = summary.verdict;
  const styles: Record<VerdictResult, (text: string) => string> = {
    passed: paint.green,
    failed: paint.red,
    invalid: paint.red,
    interrupted: paint.yellow,
  };
  const verdict = paint.bold(styles[result](result.toUpperCase()));
  const devices = `${summary.succeeded} of ${summary.planned} devices at the desktop`;
  return `  ${verdict}  ${devices} in ${formatDuration(summary.durationSeconds * SECOND_MS)}`;
}

function figures(summary: Summary, paint: Paint): string[] {
  const { generator } = summary;
  const rows: [string, string][] = [
    ['Devices', devicesText(summary)],
    ['In flight', `at most ${summary.inFlightPeak}`],
    ['At the desktop', rateText(summary.deploymentsPerSecond)],
    ['MDM enrollments', rateText(summary.mdmEnrollmentsPerSecond)],
  ];
  rows.push(
    [
      'Load',
      `${total(summary.exchangesByService)} exchanges, ${summary.sessionsPerDevice.toFixed(1)} sessions and ` +
        `${summary.messagesPerDevice.toFixed(1)} messages a device`,
    ],
    [
      'Generator',
      `launch lateness p99 ${seconds(generator.latenessP99Seconds)}, event-loop delay p99 ` +
        seconds(generator.eventLoopDelayP99Seconds),
    ],
    [
      '',
      `${seconds(generator.agentCpuSecondsPerDevice)} CPU a device, peak ${formatBytes(generator.residentPeakBytes)}` +
        (generator.backendCpuSeconds > 0 ? `; backend ${seconds(generator.backendCpuSeconds)} CPU` : ''),
    ],
  );
  return rows.map(([name, text]) => `  ${paint.dim(name.padEnd(16))}${text}`);
}

function devicesText({ planned, started, failed, abandoned, notStarted }: Summary): string {
  const parts = [`${planned} planned`, `${started} started`, `${failed} failed`];
  if (abandoned > 0) parts.push(`${abandoned} abandoned`);
  if (notStarted > 0) parts.push(`${notStarted} not started`);
  return parts.join(', ');
}

function rateText({ mean, best10Seconds, bestMinute }: Rate): string {
  const best = bestMinute ?? best10Seconds;
  const window = bestMinute === null ? 'best ten seconds' : 'best minute';
  return `${mean.toFixed(1)}/s${best === null ? '' : `, ${window} ${best.toFixed(1)}/s`}`;
}

/** Deployment, setup and the slowest steps, with what most of their time went to. */
function durations(summary: Summary, paint: Paint): string[] {
  const steps = (Object.entries(summary.steps) as [StepName, Quantiles][])
    .sort(([, a], [, b]) => b.p95 - a.p95)
    .slice(0, SLOWEST_STEPS)
    .map(([step, quantiles]): DurationRow => [STEPS[step].title, quantiles, mostly(summary.timeParts[step])]);
  const whole: DurationRow[] = [
    ['Deployment', summary.deployment, ''],
    ['Setup', summary.setup, ''],
  ];
  const rows = [...whole.filter(([, { count }]) => count > 0), ...steps];
  if (rows.length === 0) return [];
  const cells = (texts: readonly string[]): string => texts.map((text) => text.padStart(12)).join(' ');
  return [
    '',
    `  ${paint.bold('Device time'.padEnd(TITLE_WIDTH))}${paint.dim(cells(['p50', 'p95', 'max']))}`,
    ...rows.map(([title, { p50, p95, max }, most]) =>
      `  ${title.padEnd(TITLE_WIDTH)}${cells([p50, p95, max].map(seconds))}  ${paint.dim(most)}`.trimEnd(),
    ),
  ];
}

type DurationRow = [title: string, quantiles: Quantiles, most: string];
const TITLE_WIDTH = 23;

/** What most of a step's time went to. */
function mostly(parts: Readonly<Record<TimePart, number>> | undefined): string {
  if (parts === undefined) return '';
  const whole = TIME_PARTS.reduce((sum, part) => sum + parts[part], 0);
  if (whole === 0) return '';
  const most = TIME_PARTS.reduce((best, part) => (parts[part] > parts[best] ? part : best));
  return `${Math.round((parts[most] / whole) * 100)}% ${PART_NAMES[most]}`;
}

function failures(summary: Summary, paint: Paint): string[] {
  if (summary.failures.length === 0) return [];
  const shown = summary.failures.slice(0, FAILURES_SHOWN);
  const more = summary.failures.length - shown.length;
  const codes = shown.length === 1 ? shown[0]!.code : 'CODE';
  return [
    '',
    `  ${paint.bold('Failures')} ${paint.dim(`(flotilla explain ${codes})`)}`,
    ...causes(shown, paint.red),
    ...(more > 0 ? [`  and ${more} more kinds of failure`] : []),
  ];
}

/** Failures that ended nobody. */
function softFailures({ deviceSetup }: Summary, paint: Paint): string[] {
  const shown = deviceSetup.softFailures.slice(0, FAILURES_SHOWN);
  if (shown.length === 0) return [];
  return ['', `  ${paint.bold('Failed, and the device went on')}`, ...causes(shown, paint.yellow)];
}

/** Count, code and step, and below it the sentence. */
function causes(failed: Summary['failures'], colour: (text: string) => string): string[] {
  const digits = Math.max(...failed.map(({ count }) => String(count).length));
  const indent = ' '.repeat(digits + 5);
  return failed.flatMap(({ step, code, count }) => [
    `  ${colour(`${String(count).padStart(digits)} × ${code}`)}${step === null ? '' : `  ${STEPS[step].title}`}`,
    ...wrap(FAILURES[code].sentence, WIDTH - digits - 3).map((line) => `${indent}${line}`),
  ]);
}

/** Where the device time of finished devices went, most first, and the apps that blocked longest. */
function budget({ timeParts, deviceSetup }: Summary, paint: Paint): string[] {
  const parts = TIME_PARTS.map((part): [TimePart, number] => [
    part,
    Object.values(timeParts).reduce((sum, step) => sum + step[part], 0),
  ]);
  const whole = parts.reduce((sum, [, seconds]) => sum + seconds, 0);
  if (whole === 0) return [];
  const shares = parts
    .filter(([, part]) => part > 0)
    .sort(([, a], [, b]) => b - a)
    .map(([part, seconds]) => `${((seconds / whole) * 100).toFixed(part === 'service' ? 1 : 0)}% ${PART_NAMES[part]}`);
  const slowest = Object.entries(deviceSetup.apps)
    .sort(([, a], [, b]) => b.p95 - a.p95)
    .slice(0, SLOWEST_APPS)
    .map(([app, { p95 }]) => `${app} ${seconds(p95)}`);
  const rows = [['Time budget', shares.join(', ')]];
  if (slowest.length > 0) rows.push(['Slowest apps', `${slowest.join(', ')} (p95)`]);
  const lines = rows.flatMap(([name = '', text = '']) =>
    wrap(text, WIDTH - 16).map((line, at) => `  ${paint.dim((at === 0 ? name : '').padEnd(16))}${line}`),
  );
  return ['', ...lines];
}

const SLOWEST_APPS = 3;

/** The validation list, a line each; one that is missed says what explains it. */
function validationLines({ validation }: Summary, paint: Paint): string[] {
  if (validation === null) return [];
  const lines = validation.lines.flatMap(({ line, title, ok, failures: causes, reason }) => {
    const mark = ok ? paint.green('passed') : paint.red('missed');
    const [first, ...rest] = wrap(title, WIDTH - VALIDATION_INDENT);
    const why = causes.map(({ code, count }) => `${count} × ${code} (flotilla explain ${code})`);
    if (reason !== null) why.push(reason);
    return [
      `  ${mark}  ${String(line).padStart(2)}  ${first}`,
      ...[...rest, ...why].map((text) => `${' '.repeat(VALIDATION_INDENT)}${text}`),
    ];
  });
  return ['', `  ${paint.bold(`Validation: ${validation.list}`)}`, ...lines];
}

const VALIDATION_INDENT = 14;

/** Breaks a sentence between words. */
function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last === undefined || last.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}

function seconds(value: number): string {
  return formatDuration(value * SECOND_MS);
}

function total(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}
