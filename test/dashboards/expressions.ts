// Every PromQL expression of the dashboard and the rules, where it stands, and what it refers to. The reader knows just enough
// of the language to name metrics, labels and matchers; Prometheus itself judges the rest in test/system.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { enrollmentDashboard } from '../../dashboards/grafana/enrollment.ts';

const DASHBOARDS = path.join(path.dirname(path.dirname(import.meta.dirname)), 'dashboards');

export interface Expression {
  /** Panel and legend, or rule. */
  readonly place: string;
  readonly text: string;
}

interface DashboardJson {
  readonly panels: readonly {
    readonly title?: string;
    readonly targets?: readonly { readonly expr: string; readonly legendFormat: string }[];
  }[];
  readonly templating: { readonly list: readonly { readonly name: string; readonly query?: unknown }[] };
}

interface RulesYaml {
  readonly groups: readonly {
    readonly rules: readonly { readonly alert?: string; readonly record?: string; readonly expr: string }[];
  }[];
}

export function readDashboard(): DashboardJson {
  return JSON.parse(enrollmentDashboard()) as DashboardJson;
}

export function dashboardExpressions(): Expression[] {
  return readDashboard().panels.flatMap(({ title = '', targets = [] }) =>
    targets.map(({ expr, legendFormat }) => ({ place: `${title}: ${legendFormat}`, text: expr })),
  );
}

export function ruleExpressions(file: 'recording-rules.yml' | 'alert-rules.yml'): Expression[] {
  const rules = parse(readFileSync(path.join(DASHBOARDS, 'prometheus', file), 'utf8')) as RulesYaml;
  return rules.groups.flatMap((group) =>
    group.rules.map(({ alert, record, expr }) => ({ place: alert ?? record ?? '', text: expr })),
  );
}

/** As it would be evaluated: Grafana's variables are filled in. */
export function filledIn(text: string, interval: string): string {
  return text.replaceAll('$__rate_interval', interval).replaceAll(/\$(?:cohort|service)\b/g, '.*');
}

/** An alert's expression with its last comparison as a value, so that there is one while nothing is wrong. */
export function withoutAlarm(text: string): string {
  const match = /^([\s\S]*[^=!<>\s])\s*(==|!=|>=|<=|>|<)\s*(-?[\d.]+)\s*$/.exec(text);
  if (match === null) throw new Error(`not of the form "expression comparison number": ${text}`);
  return `${match[1]} ${match[2]} bool ${match[3]}`;
}

export interface Reference {
  readonly metric: string;
  readonly matchers: readonly { readonly label: string; readonly operator: string; readonly value: string }[];
}

const METRIC = /\b(flotilla[a-z_:]*[a-z])\b(?:\{([^}]*)\})?/g;

export function metricsIn(text: string): Reference[] {
  return [...text.matchAll(METRIC)].map(([, metric = '', matchers = '']) => ({
    metric,
    matchers: [...matchers.matchAll(/(\w+)\s*(=~|!~|!=|=)\s*"([^"]*)"/g)].map(
      ([, label = '', operator = '', value = '']) => ({
        label,
        operator,
        value,
      }),
    ),
  }));
}

/** Labels of `by (...)` clauses and of legends. */
export function groupedLabels(text: string): string[] {
  return [...text.matchAll(/\b(?:by|without) \(([^)]*)\)/g)].flatMap(([, labels = '']) => labels.split(/,\s*/));
}

export function legendLabels(legend: string): string[] {
  return [...legend.matchAll(/\{\{\s*(\w+)\s*\}\}/g)].map(([, label = '']) => label);
}
