// The network of one device: every exchange with a service goes through here, with the device's own link, connections, retries and
// counts. It shares no connection, TLS session or cookie with any other device, and contacts only hosts that the scenario names.
import { stepFailure } from '../../catalog/failures.ts';
import type { StepFailure } from '../../catalog/failures.ts';
import type { NetworkProfile } from '../../catalog/network-profiles.ts';
import type { ServiceName, SERVICES } from '../../catalog/services.ts';
import type { Clock } from '../../kernel/clock.ts';
import { LIMITS } from '../../kernel/limits.ts';
import { ok } from '../../kernel/result.ts';
import type { Result } from '../../kernel/result.ts';
import type { RandomStream } from '../../kernel/random.ts';
import type { Stop } from '../../kernel/stop.ts';
import type { LinkFaults } from '../../scenarios/language/plan.ts';
import type { Address } from './address.ts';
import { ContentDownload, HashingTaker } from './content-download.ts';
import type { ContentTaker } from './content-download.ts';
import { Lane } from './lane.ts';
import type { LaneOwner, LaneTrust, SendEnd, Sending } from './lane.ts';
import { Link } from './link.ts';
import { countEnded, countRetry, countStarted, statusLabel } from './meter.ts';
import type { NetworkRecorder } from './meter.ts';
import type { Reply } from './reply.ts';
import { requestHead } from './request.ts';
import type { ExchangeRequest, RequestHead } from './request.ts';
import { replyRetry, retryDelayMs } from './retry.ts';
import { resolveTarget } from './target-address.ts';
import type { TargetAddress } from './target-address.ts';
import { traceEntry } from './trace.ts';
import type { TraceSink } from './trace.ts';
import { TRANSPORT_FAILURES } from './transport-failure.ts';
import type { TransportFailure } from './transport-failure.ts';
import { deviceContext, rootsBeyond } from './trust.ts';
import type { ClientCertificate, TrustStore } from './trust.ts';

export type OperationOf<Service extends ServiceName> = (typeof SERVICES)[Service]['operations'][number];

export interface DeviceNetworkOptions {
  readonly clock: Clock;
  readonly recorder: NetworkRecorder;
  /** The device's stream for its link and its back-off. */
  readonly stream: RandomStream;
  readonly profile: NetworkProfile;
  readonly faults: LinkFaults;
  readonly endpoints: Readonly<Record<ServiceName, string>>;
  readonly trust: TrustStore;
  readonly stop: Stop;
  readonly trace?: TraceSink;
}

/** What a device has for one service beside the shard's trust. */
interface OwnTrust {
  certificate: ClientCertificate | undefined;
  roots: readonly Uint8Array[];
  built: LaneTrust | undefined;
}

export class DeviceNetwork {
  readonly #options: DeviceNetworkOptions;
  readonly #owner: LaneOwner;
  readonly #lanes = new Map<string, Lane>();
  readonly #ownTrust = new Map<ServiceName, OwnTrust>();
  readonly #counts = { exchanges: 0, retries: 0 };
  /** Where the last exchange went. */
  #last: { readonly service: ServiceName; readonly target: string; readonly address: TargetAddress } | undefined;
  #serviceMs = 0;
  #active = 0;
  #activeSinceMs = 0;

  constructor(options: DeviceNetworkOptions) {
    this.#options = options;
    const { clock, stop, recorder, profile, faults, stream } = options;
    this.#owner = { clock, stop, recorder, link: new Link(profile, faults, stream) };
  }

  get medium(): NetworkProfile['medium'] {
    return this.#options.profile.medium;
  }

  /** Real milliseconds so far that the device waited for network and backend; exchanges at the same time count once. */
  get serviceMs(): number {
    return this.#serviceMs + (this.#active > 0 ? this.#options.clock.nowMs() - this.#activeSinceMs : 0);
  }

  /** Requests sent (retries included), and how many of them were retries. */
  get counts(): Readonly<{ exchanges: number; retries: number }> {
    return this.#counts;
  }

  /**
   * One logical exchange. Services that ask to slow down (429, or 503 with Retry-After) are obeyed, transport errors tried again
   * where that is safe, both at most LIMITS.attemptsMax times. Any other HTTP status is a reply, which the caller judges.
   */
  async exchange<Service extends ServiceName>(
    service: Service,
    operation: OperationOf<Service>,
    request: ExchangeRequest,
  ): Promise<Result<Reply, StepFailure>> {
    return this.#measured(() => this.#attempts(service, operation, request));
  }

  /**
   * Streams content without keeping it; paced by the link, and resumed where it broke off. What is no content is `reply-unexpected`.
   * Whoever watches over it is told of each piece, and may bear a longer silence (real milliseconds) than an exchange does.
   */
  async download<Service extends ServiceName>(
    service: Service,
    operation: OperationOf<Service>,
    url: string,
    watch: { readonly onPiece?: () => void; readonly silenceMs?: number } = {},
  ): Promise<Result<{ readonly bytes: number; readonly sha256Hex: string }, StepFailure>> {
    const hashing = new HashingTaker(watch.onPiece);
    const streamed = await this.stream(service, operation, url, hashing, watch.silenceMs);
    return streamed.ok ? ok({ ...streamed.value, sha256Hex: hashing.sha256Hex() }) : streamed;
  }

  /** The same into a taker; `silenceMs`: real milliseconds without a byte until it is broken off. */
  async stream<Service extends ServiceName>(
    service: Service,
    operation: OperationOf<Service>,
    url: string,
    taker: ContentTaker,
    silenceMs?: number,
  ): Promise<Result<{ readonly bytes: number }, StepFailure>> {
    const download = new ContentDownload(taker, this.#options.clock, this.#owner.link.downBytesPerMs);
    const timeout = silenceMs === undefined ? {} : { timeoutMs: silenceMs };
    const request: ExchangeRequest = { method: 'GET', target: url, ...timeout };
    const reply = await this.#measured(() => this.#attempts(service, operation, request, download));
    if (!reply.ok) return reply;
    if (!download.accepted) return stepFailure('reply-unexpected', `status ${reply.value.status} for content`);
    return ok({ bytes: download.bytes });
  }

  /** From its next connection on, the service sees this certificate. */
  useClientCertificate(service: ServiceName, certificate: ClientCertificate): void {
    const own = this.#own(service);
    const { certificateDer, keyPem } = certificate;
    own.certificate = { certificateDer: new Uint8Array(certificateDer), keyPem };
    own.built = undefined;
    this.close(service);
  }

  /** Roots that this device trusts for one service, beside the shard's. */
  trustAlso(service: ServiceName, rootsDer: readonly Uint8Array[]): void {
    const own = this.#own(service);
    own.roots = rootsBeyond(this.#options.trust, rootsDer);
    own.built = undefined;
    this.close(service);
  }

  /** From its next connection on, `service` sees the certificate that `other` sees, and its roots are trusted for both. */
  presentAsTo(service: ServiceName, other: ServiceName): void {
    const own = this.#own(other);
    if (this.#ownTrust.get(service) === own) return;
    this.#ownTrust.set(service, own);
    this.close(service);
  }

  /** DER of the certificate that a service sees. */
  clientCertificate(service: ServiceName): Uint8Array | undefined {
    return this.#ownTrust.get(service)?.certificate?.certificateDer;
  }

  /** Closes the connections to a service, or all: a device that waits holds nothing. The next exchange connects again. */
  close(service?: ServiceName): void {
    this.#last = undefined;
    for (const [key, lane] of this.#lanes) {
      if (service !== undefined && lane.service !== service) continue;
      lane.close();
      this.#lanes.delete(key);
    }
    // Parsed keys and roots are the largest things a device holds; they are parsed again at the next connection.
    for (const [name, own] of this.#ownTrust) if (service === undefined || name === service) own.built = undefined;
  }

  async #measured<T>(work: () => Promise<T>): Promise<T> {
    if (this.#active++ === 0) this.#activeSinceMs = this.#options.clock.nowMs();
    try {
      return await work();
    } finally {
      if (--this.#active === 0) this.#serviceMs += this.#options.clock.nowMs() - this.#activeSinceMs;
    }
  }

  async #attempts(
    service: ServiceName,
    operation: string,
    request: ExchangeRequest,
    download?: ContentDownload,
  ): Promise<Result<Reply, StepFailure>> {
    const { clock, recorder, stop, stream } = this.#options;
    const address = this.#address(service, request.target);
    if (!address.ok) return stepFailure(address.error.code, address.error.detail);
    for (let attempt = 1; ; attempt++) {
      const asked = download === undefined ? request : { ...request, headers: download.headers() };
      const head = requestHead(address.value, asked);
      if (!head.ok) return stepFailure(head.error.code, head.error.detail);
      const { result, connected } = await this.#attempt(
        service,
        operation,
        request,
        address.value,
        head.value,
        download,
      );
      const reply = result.ok ? result.value : undefined;
      const cause = result.ok ? replyRetry(result.value) : TRANSPORT_FAILURES[result.error.code].retry;
      const mayRepeat = result.ok || !connected || (request.idempotent ?? request.method === 'GET');
      const last = attempt === LIMITS.attemptsMax;
      if (cause === undefined || cause === null || !mayRepeat || last) {
        if (!result.ok) return stepFailure(result.error.code, result.error.detail);
        if (cause !== undefined)
          return stepFailure('throttled', `status ${result.value.status} to each of ${attempt} attempts`);
        return result;
      }
      countRetry(recorder, service, cause);
      this.#counts.retries++;
      const waited = await clock.waitReal(retryDelayMs(reply, attempt, clock.wallMs(), stream), stop);
      if (waited === 'stopped') return stepFailure('abandoned', 'the run ended');
    }
  }

  async #attempt(
    service: ServiceName,
    operation: string,
    request: ExchangeRequest,
    address: Address,
    head: RequestHead,
    download: ContentDownload | undefined,
  ): Promise<SendEnd> {
    const { clock, recorder, trace } = this.#options;
    const stream = download?.attempt();
    const sending: Sending = {
      head: head.head,
      body: request.body,
      bodyBytes: head.bodyBytes,
      timeoutMs: request.timeoutMs ?? LIMITS.exchangeTimeoutMs,
      sink: stream?.sink,
      pauseMs: stream?.pauseMs,
    };
    this.#counts.exchanges++;
    countStarted(recorder, service);
    const beganMs = clock.nowMs();
    const atMs = trace === undefined ? 0 : clock.wallMs();
    const trust = this.#trust(service);
    const end = trust.ok
      ? await this.#lane(service, address).send(sending, trust.value)
      : { result: trust, connected: false };
    const durationMs = clock.nowMs() - beganMs;
    const { result } = end;
    const status = result.ok ? statusLabel(result.value.status) : TRANSPORT_FAILURES[result.error.code].status;
    countEnded(recorder, service, operation, status, durationMs);
    if (trace !== undefined) {
      const shown = result.ok ? String(result.value.status) : result.error.code;
      const url = address.origin + address.path;
      const entry = { atMs, service, operation, method: request.method, url, status: shown, durationMs };
      trace(traceEntry(entry, request.body, result.ok ? result.value.body : undefined));
    }
    return end;
  }

  #address(service: ServiceName, target: string): TargetAddress {
    // Sessions send message after message to one place.
    if (this.#last?.service === service && this.#last.target === target) return this.#last.address;
    const address = resolveTarget(this.#options.endpoints, service, target);
    this.#last = { service, target, address };
    return address;
  }

  #lane(service: ServiceName, address: Address): Lane {
    const key = `${service} ${address.origin}`;
    let lane = this.#lanes.get(key);
    if (lane === undefined) {
      lane = new Lane(service, address, this.#owner);
      this.#lanes.set(key, lane);
    }
    return lane;
  }

  #own(service: ServiceName): OwnTrust {
    let own = this.#ownTrust.get(service);
    if (own === undefined) {
      own = { certificate: undefined, roots: [], built: undefined };
      this.#ownTrust.set(service, own);
    }
    return own;
  }

  #trust(service: ServiceName): Result<LaneTrust, TransportFailure> {
    const { trust } = this.#options;
    const own = this.#ownTrust.get(service);
    if (own === undefined) return ok({ context: trust.context, mutual: false });
    if (own.built === undefined) {
      const context = deviceContext(trust, own.roots, own.certificate);
      if (!context.ok) return context;
      own.built = { context: context.value, mutual: own.certificate !== undefined };
    }
    return ok(own.built);
  }
}
