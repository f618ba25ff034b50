// What a benchmark prints: a row with its figure, its spread over the repetitions and the figure to reach.

export interface BenchRow {
  readonly what: string;
  /** The median of the repetitions. */
  readonly value: number;
  readonly unit: string;
  readonly min: number;
  readonly max: number;
  /** The figure to reach, as text, and whether the median does; null where the row only informs. */
  readonly target: string | null;
  readonly reached: boolean | null;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >>> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** A row of several measurements of one thing. `atMost` or `atLeast` is the figure to reach. */
export function row(
  what: string,
  unit: string,
  values: readonly number[],
  target: { readonly atMost?: number; readonly atLeast?: number } = {},
): BenchRow {
  const value = median(values);
  const { atMost, atLeast } = target;
  return {
    what,
    value,
    unit,
    min: Math.min(...values),
    max: Math.max(...values),
    target: atMost !== undefined ? `<= ${atMost}` : atLeast !== undefined ? `>= ${atLeast}` : null,
    reached: atMost !== undefined ? value <= atMost : atLeast !== undefined ? value >= atLeast : null,
  };
}

function figure(value: number): string {
  if (value === 0) return '0';
  if (Math.abs(value) >= 100) return value.toFixed(0);
  return value.toFixed(Math.abs(value) >= 10 ? 1 : 2);
}

export function formatTable(rows: readonly BenchRow[]): string {
  const cells = rows.map((r) => [
    r.what,
    `${figure(r.value)} ${r.unit}`,
    `${figure(r.min)} - ${figure(r.max)}`,
    r.target ?? '',
    r.reached === null ? '' : r.reached ? 'reached' : 'MISSED',
  ]);
  const header = ['what', 'median', 'spread', 'to reach', ''];
  const widths = header.map((title, column) => Math.max(title.length, ...cells.map((line) => line[column]!.length)));
  const line = (parts: readonly string[]): string =>
    parts
      .map((part, i) => part.padEnd(widths[i]!))
      .join('  ')
      .trimEnd();
  return [line(header), line(widths.map((width) => '-'.repeat(width))), ...cells.map(line)].join('\n');
}
