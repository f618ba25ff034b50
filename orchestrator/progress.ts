// How a run looks while it is on: pure text from figures. Where it is written, and how often, is terminal.ts.
import { FAILURES } from '../catalog/failures.ts';
import { STEP_NAMES, STEPS } from '../catalog/steps.ts';
import type { StepName } from '../catalog/steps.ts';
import { SECOND_MS, formatDuration } from '../kernel/units.ts';
import type { BookCounts } from '../telemetry/device-books.ts';
import type { FailureCount, Totals } from '../telemetry/totals.ts';
import type { Paint } from './paint.ts';

export interface ProgressView {
  readonly elapsedMs: number;
  readonly counts: BookCounts;
  /** Devices in each step of the flow that anybody is in or has been in. */
  readonly inStep: readonly { readonly step: StepName; readonly devices: number }[];
  /** Devices that came to the desktop per second, over the last seconds. */
  readonly ratePerSecond: number;
  readonly leftMs: number | null;
  readonly failures: readonly FailureCount[];
  readonly interrupted: boolean;
}

const RATE_SECONDS = 10;
const FAILURES_SHOWN = 5;
const INTERRUPTED = 'Interrupted: devices in flight finish. Ctrl-C again ends now.';

export function progressView(totals: Totals, elapsedMs: number, interrupted: boolean): ProgressView {
  const counts = totals.books.counts();
  const now = Math.floor(elapsedMs / SECOND_MS);
  const from = Math.max(0, now - RATE_SECONDS);
  const { succeededBySecond } = totals;
  const ratePerSecond = now > from ? succeededBySecond.between(from, now) / (now - from) : 0;
  const leftToArriveMs = Math.max(0, (totals.shape.intendedStartMs.at(-1) ?? 0) - elapsedMs);
  // Little's law: at this rate, a device that arrives now takes inFlight / rate.
  const leftMs = ratePerSecond > 0 ? leftToArriveMs + (counts.inFlight / ratePerSecond) * SECOND_MS : null;
  const inStep = STEP_NAMES.filter((step) => step !== 'polling').map((step) => ({
    step,
    devices: totals.gauge('flotilla_devices_in_flight', [step]),
  }));
  return { elapsedMs, counts, inStep, ratePerSecond, leftMs, failures: totals.failures(), interrupted };
}

/** One line for places that are not a terminal. */
export function progressLine(view: ProgressView): string {
  const { planned, succeeded, failed, abandoned, notStarted, inFlight, started } = view.counts;
  const parts = [
    formatDuration(view.elapsedMs).padStart(7),
    `started ${started}/${planned}`,
    `at desktop ${succeeded}`,
    `in flight ${inFlight}`,
    `failed ${failed}`,
    ...(abandoned > 0 ? [`abandoned ${abandoned}`] : []),
    ...(notStarted > 0 ? [`not started ${notStarted}`] : []),
    `${view.ratePerSecond.toFixed(1)}/s`,
  ];
  return parts.join('  ');
}

/** The block that a terminal redraws: no line is wider than `columns`. */
export function progressBlock(view: ProgressView, columns: number, paint: Paint): string[] {
  const width = Math.max(40, Math.min(columns, 100)) - 4;
  const lines = [
    '',
    barLine(view, width, paint),
    '',
    ...countsLines(view, width, paint),
    '',
    ...stepLines(view, width, paint),
  ];
  if (view.failures.length > 0) lines.push('', ...failureLines(view, width, paint));
  if (view.interrupted) lines.push('', paint.yellow(cut(INTERRUPTED, width)));
  return lines.map((line) => (line === '' ? '' : `  ${line}`));
}

function barLine({ counts, elapsedMs, leftMs }: ProgressView, width: number, paint: Paint): string {
  const { planned, started, inFlight, notStarted } = counts;
  const done = started - inFlight + notStarted;
  const percent = planned === 0 ? 100 : Math.floor((done / planned) * 100);
  const left = done >= planned ? 'done' : leftMs === null ? '' : `${clock(Math.max(leftMs, SECOND_MS))} left`;
  const figures = `${String(percent).padStart(3)}%  ${clock(elapsedMs)}  ${left.padEnd(9)}`;
  const cells = width - figures.length - 2;
  const doneCells = cellsOf(done, planned, cells);
  const flightCells = Math.min(cells - doneCells, cellsOf(inFlight, planned, cells));
  const rest = cells - doneCells - flightCells;
  return (
    `${paint.green('█'.repeat(doneCells))}${paint.cyan('▓'.repeat(flightCells))}${paint.dim('░'.repeat(rest))}` +
    `  ${paint.bold(figures.slice(0, 4))}${figures.slice(4)}`.trimEnd()
  );
}

function cellsOf(part: number, whole: number, cells: number): number {
  return whole === 0 ? cells : Math.floor((part / whole) * cells);
}

/** Figures side by side; where they do not fit, on the next line. */
function countsLines({ counts, ratePerSecond }: ProgressView, width: number, paint: Paint): string[] {
  const { planned, succeeded, failed, abandoned, notStarted, inFlight, started } = counts;
  const strong = (style: (text: string) => string) => (text: string) => paint.bold(style(text));
  const parts: [string, string, (text: string) => string][] = [
    ['at desktop ', String(succeeded), strong(paint.green)],
    ['in flight ', String(inFlight), paint.bold],
    ['failed ', String(failed), failed === 0 ? (text) => text : strong(paint.red)],
  ];
  if (abandoned > 0) parts.push(['abandoned ', String(abandoned), paint.yellow]);
  if (notStarted > 0) parts.push(['not started ', String(notStarted), paint.yellow]);
  else parts.push(['to come ', String(planned - started), (text) => text]);
  parts.push(['', `${ratePerSecond.toFixed(1)}/s`, paint.bold]);
  const lines: string[] = [];
  let used = Number.POSITIVE_INFINITY;
  for (const [name, figure, style] of parts) {
    const length = name.length + figure.length;
    const text = `${name}${style(figure)}`;
    if (used + 3 + length > width) {
      lines.push(text);
      used = length;
    } else {
      lines[lines.length - 1] += `   ${text}`;
      used += 3 + length;
    }
  }
  return lines;
}

function stepLines({ inStep }: ProgressView, width: number, paint: Paint): string[] {
  const titleWidth = Math.max(...inStep.map(({ step }) => STEPS[step].title.length));
  const digits = Math.max(4, ...inStep.map(({ devices }) => String(devices).length));
  const most = Math.max(1, ...inStep.map(({ devices }) => devices));
  const cells = width - titleWidth - digits - 4;
  return inStep.map(({ step, devices }) => {
    const title = STEPS[step].title.padEnd(titleWidth);
    const figure = String(devices).padStart(digits);
    const bar = eighths((devices / most) * cells);
    const line = `${title}  ${figure}  `;
    return devices === 0 ? paint.dim(line.trimEnd()) : `${line}${paint.cyan(bar)}`;
  });
}

/** A bar of this many cells, to an eighth; something is never drawn as nothing. */
function eighths(cells: number): string {
  const whole = Math.floor(cells);
  const rest = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'][Math.floor((cells - whole) * 8)] ?? '';
  const bar = '█'.repeat(whole) + rest;
  return bar === '' && cells > 0 ? '▏' : bar;
}

function failureLines({ failures }: ProgressView, width: number, paint: Paint): string[] {
  const digits = Math.max(...failures.map(({ count }) => String(count).length));
  const shown = failures.slice(0, FAILURES_SHOWN).map(({ step, code, count }) => {
    const where = step === null ? '' : `${STEPS[step].title}: `;
    const head = `${String(count).padStart(digits)} × ${code}  `;
    return `${paint.red(head)}${cut(`${where}${FAILURES[code].sentence}`, width - head.length)}`;
  });
  const more = failures.length - shown.length;
  return more > 0 ? [...shown, paint.dim(`and ${more} more kinds of failure`)] : shown;
}

/** At most so many characters, the last of them an ellipsis where something is left out. */
export function cut(text: string, characters: number): string {
  return text.length <= characters ? text : `${text.slice(0, Math.max(0, characters - 1))}…`;
}

/** "0:07", "12:40", "1:02:03". */
function clock(ms: number): string {
  const seconds = Math.floor(ms / SECOND_MS);
  const two = (value: number): string => String(value).padStart(2, '0');
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) % 60;
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}
