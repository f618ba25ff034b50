// The Prometheus endpoint: `/metrics` on loopback. Values are read from the totals when somebody scrapes, so counting costs
// nothing more; prom-client brings the registry and the text format.
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Registry } from 'prom-client';
import type { Metric } from 'prom-client';
import { fail, messageOf, ok } from '../kernel/result.ts';
import type { Result } from '../kernel/result.ts';
import type { Histogram } from '../telemetry/histogram.ts';
import { METRIC_NAMES, METRICS } from '../telemetry/metrics.ts';
import type { MetricDefinition, MetricName } from '../telemetry/metrics.ts';
import type { TotalSeries, Totals } from '../telemetry/totals.ts';

/** Where Flotilla's endpoint is when nobody asks for another port. */
export const METRICS_PORT = 9464;

/** What the orchestrator derives itself: values of metrics whose writer it is, in the catalogue's order of labels. */
export type DerivedSeries = (metric: MetricName) => readonly TotalSeries<number>[];

interface Sample {
  readonly metricName?: string;
  readonly labels: Readonly<Record<string, string | number>>;
  readonly value: number;
}

/** The whole catalogue as text in Prometheus' exposition format. */
export function metricsRegistry(totals: () => Totals | undefined, derived: DerivedSeries): Registry {
  const registry = new Registry();
  for (const name of METRIC_NAMES) {
    const { type, help, labels, buckets, writer }: MetricDefinition = METRICS[name];
    const get = (): { name: string; help: string; type: string; aggregator: string; values: Sample[] } => {
      const now = totals();
      const values = now === undefined ? [] : samples(name, now);
      return { name, help, type, aggregator: 'sum', values };
    };
    const samples = (metric: MetricName, now: Totals): Sample[] => {
      if (type === 'histogram') {
        return now.histograms(metric).flatMap((series) => histogramSamples(metric, labels, series, buckets ?? []));
      }
      const series =
        writer === 'orchestrator' ? derived(metric) : type === 'counter' ? now.counters(metric) : now.gauges(metric);
      return series.map(({ labels: values, value }) => ({ labels: labelled(labels, values), value }));
    };
    // prom-client asks no more of a metric than its name and `get`; its type describes its own four classes.
    registry.registerMetric({ name, get } as unknown as Metric);
  }
  return registry;
}

function labelled(names: readonly string[], values: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.map((name, at) => [name, values[at] ?? '']));
}

function histogramSamples(
  name: string,
  labelNames: readonly string[],
  { labels, value }: TotalSeries<Histogram>,
  bounds: readonly number[],
): Sample[] {
  const common = labelled(labelNames, labels);
  const counts = value.cumulative(bounds);
  return [
    ...bounds.map((le, at) => ({ metricName: `${name}_bucket`, labels: { ...common, le }, value: counts[at]! })),
    { metricName: `${name}_bucket`, labels: { ...common, le: '+Inf' }, value: value.count },
    { metricName: `${name}_sum`, labels: common, value: value.sum },
    { metricName: `${name}_count`, labels: common, value: value.count },
  ];
}

export interface MetricsEndpoint {
  readonly url: string;
  /** Whether another port than the default had to be taken. */
  readonly moved: boolean;
  close(): Promise<void>;
}

/** Serves the registry; `askedPort` must be free, without it the default is tried first. The error completes a sentence. */
export async function serveMetrics(
  registry: Registry,
  askedPort: number | undefined,
): Promise<Result<MetricsEndpoint, string>> {
  const server = createServer((request, reply) => void serve(registry, request, reply));
  const attempts = askedPort === undefined ? [METRICS_PORT, 0] : [askedPort];
  let refusal = '';
  for (const port of attempts) {
    try {
      await listen(server, port);
      const taken = (server.address() as AddressInfo).port;
      return ok({
        url: `http://127.0.0.1:${taken}/metrics`,
        moved: askedPort === undefined && taken !== METRICS_PORT,
        close: () => close(server),
      });
    } catch (thrown) {
      refusal = messageOf(thrown);
    }
  }
  return fail(refusal);
}

async function serve(registry: Registry, request: IncomingMessage, reply: ServerResponse): Promise<void> {
  const { status, type, body } = await answer(registry, request.method ?? '', request.url ?? '');
  reply.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(body) });
  reply.end(request.method === 'HEAD' ? undefined : body);
}

async function answer(
  registry: Registry,
  method: string,
  url: string,
): Promise<{ status: number; type: string; body: string }> {
  const plain = 'text/plain; charset=utf-8';
  if (method !== 'GET' && method !== 'HEAD') return { status: 405, type: plain, body: 'GET only\n' };
  const [path] = url.split('?');
  if (path === '/metrics') {
    return { status: 200, type: registry.contentType, body: await registry.metrics() };
  }
  if (path === '/healthz') return { status: 200, type: plain, body: 'ok\n' };
  return { status: 404, type: plain, body: 'metrics are at /metrics\n' };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve();
    });
  });
}

async function close(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise<void>((resolve) => server.close(() => resolve()));
}
