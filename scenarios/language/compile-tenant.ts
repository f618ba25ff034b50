// The part of a plan that the embedded tenant is set up with: what it holds ready for the devices of each cohort.
import type { AccountsConfig } from '../../catalog/accounts.ts';
import {
  NO_CONTENT,
  type AppContent,
  type CoManagementConfig,
  type EspConfig,
  type PhaseContent,
  type UpdatesConfig,
} from '../../catalog/content.ts';
import type { FaultConfig } from '../../catalog/faults.ts';
import type { GroupConfig, TenantConfig } from '../../catalog/tenant.ts';
import { randomStream } from '../../kernel/random.ts';
import { DAY_MS, MINUTE_MS } from '../../kernel/units.ts';
import type { Plan } from './plan.ts';
import type { Scenario, ScenarioCohort } from './schema.ts';

type ScenarioPhase = NonNullable<ScenarioCohort['esp']>['device'];
type ScenarioApp = ScenarioPhase['apps'][number];

export function compileTenant(
  scenario: Scenario,
  facts: Pick<Plan, 'seed' | 'speed' | 'epochMs' | 'devices'>,
  counts: readonly number[],
): TenantConfig {
  const stream = randomStream(facts.seed, -1, 'tenant');
  return {
    tenantId: stream.guid(),
    domain: scenario.tenant.domain,
    displayName: scenario.tenant.displayName,
    signInText: scenario.tenant.signInText,
    // It opens nothing but the simulated tenant, so it may derive from the seed.
    password: `Simulated-${Buffer.from(stream.bytes(6)).toString('hex')}`,
    users: facts.devices,
    termsOfUse: scenario.tenant.termsOfUse,
    join: scenario.tenant.join,
    enrollment: { scope: scenario.tenant.mdm.scope, minimumOsVersion: scenario.tenant.mdm.minimumOs ?? null },
    groups: scenario.cohorts.map((cohort, at) => compileGroup(cohort, counts[at]!)),
    faults: scenario.faults.map(compileFault),
    speed: facts.speed,
    seed: facts.seed,
    epochMs: facts.epochMs,
  };
}

function compileGroup(cohort: ScenarioCohort, count: number): GroupConfig {
  const { profile, updates, assignment, accounts } = cohort;
  return {
    tag: cohort.name,
    profile: {
      name: profile.name ?? `${cohort.name} profile`,
      hidePrivacy: profile.hide.includes('privacy'),
      hideLicence: profile.hide.includes('licence'),
      hideOemRegistration: profile.hide.includes('oem-registration'),
      hideKeyboard: profile.hide.includes('keyboard'),
      standardUser: profile.user === 'standard',
      locale: profile.locale ?? null,
      deviceNameTemplate: profile.deviceName ?? '',
    },
    assignment: {
      by: assignment.by,
      lagMs: assignment.lag,
      profileAgeDays: assignment.profileAge / DAY_MS,
      profileDeleted: assignment.profileDeleted,
    },
    accounts: {
      count,
      kind: accounts.kind,
      multifactor: accounts.multifactor,
      traits: traitsOf(accounts.traits),
    },
    esp: compileEsp(cohort.esp),
    updates: { kind: updates.kind, sizeBytes: Math.round(updates.size), quality: compileQuality(updates) },
    windowsHello: cohort.windowsHello,
    coManagement: compileCoManagement(cohort.coManagement),
  };
}

function compileEsp(esp: ScenarioCohort['esp']): EspConfig {
  return {
    shown: esp?.shown ?? false,
    timeoutMinutes: (esp?.timeout ?? 60 * MINUTE_MS) / MINUTE_MS,
    allowReset: esp?.onFailure.includes('reset') ?? false,
    allowTryAgain: esp?.onFailure.includes('try-again') ?? false,
    allowContinueAnyway: esp?.onFailure.includes('continue-anyway') ?? false,
    assignedTo: esp?.assignedTo ?? 'devices',
    blocks: esp?.blocks ?? 'selected',
    providerTimeoutMinutes: (esp?.providerTimeout ?? 15 * MINUTE_MS) / MINUTE_MS,
    device: esp === undefined ? NO_CONTENT : compilePhase(esp.device),
    user: esp === undefined ? NO_CONTENT : compilePhase(esp.user),
  };
}

function compilePhase(phase: ScenarioPhase): PhaseContent {
  const apps = (kind: ScenarioApp['kind']): ScenarioApp[] => phase.apps.filter((app) => app.kind === kind);
  return {
    policies: phase.policies,
    restartPolicies: phase.restartPolicies,
    scepCertificates: phase.certificates,
    pfxCertificates: phase.pkcsCertificates,
    networkProfiles: phase.networkProfiles,
    msiApps: apps('msi').map(compileApp),
    modernApps: apps('modern').map(compileApp),
    win32Apps: apps('win32').map((app) => ({
      ...compileApp(app),
      blocking: app.blocking,
      dependsOn: app.dependsOn,
      restart: app.restart,
    })),
  };
}

function compileApp(app: { readonly name: string; readonly size: number }): AppContent {
  return { name: app.name, sizeBytes: Math.round(app.size) };
}

function compileQuality({ quality }: ScenarioCohort['updates']): UpdatesConfig['quality'] {
  return quality === undefined ? null : { sizeBytes: Math.round(quality.size), restart: quality.restart };
}

function compileCoManagement(written: ScenarioCohort['coManagement']): CoManagementConfig | null {
  if (written === undefined) return null;
  return {
    clientSizeBytes: Math.round(written.clientSize),
    workloads: written.workloads,
    taskSequenceApps: written.taskSequence.map(compileApp),
  };
}

function compileFault(written: Scenario['faults'][number]): FaultConfig {
  return {
    fault: written.fault,
    rate: written.rate,
    cohort: written.cohort ?? null,
    service: written.service ?? null,
    fromMs: written.from,
    untilMs: written.until ?? null,
    delayMs: written.delay,
  };
}

/** Only the traits that somebody has: the plan is JSON, which knows no `undefined`. */
function traitsOf(written: ScenarioCohort['accounts']['traits']): AccountsConfig['traits'] {
  return Object.fromEntries(Object.entries(written).filter(([, share]) => share !== undefined && share > 0));
}
