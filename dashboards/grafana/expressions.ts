// PromQL by functions whose arguments are metrics and labels of the catalogue: a name that is not there does not compile.
// Only the shapes that the dashboard needs.
import type { METRICS, MetricName } from '../../telemetry/metrics.ts';

type MetricOf<Type extends string> = {
  [Name in MetricName]: (typeof METRICS)[Name] extends { type: Type } ? Name : never;
}[MetricName];
type LabelOf<Name extends MetricName> = (typeof METRICS)[Name]['labels'][number];

interface Selection<Name extends MetricName> {
  /** Labels that stay apart. */
  readonly by?: readonly LabelOf<Name>[];
  /** Matchers as PromQL writes them, by label: `="value"`, `=~"a|b"`. */
  readonly where?: { readonly [Label in LabelOf<Name>]?: string };
}

/** Events a second. */
export function rate<Name extends MetricOf<'counter'>>(metric: Name, selection: Selection<Name> = {}): string {
  return `${sum(selection.by)}(rate(${metric}${matchers(selection.where)}[$__rate_interval]))`;
}

/** What a counter has come to. */
export function total<Name extends MetricOf<'counter'>>(metric: Name, selection: Selection<Name> = {}): string {
  return `${sum(selection.by)}(${metric}${matchers(selection.where)})`;
}

export function level<Name extends MetricOf<'gauge'>>(metric: Name, selection: Selection<Name> = {}): string {
  return `${sum(selection.by)}(${metric}${matchers(selection.where)})`;
}

/** Observations a second of a histogram. */
export function observed<Name extends MetricOf<'histogram'>>(metric: Name, selection: Selection<Name> = {}): string {
  return `${sum(selection.by)}(rate(${metric}_count${matchers(selection.where)}[$__rate_interval]))`;
}

/** A quantile of what was observed meanwhile. */
export function quantile<Name extends MetricOf<'histogram'>>(
  share: number,
  metric: Name,
  selection: Selection<Name> = {},
): string {
  const buckets = `rate(${metric}_bucket${matchers(selection.where)}[$__rate_interval])`;
  return `histogram_quantile(${share}, ${sum(['le', ...(selection.by ?? [])])}(${buckets}))`;
}

/** Buckets for a heat map. */
export function buckets<Name extends MetricOf<'histogram'>>(metric: Name, selection: Selection<Name> = {}): string {
  return `sum by (le) (increase(${metric}_bucket${matchers(selection.where)}[$__rate_interval]))`;
}

function sum(by: readonly string[] = []): string {
  return by.length === 0 ? 'sum' : `sum by (${by.join(', ')}) `;
}

function matchers(where: Readonly<Record<string, string | undefined>> = {}): string {
  const entries = Object.entries(where);
  return entries.length === 0 ? '' : `{${entries.map(([label, matcher]) => `${label}${matcher}`).join(', ')}}`;
}
