// Dashboard and rules against the catalogue of metrics: every metric exists, every label belongs to it, every value can occur.
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { enrollmentDashboard } from '../dashboards/grafana/enrollment.ts';
import { METRIC_NAMES, metricDefinition, valuesOfLabel, type MetricDefinition } from '../telemetry/metrics.ts';
import {
  dashboardExpressions,
  groupedLabels,
  legendLabels,
  metricsIn,
  readDashboard,
  ruleExpressions,
  withoutAlarm,
  type Expression,
} from './dashboards/expressions.ts';

const GOLDEN = path.join(path.dirname(import.meta.dirname), 'dashboards/grafana/enrollment.json');
const EVERYTHING = [
  ...dashboardExpressions(),
  ...ruleExpressions('recording-rules.yml'),
  ...ruleExpressions('alert-rules.yml'),
];

/** What is wrong with the names in an expression. */
function mistakes({ place, text }: Expression): string[] {
  const found: string[] = [];
  const known = new Set<string>();
  for (const { metric, matchers } of metricsIn(text)) {
    const definition = definitionOf(metric);
    if (definition === undefined) {
      found.push(`${place}: there is no metric ${metric}`);
      continue;
    }
    for (const label of [...definition.labels, ...(definition.type === 'histogram' ? ['le'] : [])]) known.add(label);
    for (const { label, operator, value } of matchers) {
      if (!known.has(label)) found.push(`${place}: ${metric} has no label ${label}`);
      else if (!canOccur(definition, label, operator, value)) {
        found.push(`${place}: ${label} of ${metric} is never ${value}`);
      }
    }
  }
  const legend = place.includes(': ') ? legendLabels(place) : [];
  const grouped = groupedLabels(text);
  for (const label of grouped) if (!known.has(label)) found.push(`${place}: groups by unknown label ${label}`);
  for (const label of legend)
    if (!grouped.includes(label) && label !== 'le') found.push(`${place}: legend names ${label}`);
  if (known.size === 0 && metricsIn(text).length === 0) found.push(`${place}: names no metric`);
  return found;
}

function definitionOf(series: string): MetricDefinition | undefined {
  const plain = metricDefinition(series);
  if (plain !== undefined) return plain.type === 'histogram' ? undefined : plain;
  const base = metricDefinition(series.replace(/_(?:bucket|sum|count)$/, ''));
  return base?.type === 'histogram' ? base : undefined;
}

function canOccur(definition: MetricDefinition, label: string, operator: string, value: string): boolean {
  if (value.startsWith('$')) return true;
  const values =
    label === 'le'
      ? definition.buckets?.map(String)
      : valuesOfLabel(definition, label as MetricDefinition['labels'][number]);
  if (values === null || values === undefined) return true;
  const pattern = operator.includes('~') ? new RegExp(`^(?:${value})$`) : undefined;
  // Each alternative on its own: one that never occurs is a mistake, even beside others that do.
  if (pattern === undefined) return values.includes(value);
  return value.split('|').every((part) => values.some((known) => new RegExp(`^(?:${part})$`).test(known)));
}

describe('the dashboard', () => {
  it('is the committed JSON (`npm run update` writes it)', async () => {
    await expect(enrollmentDashboard()).toMatchFileSnapshot(GOLDEN);
  });
  it('lets one choose what its expressions use', () => {
    const variables = readDashboard().templating.list.map(({ name }) => name);
    expect(variables).toEqual(['datasource', 'cohort', 'service']);
    const used = new Set(dashboardExpressions().flatMap(({ text }) => text.match(/\$[a-z_]+/g) ?? []));
    expect([...used].sort()).toEqual(['$__rate_interval', '$cohort', '$service']);
  });
  it('shows every metric of the catalogue', () => {
    const shown = dashboardExpressions()
      .flatMap(({ text }) => metricsIn(text))
      .map(({ metric }) => metric.replace(/_(?:bucket|sum|count)$/, ''));
    expect(METRIC_NAMES.filter((name) => !shown.includes(name))).toEqual([]);
  });
  it('says of each panel what it means', () => {
    for (const panel of readDashboard().panels as readonly { type?: string; title?: string; description?: string }[]) {
      if (panel.type !== 'row') expect(panel.description, panel.title).toMatch(/\.$/);
    }
  });
});

describe('expressions of dashboard and rules', () => {
  it('name only metrics, labels and values of the catalogue', () => {
    expect(EVERYTHING.length).toBeGreaterThan(60);
    expect(EVERYTHING.flatMap(mistakes)).toEqual([]);
  });

  it.each([
    ['sum(flotilla_nothing_total)', 'there is no metric flotilla_nothing_total'],
    ['rate(flotilla_deployment_duration_seconds[1m])', 'there is no metric flotilla_deployment_duration_seconds'],
    ['flotilla_devices_total_count', 'there is no metric flotilla_devices_total_count'],
    ['flotilla_devices_total{step="sign-in"}', 'has no label step'],
    ['flotilla_devices_total{state="lost"}', 'is never lost'],
    ['flotilla_devices_total{state=~"succeeded|lost"}', 'is never succeeded|lost'],
    ['flotilla_deployment_duration_seconds_bucket{le="1801"}', 'is never 1801'],
    ['sum by (step) (flotilla_devices_total)', 'groups by unknown label step'],
    ['vector(1)', 'names no metric'],
  ])('a mistake is found: %s', (text, message) => {
    expect(mistakes({ place: 'here', text })).toEqual([expect.stringContaining(message)]);
  });

  it('of alerts have a comparison at their end', () => {
    for (const { text } of ruleExpressions('alert-rules.yml')) expect(withoutAlarm(text)).toMatch(/ bool [\d.]+$/);
    expect(withoutAlarm('a / b > 0.05\n')).toBe('a / b > bool 0.05');
    expect(() => withoutAlarm('a')).toThrow('not of the form');
  });
});
