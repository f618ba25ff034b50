// The Grafana dashboard "Enrollment": throughput, rollout latency, failures, the backend's answers, and whether the generator
// itself kept up. `enrollment.json` beside it is what one imports; a test holds the two equal and `npm run update` writes it.
import {
  DashboardBuilder,
  DashboardCursorSync,
  DatasourceVariableBuilder,
  QueryVariableBuilder,
  RowBuilder,
  VariableRefresh,
  type Panel,
} from '@grafana/grafana-foundation-sdk/dashboard';
import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import { BACKEND_PANELS } from './backend-panels.ts';
import { GENERATOR_PANELS } from './generator-panels.ts';
import { DATASOURCE } from './panels.ts';
import { SETUP_PANELS } from './setup-panels.ts';
import { FAILURE_PANELS, LATENCY_PANELS, THROUGHPUT_PANELS } from './rollout-panels.ts';

const ROWS: readonly (readonly [title: string, panels: readonly Builder<Panel>[]])[] = [
  ['Throughput', THROUGHPUT_PANELS],
  ['Rollout latency', LATENCY_PANELS],
  ['Setup', SETUP_PANELS],
  ['Failures', FAILURE_PANELS],
  ['Backend', BACKEND_PANELS],
  ['Generator health', GENERATOR_PANELS],
];

/** The JSON text of enrollment.json. */
export function enrollmentDashboard(): string {
  const dashboard = new DashboardBuilder('Enrollment')
    .uid('flotilla-enrollment')
    .description('A fleet of simulated devices on its way through Autopilot user-driven mode.')
    .tags(['flotilla'])
    .refresh('5s')
    .time({ from: 'now-15m', to: 'now' })
    .tooltip(DashboardCursorSync.Crosshair)
    .withVariable(new DatasourceVariableBuilder('datasource').label('Data source').type('prometheus'))
    .withVariable(labelVariable('cohort', 'Cohort', 'label_values(flotilla_devices_total, cohort)'))
    .withVariable(
      labelVariable('service', 'Service', `label_values(flotilla_exchange_duration_seconds_count, service)`),
    );
  for (const [title, panels] of ROWS) {
    dashboard.withRow(new RowBuilder(title));
    for (const panel of panels) dashboard.withPanel(panel);
  }
  return `${JSON.stringify(dashboard.build(), null, 2)}\n`;
}

/** A label's values to choose from, several at once; `All` matches anything. */
function labelVariable(name: string, label: string, query: string): QueryVariableBuilder {
  return new QueryVariableBuilder(name)
    .label(label)
    .datasource(DATASOURCE)
    .query(query)
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .multi(true)
    .includeAll(true)
    .allValue('.*')
    .current({ selected: true, text: 'All', value: '$__all' });
}
