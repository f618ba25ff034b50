// What a plan will do, before it does it: how long a device takes, how many are in flight, what is asked of each service. It
// walks a sample of devices through the waits of the flow, drawn from streams of its own, and reckons the exchanges by
// arithmetic. An estimate for people and for the check of the machine; the run itself never reads it.
import { NETWORK_PROFILES } from '../../catalog/network-profiles.ts';
import type { PromptName } from '../../catalog/prompts.ts';
import { SERVICE_NAMES, type ServiceName } from '../../catalog/services.ts';
import { findsUpdates, type AppContent, type PhaseContent } from '../../catalog/content.ts';
import { type GroupConfig } from '../../catalog/tenant.ts';
import { draw } from '../../kernel/distribution.ts';
import { LIMITS } from '../../kernel/limits.ts';
import { randomStream, type RandomStream } from '../../kernel/random.ts';
import { SECOND_MS } from '../../kernel/units.ts';
import { pickWeighted } from '../../kernel/weighted.ts';
import { arrivalOffsetsMs } from './curves/catalog.ts';
import type { CohortPlan, Plan } from './plan.ts';
import { cohortIndexes } from './shard.ts';

export interface Forecast {
  /** When each device is switched on, milliseconds from the start. */
  readonly startsMs: Float64Array;
  /** When each device that starts is done, ascending. */
  readonly endsMs: Float64Array;
  readonly peakInFlight: number;
  /** Device time to the desktop: median and 95th percentile. */
  readonly deploymentMedianMs: number;
  readonly deploymentP95Ms: number;
  /** Requests by service, of all devices. */
  readonly requests: Readonly<Record<ServiceName, number>>;
  /** OMA-DM sessions and messages of a device, on average. */
  readonly sessionsPerDevice: number;
  readonly messagesPerDevice: number;
  /** Content that apps and updates download, of all devices. */
  readonly contentBytes: number;
  readonly connectionsPeak: number;
}

/** One sampled device. */
interface Walk {
  /** Device time from power-on to desktop, and the real time that it takes at the plan's speed. */
  readonly deviceMs: number;
  readonly realMs: number;
  /** Real time during which it holds a connection. */
  readonly connectedMs: number;
  readonly requests: Readonly<Record<ServiceName, number>>;
  readonly sessions: number;
  readonly messages: number;
}

/** Devices that are walked; the rest of a larger plan takes their times in turn. */
const SAMPLE_MAX = 2_000;
/** Connections that a connected device holds on average: the service at hand, and one that is kept. */
const CONNECTIONS_PER_DEVICE = 1.5;

export function forecastPlan(plan: Plan): Forecast {
  const startsMs = arrivalOffsetsMs(plan);
  const cohorts = cohortIndexes(plan);
  const walks: Walk[] = [];
  for (let index = 0; index < Math.min(plan.devices, SAMPLE_MAX); index++) {
    const at = cohorts[index]!;
    walks.push(walkDevice(plan, plan.cohorts[at]!, plan.tenant.groups[at]!, index));
  }
  const endsMs = startsMs.map((startMs, index) => startMs + walks[index % walks.length]!.realMs).sort();
  const deployments = walks.map((walk) => walk.deviceMs).sort((a, b) => a - b);
  const mean = (of: (walk: Walk) => number): number => walks.reduce((sum, walk) => sum + of(walk), 0) / walks.length;
  const peakInFlight = Math.min(peakOf(startsMs, endsMs), plan.inFlightMax);
  const connectedShare =
    mean((walk) => walk.connectedMs) /
    Math.max(
      1,
      mean((walk) => walk.realMs),
    );
  const imports = plan.cohorts.reduce((sum, { count }) => sum + Math.ceil(count / LIMITS.oemRowsMax), 0);
  return {
    startsMs,
    endsMs,
    peakInFlight,
    deploymentMedianMs: deployments[Math.floor(deployments.length / 2)]!,
    deploymentP95Ms: deployments[Math.floor(deployments.length * 0.95)]!,
    requests: {
      ...byService((service) => Math.round(mean((walk) => walk.requests[service]) * plan.devices)),
      registration: imports,
    },
    sessionsPerDevice: mean((walk) => walk.sessions),
    messagesPerDevice: mean((walk) => walk.messages),
    contentBytes: plan.cohorts.reduce((sum, { count }, at) => sum + count * contentBytes(plan.tenant.groups[at]!), 0),
    connectionsPeak: Math.ceil(peakInFlight * Math.min(1, connectedShare) * CONNECTIONS_PER_DEVICE),
  };
}

/** Most devices in flight at once, of ascending starts and ends. */
function peakOf(startsMs: Float64Array, endsMs: Float64Array): number {
  let peak = 0;
  let ended = 0;
  for (let started = 0; started < startsMs.length; started++) {
    while (endsMs[ended]! <= startsMs[started]!) ended++;
    peak = Math.max(peak, started + 1 - ended);
  }
  return peak;
}

/** What a backend takes for one exchange beside the network: a guess in the middle of what was seen on two cores. */
const BACKEND_MS = 3;
/** Round trips of one TCP and TLS 1.3 handshake. */
const HANDSHAKE_ROUND_TRIPS = 2;
/** Messages of any management session: the device's first, and its answer to the server's. */
const MESSAGES_PER_SESSION = 2;
/** What the first session of a phase has on top: the server asks who the device is, then writes each kind of content. */
const MESSAGES_OF_INTRODUCTION = 3;
/** Services of the flow, each a connection of its own. */
const CONNECTIONS = 7;

function walkDevice(plan: Plan, cohort: CohortPlan, group: GroupConfig, index: number): Walk {
  const stream = randomStream(plan.seed, index, 'forecast');
  const network = NETWORK_PROFILES[pickWeighted(cohort.networks, stream.unit())];
  let waitsMs = 0;
  let heldMs = 0;
  const wait = (deviceMs: number): void => {
    waitsMs += deviceMs;
    // A device closes its connections for a wait that they would not outlive.
    if (deviceMs / plan.speed <= LIMITS.idleConnectionMs) heldMs += deviceMs / plan.speed;
  };
  for (const prompt of promptsOf(cohort, group, plan.tenant.termsOfUse, network.medium === 'ethernet')) {
    wait(draw(cohort.people[prompt], stream));
  }
  if (findsUpdates(group.updates)) wait(draw(cohort.installs.update, stream));
  const { quality } = group.updates;
  if (quality !== null) wait(draw(cohort.installs.qualityUpdate, stream));
  const restarts = group.updates.kind === 'restart' ? 1 : 0;
  const inSetup = restartsInSetup(group);
  for (let restart = restarts + inSetup; restart > 0; restart--) wait(draw(cohort.restart, stream));
  for (let signIn = inSetup; signIn > 0; signIn--) wait(draw(cohort.people['windows-sign-in'], stream));

  let sessions = 0;
  let messages = 0;
  // Without a status page there are no phases: one session in the background brings what there is.
  for (const phase of group.esp.shown ? [group.esp.device, group.esp.user] : [group.esp.device]) {
    const inPhase = group.esp.shown ? walkPhase(phase, cohort, stream, wait) : 1;
    sessions += inPhase;
    messages += inPhase * MESSAGES_PER_SESSION + MESSAGES_OF_INTRODUCTION + kindsOf(phase);
  }

  const requests = requestsOf(plan, group, restarts, messages);
  const exchanges = SERVICE_NAMES.reduce((sum, service) => sum + requests[service], 0);
  const roundTrips = exchanges + CONNECTIONS * HANDSHAKE_ROUND_TRIPS;
  const transferMs = network.downMbps === 0 ? 0 : (contentBytes(group) * 8) / (network.downMbps * SECOND_MS);
  const serviceMs = roundTrips * 2 * network.latencyMs + exchanges * BACKEND_MS + transferMs;
  return {
    deviceMs: waitsMs + serviceMs,
    realMs: waitsMs / plan.speed + serviceMs,
    connectedMs: heldMs + serviceMs,
    requests,
    sessions,
    messages,
  };
}

/** Installs of one phase and the sessions that go on meanwhile, the first and the last among them; returns their number. */
function walkPhase(
  phase: PhaseContent,
  cohort: CohortPlan,
  stream: RandomStream,
  wait: (deviceMs: number) => void,
): number {
  let installsMs = 0;
  for (const { name } of appsOf(phase))
    installsMs += draw(cohort.installers[name]?.time ?? cohort.installs.app, stream);
  const pauseMs = draw(cohort.sessionPause, stream);
  const pauses = pauseMs <= 0 ? 0 : Math.ceil(installsMs / pauseMs);
  for (let pause = 0; pause < pauses; pause++) wait(pauseMs);
  return 1 + Math.max(1, pauses);
}

/** Kinds of content that a phase delivers. */
function kindsOf(phase: PhaseContent): number {
  const { policies, restartPolicies, scepCertificates, pfxCertificates, networkProfiles, msiApps, modernApps } = phase;
  const settings = policies + restartPolicies;
  const amounts = [settings, scepCertificates, pfxCertificates, networkProfiles, msiApps.length, modernApps.length];
  return amounts.filter((amount) => amount > 0).length;
}

/** The pages that a device of the cohort shows (mission.md 1-5): on Wi-Fi the first ones come before any profile. */
function promptsOf(cohort: CohortPlan, group: GroupConfig, termsOfUse: boolean, wired: boolean): PromptName[] {
  const { profile } = group;
  const prompts: PromptName[] = ['user-name', 'password'];
  if (!wired) prompts.push('network-choice');
  if (!wired || profile.locale === null) {
    if (cohort.languages > 1) prompts.push('language');
    prompts.push('region');
  }
  if (!wired || !profile.hideKeyboard) prompts.push('keyboard', 'second-keyboard');
  if (!profile.hideLicence) prompts.push('licence');
  if (!profile.hidePrivacy) prompts.push('privacy');
  if (!profile.hideOemRegistration) prompts.push('oem-registration');
  if (group.accounts.multifactor) prompts.push('multifactor');
  if (termsOfUse) prompts.push('terms-of-use');
  if (group.windowsHello) prompts.push('windows-hello');
  return prompts;
}

/** Requests of a Windows sign-in after a restart: realm, nonce, primary refresh token; of a page that asks for a second factor. */
const SIGN_IN_AGAIN = 3;
const SECOND_FACTOR_PAGE = 8;
/** The extension checks in in both phases and at the desktop. */
const GATEWAY_PHASES = 3;

/** Restarts that lose the credentials: one for settings that want it, one for quality updates. */
function restartsInSetup({ esp, updates }: GroupConfig): number {
  return (esp.shown && esp.device.restartPolicies > 0 ? 1 : 0) + (updates.quality?.restart === true ? 1 : 0);
}

/** Requests of one device by service; a restart in OOBE connects and asks for the profile once more. */
function requestsOf(plan: Plan, group: GroupConfig, restarts: number, messages: number): Record<ServiceName, number> {
  const { termsOfUse } = plan.tenant;
  const { kind: account, multifactor } = group.accounts;
  const phases = [group.esp.device, group.esp.user];
  const win32 = phases.map(({ win32Apps }) => win32Apps.length);
  const certificates = phases.reduce((sum, { scepCertificates }) => sum + scepCertificates, 0);
  const { quality } = group.updates;
  const updates = (findsUpdates(group.updates) ? 2 : 1) + (quality === null ? 0 : 2);
  const inSetup = restartsInSetup(group);
  // The token, and the page of a second factor where the sign-in had none.
  const hello = group.windowsHello ? 1 + (multifactor ? 0 : SECOND_FACTOR_PAGE) : 0;
  return {
    // Not the device's own: the shard imports them in batches.
    registration: 0,
    connectivity: 1 + restarts,
    // For the quality updates the device asks for a ticket once more.
    profile: 3 * (1 + restarts) + (quality === null ? 0 : 2),
    updates: group.updates.kind === 'off' ? 0 : updates,
    login: 6 + 2 + (termsOfUse ? 1 : 0) + (multifactor ? 4 : 0) + SIGN_IN_AGAIN * inSetup + hello,
    federation: account === 'managed' ? 0 : 2,
    join: 2 + (group.windowsHello ? 1 : 0),
    enrollment: 3 + (termsOfUse ? 2 : 0),
    management: messages,
    // What the server can do, its certificates, and the enrollment.
    certificates: 3 * certificates,
    // Where the gateway is and which apps there are, in each phase and at the desktop; then the content and the result of each.
    gateway: win32.some((apps) => apps > 0) ? GATEWAY_PHASES * 2 + win32.reduce((sum, apps) => sum + 2 * apps, 0) : 0,
    apps: phases.flatMap(appsOf).length + (win32.some((apps) => apps > 0) ? 1 : 0),
  };
}

function appsOf({ msiApps, modernApps, win32Apps }: PhaseContent): AppContent[] {
  return [...msiApps, ...modernApps, ...win32Apps];
}

function contentBytes({ esp, updates, coManagement }: GroupConfig): number {
  const apps = [...[esp.device, esp.user].flatMap(appsOf), ...(coManagement?.taskSequenceApps ?? [])];
  const sizes = [
    findsUpdates(updates) ? updates.sizeBytes : 0,
    updates.quality?.sizeBytes ?? 0,
    coManagement?.clientSizeBytes ?? 0,
    ...apps.map((app) => app.sizeBytes),
  ];
  return sizes.reduce((sum, bytes) => sum + bytes, 0);
}

function byService(value: (service: ServiceName) => number): Record<ServiceName, number> {
  return Object.fromEntries(SERVICE_NAMES.map((service) => [service, value(service)])) as Record<ServiceName, number>;
}
