// Where a device may go: to a service's endpoint, or to a URL that a service advertised if its host is loopback or one that the
// scenario names. A load generator must not be led to a third party by a reply.
import type { ServiceName } from '../../catalog/services.ts';
import { fail } from '../../kernel/result.ts';
import type { Result } from '../../kernel/result.ts';
import { isLoopback, parseAddress } from './address.ts';
import type { Address } from './address.ts';
import { transportFailure } from './transport-failure.ts';
import type { TransportFailure } from './transport-failure.ts';

export type TargetAddress = Result<Address, TransportFailure>;

type Endpoints = Readonly<Record<ServiceName, string>>;

/** `target` is a path and query at the service's endpoint, or an absolute URL. */
export function resolveTarget(endpoints: Endpoints, service: ServiceName, target: string): TargetAddress {
  const url = target.startsWith('/') ? endpoints[service].replace(/\/$/, '') + target : target;
  const address = parseAddress(url);
  if (!address.ok) return fail(transportFailure('reply-malformed', `${address.error.reason}: ${url.slice(0, 200)}`));
  if (isNamed(endpoints, address.value.host)) return address;
  return fail(transportFailure('target-refused', `${address.value.host} is not a target of the scenario`));
}

function isNamed(endpoints: Endpoints, host: string): boolean {
  if (isLoopback(host)) return true;
  return Object.values(endpoints).some((endpoint) => {
    const named = parseAddress(endpoint);
    return named.ok && named.value.host === host;
  });
}
