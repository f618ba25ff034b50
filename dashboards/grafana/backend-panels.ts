// Panels about the services: what they are asked, how soon and how well they answer.
import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import type { Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import { buckets, level, observed, quantile, rate } from './expressions.ts';
import { heatMap, timeSeries } from './panels.ts';

/** The services chosen at the top of the dashboard. */
const SERVICE = { service: '=~"$service"' };
/** Statuses of exchanges that a step can go on with. */
const ANSWERED = { status: '=~"2..|302"' };

export const BACKEND_PANELS: readonly Builder<Panel>[] = [
  timeSeries(
    {
      title: 'Exchanges',
      description: 'Requests a second that got an answer or an error.',
      unit: 'reqps',
      stacked: true,
    },
    [['{{service}}', observed('flotilla_exchange_duration_seconds', { by: ['service'], where: SERVICE })]],
  ),
  timeSeries(
    {
      title: 'Exchange p95 by service',
      description: 'From the start of sending to the last byte, the emulated link included.',
      unit: 's',
    },
    [['{{service}}', quantile(0.95, 'flotilla_exchange_duration_seconds', { by: ['service'], where: SERVICE })]],
  ),
  timeSeries(
    {
      title: 'Exchange p99 by operation',
      description: 'Choose a service above to see its operations alone.',
      unit: 's',
    },
    [
      [
        '{{service}} {{operation}}',
        quantile(0.99, 'flotilla_exchange_duration_seconds', { by: ['service', 'operation'], where: SERVICE }),
      ],
    ],
  ),
  timeSeries(
    {
      title: 'Exchanges without a good answer',
      description: 'Share of exchanges that ended in an error status or none at all.',
      unit: 'percentunit',
    },
    [
      [
        '{{service}}',
        `1 - ${observed('flotilla_exchange_duration_seconds', { by: ['service'], where: { ...SERVICE, ...ANSWERED } })} / ${observed('flotilla_exchange_duration_seconds', { by: ['service'], where: SERVICE })}`,
      ],
    ],
  ),
  timeSeries(
    {
      title: 'Exchanges in flight',
      description: 'Requests that wait for their reply now: a queue at the service shows here first.',
    },
    [['{{service}}', level('flotilla_exchanges_in_flight', { by: ['service'], where: SERVICE })]],
  ),
  heatMap(
    { title: 'Exchanges by duration', description: 'Of the services chosen above.' },
    buckets('flotilla_exchange_duration_seconds', { where: SERVICE }),
  ),
  timeSeries({ title: 'TLS handshakes', description: 'A second, by kind; each device makes its own.', unit: 'ops' }, [
    ['{{kind}}', rate('flotilla_tls_handshakes_total', { by: ['kind'], where: SERVICE })],
  ]),
  timeSeries({ title: 'Open connections', description: 'Of devices, by service.' }, [
    ['{{service}}', level('flotilla_connections_open', { by: ['service'], where: SERVICE })],
  ]),
  timeSeries({ title: 'HTTP bytes', description: 'Heads and bodies before TLS, a second.', unit: 'Bps' }, [
    ['{{service}} {{direction}}', rate('flotilla_bytes_total', { by: ['service', 'direction'], where: SERVICE })],
  ]),
  timeSeries(
    {
      title: 'Management sessions',
      description: 'OMA-DM sessions a second by what opened them, and the messages in them.',
      unit: 'ops',
    },
    [
      ['sessions: {{trigger}}', rate('flotilla_management_sessions_total', { by: ['trigger'] })],
      ['messages', rate('flotilla_management_messages_total')],
    ],
  ),
  timeSeries(
    {
      title: 'SyncML statuses',
      description: 'With which devices answer commands, a second. 404 and 405 belong to a healthy first session.',
      unit: 'ops',
    },
    [['{{status}}', rate('flotilla_management_status_total', { by: ['status'] })]],
  ),
];
