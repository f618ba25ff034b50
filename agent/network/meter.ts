// What the network counts, in the words of the metric catalogue. Label arrays of a service are made once: this is the hot path.
import { EXCHANGE_STATUSES, SERVICE_NAMES } from '../../catalog/services.ts';
import type { ExchangeStatus, RetryCause, ServiceName } from '../../catalog/services.ts';
import type { TlsHandshakeKind } from '../../telemetry/labels.ts';
import type { ShardRecorder } from '../../telemetry/recorder.ts';

/** The part of a recorder that the network writes to. */
export type NetworkRecorder = Pick<ShardRecorder, 'count' | 'gauge' | 'observe'>;

interface ServiceLabels {
  readonly service: readonly string[];
  readonly sent: readonly string[];
  readonly received: readonly string[];
}

const LABELS = Object.fromEntries(
  SERVICE_NAMES.map((service) => [
    service,
    { service: [service], sent: [service, 'sent'], received: [service, 'received'] },
  ]),
) as unknown as Readonly<Record<ServiceName, ServiceLabels>>;

const HTTP_STATUSES: ReadonlySet<string> = new Set(EXCHANGE_STATUSES);

/** The label of an HTTP status: its number where it occurs in this flow. */
export function statusLabel(status: number): ExchangeStatus {
  const text = String(status);
  return HTTP_STATUSES.has(text) ? (text as ExchangeStatus) : 'other';
}

export function countStarted(recorder: NetworkRecorder, service: ServiceName): void {
  recorder.gauge('flotilla_exchanges_in_flight', LABELS[service].service, 1);
}

export function countEnded(
  recorder: NetworkRecorder,
  service: ServiceName,
  operation: string,
  status: ExchangeStatus,
  tookMs: number,
): void {
  recorder.gauge('flotilla_exchanges_in_flight', LABELS[service].service, -1);
  recorder.observe('flotilla_exchange_duration_seconds', [service, operation, status], tookMs / 1000);
}

export function countBytes(recorder: NetworkRecorder, service: ServiceName, sent: number, received: number): void {
  const labels = LABELS[service];
  recorder.count('flotilla_bytes_total', labels.sent, sent);
  if (received > 0) recorder.count('flotilla_bytes_total', labels.received, received);
}

export function countRetry(recorder: NetworkRecorder, service: ServiceName, cause: RetryCause): void {
  recorder.count('flotilla_retries_total', [service, cause]);
}

export function countConnection(recorder: NetworkRecorder, service: ServiceName, change: 1 | -1): void {
  recorder.gauge('flotilla_connections_open', LABELS[service].service, change);
}

export function countHandshake(recorder: NetworkRecorder, service: ServiceName, kind: TlsHandshakeKind): void {
  recorder.count('flotilla_tls_handshakes_total', [service, kind]);
}
