// Panels about the setup of devices: where their time goes, what they install, what failed without ending them.
import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import type { Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import { quantile, rate, total } from './expressions.ts';
import { timeSeries } from './panels.ts';

export const SETUP_PANELS: readonly Builder<Panel>[] = [
  timeSeries(
    {
      title: 'Time budget',
      description:
        'Device time that finished steps took, a second, by what it went to: people, network and backend, installs, restarts, polls.',
      unit: 's',
      stacked: true,
    },
    [['{{part}}', rate('flotilla_step_part_seconds_total', { by: ['part'] })]],
  ),
  timeSeries(
    {
      title: 'Blocking apps, p95',
      description:
        'Critical path of a phase of the status page: device time in which at least one blocking app was in work.',
      unit: 's',
    },
    [['{{step}}', quantile(0.95, 'flotilla_esp_blocking_apps_seconds', { by: ['step'] })]],
  ),
  timeSeries(
    {
      title: 'Slowest apps, p95',
      description: 'Device time of one app, from the start of its download to the end of its last attempt.',
      unit: 's',
    },
    [['{{app}}', `topk(10, ${quantile(0.95, 'flotilla_app_duration_seconds', { by: ['app'] })})`]],
  ),
  timeSeries(
    {
      title: 'Apps by result',
      description: 'Apps that devices are done with, a second.',
      unit: 'ops',
      stacked: true,
    },
    [['{{result}}', rate('flotilla_app_installs_total', { by: ['result'] })]],
  ),
  timeSeries(
    {
      title: 'Content by site',
      description: 'Apps and updates that devices download: what the uplink of a site carries.',
      unit: 'Bps',
      stacked: true,
    },
    [['{{site}}', rate('flotilla_content_bytes_total', { by: ['site'] })]],
  ),
  timeSeries(
    {
      title: 'Restarts and soft failures',
      description:
        'Restarts by step, and failures after which the device went on: a page continued anyway, a failed app.',
    },
    [
      ['restart: {{step}}', total('flotilla_restarts_total', { by: ['step'] })],
      ['soft: {{code}}', `topk(5, ${total('flotilla_step_soft_failures_total', { by: ['code'] })})`],
    ],
  ),
];
