// The target before a run starts: may it be loaded at all, does it answer, is its certificate trusted. The compiler has asked
// for consent already; refused hosts are refused here once more, whoever made the plan.
import net from 'node:net';
import tls from 'node:tls';
import { SERVICE_NAMES } from '../catalog/services.ts';
import type { ServiceName } from '../catalog/services.ts';
import type { Clock } from '../kernel/clock.ts';
import { LIMITS } from '../kernel/limits.ts';
import { fail, messageOf, ok } from '../kernel/result.ts';
import type { Result } from '../kernel/result.ts';
import { EMBEDDED } from '../scenarios/language/plan.ts';
import type { Plan } from '../scenarios/language/plan.ts';
import { hostOf, judgeHost } from '../scenarios/language/target.ts';

/** Hosts of a plan that are never loaded. */
export function refusedHosts(plan: Pick<Plan, 'target'>): string[] {
  const hosts = Object.values(plan.target).flatMap((url) => hostOf(url) ?? []);
  return [...new Set(hosts)].filter((host) => judgeHost(host) === 'refused');
}

export function needsEmbedded(plan: Pick<Plan, 'target'>): boolean {
  return SERVICE_NAMES.some((service) => plan.target[service] === EMBEDDED);
}

/** Where each service is: the plan's URL, or where the embedded backend has put it. */
export function endpointsOf(
  plan: Pick<Plan, 'target'>,
  embedded: Readonly<Record<ServiceName, string>> | null,
): Record<ServiceName, string> {
  const endpoint = (service: ServiceName): string =>
    plan.target[service] === EMBEDDED ? (embedded?.[service] ?? '') : plan.target[service];
  return Object.fromEntries(SERVICE_NAMES.map((service) => [service, endpoint(service)])) as Record<
    ServiceName,
    string
  >;
}

/** Connects once to each origin that is not embedded: every problem, as sentences. */
export async function probeTargets(plan: Pick<Plan, 'target' | 'targetCa'>, clock: Clock): Promise<string[]> {
  const origins = new Map<string, ServiceName>();
  for (const service of SERVICE_NAMES) {
    const url = plan.target[service];
    if (url !== EMBEDDED && !origins.has(new URL(url).origin)) origins.set(new URL(url).origin, service);
  }
  const probes = [...origins].map(async ([origin, service]) => {
    const probed = await probe(origin, plan.targetCa, clock);
    return probed.ok ? [] : [`${service} at ${origin}: ${probed.error}.`];
  });
  return (await Promise.all(probes)).flat();
}

async function probe(origin: string, ca: string | null, clock: Clock): Promise<Result<null, string>> {
  const url = new URL(origin);
  const secure = url.protocol === 'https:';
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  const port = url.port === '' ? (secure ? 443 : 80) : Number(url.port);
  const { promise, resolve } = Promise.withResolvers<Result<null, string>>();
  const cancel = clock.after(LIMITS.connectTimeoutMs, () => resolve(fail('no connection in time')));
  const socket = secure
    ? tls.connect({
        host,
        port,
        ...(net.isIP(host) === 0 && { servername: host }),
        // Roots that were given stand beside the system's: a target may be public in part.
        ...(ca !== null && { ca: [...tls.rootCertificates, ca] }),
      })
    : net.connect({ host, port });
  socket.once(secure ? 'secureConnect' : 'connect', () => resolve(ok(null)));
  socket.once('error', (error: NodeJS.ErrnoException) => resolve(fail(sayWhy(error))));
  const result = await promise;
  cancel();
  socket.destroy();
  return result;
}

function sayWhy(error: NodeJS.ErrnoException): string {
  switch (error.code ?? '') {
    case 'ECONNREFUSED':
      return 'the connection is refused';
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return 'the host name cannot be resolved';
    case 'SELF_SIGNED_CERT_IN_CHAIN':
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
    case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
      return `its certificate is not trusted (${error.message}); give its CA with --ca`;
    default:
      return messageOf(error);
  }
}
