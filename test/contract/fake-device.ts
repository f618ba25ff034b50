// A device without sockets for tests of steps: the real context, ledger, tree and recorder, in virtual time, with service
// functions that answer at once (or as slowly as a test says) and keep what they were asked.
import type { StepFailure } from '../../catalog/failures.ts';
import { PROMPT_NAMES, type PromptName } from '../../catalog/prompts.ts';
import { DeviceContext, type ShardContext } from '../../agent/device-context.ts';
import type { DeviceKey, KeyPool } from '../../agent/identity/keys.ts';
import { ManagedDevice } from '../../agent/management/managed-device.ts';
import type { DeviceNetwork } from '../../agent/network/device-network.ts';
import type { DeviceServices } from '../../agent/steps/services.ts';
import { STEP_FUNCTIONS } from '../../agent/steps/catalog.ts';
import type { StepResult } from '../../agent/steps/result.ts';
import { TimeLedger, type StepTimes } from '../../agent/time-ledger.ts';
import type { StepName } from '../../catalog/steps.ts';
import { VirtualClock } from '../../kernel/clock.ts';
import type { Distribution } from '../../kernel/distribution.ts';
import { ok, type Result } from '../../kernel/result.ts';
import { Stop } from '../../kernel/stop.ts';
import { MINUTE_MS } from '../../kernel/units.ts';
import { OOBE_CONFIG_BITS, type AutopilotProfile } from '../../protocol/autopilot/autopilot-profile.ts';
import { writeAppPolicies } from '../../protocol/extension/app-policies.ts';
import type { CohortPlan, Plan } from '../../scenarios/language/plan.ts';
import { compileScenario } from '../../scenarios/language/compile.ts';
import { ShardRecorder } from '../../telemetry/recorder.ts';

export const PROVIDER = 'Test MDM';
/** Real milliseconds that each service takes unless a test says otherwise. */
export const SERVICE_MS = 10;

export const PROFILE: AutopilotProfile = {
  ZtdRegistrationId: '11111111-1111-4111-8111-111111111111',
  CloudAssignedTenantId: '22222222-2222-4222-8222-222222222222',
  CloudAssignedTenantDomain: 'fleet.example',
  CloudAssignedOobeConfig: OOBE_CONFIG_BITS.enablePatchDownload,
  CloudAssignedForcedEnrollment: 1,
};

const SCENARIO = `
name: steps
speed: 60
arrivals: { kind: at-once }
people: 30 s
installs: 60 s
cohorts:
  - name: only
    count: 1
    restart: 2 min
    sessionPause: 10 s
`;

export interface FakeOptions {
  readonly wired?: boolean;
  readonly services?: Partial<DeviceServices>;
  readonly cohort?: Partial<CohortPlan>;
  readonly serviceMs?: number;
  readonly latenessMs?: number;
}

export interface FakeDevice {
  readonly device: DeviceContext;
  readonly clock: VirtualClock;
  readonly stop: Stop;
  readonly recorder: ShardRecorder;
  /** Names of the services that were called, in order. */
  readonly calls: string[];
  /** What was closed: a service's name, or `all`. */
  readonly closed: string[];
  /** Errors that no step should have thrown. */
  readonly errors: string[];
}

export function constant(ms: number): Distribution {
  return { kind: 'constant', ms };
}

/** People who take `ms` on the named pages and no time elsewhere. */
export function people(ms: number, ...pages: readonly PromptName[]): CohortPlan['people'] {
  const times = PROMPT_NAMES.map((name) => [name, constant(pages.includes(name) ? ms : 0)]);
  return Object.fromEntries(times) as CohortPlan['people'];
}

export function fakeDevice(options: FakeOptions = {}): FakeDevice {
  const compiled = compileScenario({ path: 'steps.yaml', text: SCENARIO });
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.problems));
  const plan: Plan = compiled.plan;
  const cohort: CohortPlan = { ...plan.cohorts[0]!, ...options.cohort };
  const clock = new VirtualClock(plan.epochMs, plan.speed);
  const stop = new Stop();
  const recorder = new ShardRecorder(0, clock);
  const calls: string[] = [];
  const closed: string[] = [];
  const errors: string[] = [];
  const network = {
    medium: options.wired === false ? 'wifi' : 'ethernet',
    counts: { exchanges: 0, retries: 0 },
    close: (service?: string) => closed.push(service ?? 'all'),
  } as unknown as DeviceNetwork;
  const shard: ShardContext = {
    plan,
    clock,
    stop,
    recorder,
    services: slowed(answers(options.services ?? {}), clock, stop, calls, options.serviceMs ?? SERVICE_MS),
    keys: KEYS,
    reportError: (message) => errors.push(message),
  };
  const device = new DeviceContext(shard, 0, cohort, network, new TimeLedger(clock, options.latenessMs));
  return { device, clock, stop, recorder, calls, closed, errors };
}

/** Brings the device to where a step may begin: signed in, joined, enrolled. */
export function prepared(fake: FakeDevice): FakeDevice {
  const { state } = fake.device;
  state.profile = PROFILE;
  state.deviceToken = 'ticket';
  state.signIn = SIGN_IN;
  state.person = { userName: SIGN_IN.claims.upn, password: 'password' };
  state.deviceCertificate = new Uint8Array(3);
  state.deviceId = '33333333-3333-4333-8333-333333333333';
  state.management = { address: 'https://localhost/omadm', providerId: PROVIDER };
  state.managed = new ManagedDevice({
    deviceId: state.deviceId,
    entraDeviceId: state.deviceId,
    providerId: PROVIDER,
    upn: SIGN_IN.claims.upn,
    identity: () => fake.device.identity(),
    hardwareHash: () => '',
  });
  return fake;
}

export interface StepRun {
  readonly result: StepResult;
  /** What the ledger says of the step, taken the moment it ended. */
  readonly times: StepTimes;
  readonly endedMs: number;
}

/** Starts a step and books it when it ends. */
export async function run({ device, clock }: FakeDevice, step: StepName): Promise<StepRun> {
  const result = await STEP_FUNCTIONS[step](device);
  return { result, times: device.ledger.finish(step, result.ok ? 'succeeded' : 'failed'), endedMs: clock.nowMs() };
}

/** Lets virtual time pass until the work has ended; a day of it is too long. */
export async function settled<T>(clock: VirtualClock, work: Promise<T>): Promise<T> {
  const ended: T[] = [];
  const ending = work.then((value) => ended.push(value));
  for (let minute = 0; minute < 24 * 60 && ended.length === 0; minute++) await clock.advance(MINUTE_MS);
  if (ended.length === 0) throw new Error('it did not end within a day');
  await ending;
  return ended[0] as T;
}

export const SIGN_IN = {
  session: { tokenEndpoint: 'https://localhost/token', refreshToken: 'refresh' },
  accessToken: 'access',
  claims: {
    upn: 'user0@fleet.example',
    sid: 'S-1',
    tid: PROFILE.CloudAssignedTenantId,
    tenantDisplayName: 'Fleet',
    mdmEnrollmentUrl: 'https://localhost/Discovery.svc',
  },
};

const KEY: DeviceKey = {
  algorithm: 'RS256',
  publicKeyInfo: new Uint8Array(),
  modulus: () => new Uint8Array(256),
  pkcs1Pem: () => '',
  sign: () => new Uint8Array(256),
  decrypt: () => undefined,
};
const KEYS: KeyPool = { deviceKey: () => KEY, forget: () => {} };

/** What services answer when all is well. */
function answers(own: Partial<DeviceServices>): DeviceServices {
  return {
    probeConnectivity: async () => ok(undefined),
    getDeviceToken: async () => ok('ticket'),
    downloadProfile: async () => ok(PROFILE),
    checkUpdates: async () => ok([]),
    downloadUpdate: async () => ok({ bytes: 1 }),
    openSignInPage: async () => ok({} as never),
    discoverRealm: async () => ok('managed'),
    submitCredentials: async () => ok('code'),
    submitNewPassword: async () => ok('code'),
    openFederatedPage: async () => ok({ id: '', action: '', fields: [] }),
    submitFederatedCredentials: async () => ok('code'),
    signInByTrust: async () => ok(SIGN_IN),
    beginMultifactor: async () => ok({ sessionId: '', flowToken: '', polls: 0 }),
    pollMultifactor: async () => ok('approved'),
    completeMultifactor: async () => ok('code'),
    openMultifactorPage: async () =>
      ok({ authorization: { tokenEndpoint: '', state: '', codeVerifier: '' }, answer: 'code' }),
    signInToWindows: async () => ok(SIGN_IN),
    redeemCode: async () => ok(SIGN_IN),
    refreshAccessToken: async () => ok('token'),
    discoverJoin: async () => ok({ endpoint: 'https://localhost/join', keyEndpoint: 'https://localhost/key' }),
    registerDevice: async () => ok({ certificate: new Uint8Array(3), deviceId: 'device', addedSids: [] }),
    unregisterDevice: async () => ok(undefined),
    registerHelloKey: async () => ok('key'),
    answerTermsOfUse: async () => ok('blob'),
    enrollDevice: async () => ok({ dmClient: {} } as never),
    openManagement: async () => ok({ address: 'https://localhost/omadm', providerId: PROVIDER }),
    sendManagementMessage: async () => ok(''),
    runSession: async () => ok({ messages: 1, commands: 0 }),
    requestCertificate: async () => ok({ kind: 'issued', thumbprint: 'AB'.repeat(20) }),
    downloadContent: async () => ok({ bytes: 1 }),
    locateGateway: async () => ok('https://localhost/gateway'),
    requestApps: async () => ok(writeAppPolicies([])),
    requestContent: async () => ok({ url: 'http://localhost/app', keys: {} as never, bytes: 1 }),
    downloadPackage: async () => ok({ bytes: 1 }),
    reportApp: async () => ok(undefined),
    ...own,
  };
}

/** Each service takes real time before it answers; a stop ends it as it ends an exchange. */
function slowed(
  services: DeviceServices,
  clock: VirtualClock,
  stop: Stop,
  calls: string[],
  serviceMs: number,
): DeviceServices {
  const slow = Object.entries(services).map(([name, call]) => [
    name,
    async (...parameters: never[]): Promise<Result<unknown, StepFailure>> => {
      calls.push(name);
      if ((await clock.waitReal(serviceMs, stop)) === 'stopped') {
        return { ok: false, error: { kind: 'failure', code: 'abandoned', detail: 'the run ended' } };
      }
      return (call as (...parameters: never[]) => Promise<Result<unknown, StepFailure>>)(...parameters);
    },
  ]);
  return Object.fromEntries(slow) as DeviceServices;
}
