// The parts of a plan that come from a cohort: what its devices are and do, and what the embedded tenant holds ready for them.
import { PROMPT_NAMES, PROMPTS } from '../../catalog/prompts.ts';
import { NO_CONTENT, type EspConfig, type PhaseContent } from '../../catalog/content.ts';
import type { GroupConfig, TenantConfig } from '../../catalog/tenant.ts';
import type { Distribution } from '../../kernel/distribution.ts';
import { randomStream } from '../../kernel/random.ts';
import { MINUTE_MS, SECOND_MS } from '../../kernel/units.ts';
import type { Weighted } from '../../kernel/weighted.ts';
import type { CohortPlan, Plan } from './plan.ts';
import type { Scenario, ScenarioCohort } from './schema.ts';

/** Ours: plausible, not measured (one public trace shows 11 apps finishing 21 to 33 s apart). */
const DEFAULT_INSTALLS: CohortPlan['installs'] = {
  app: { kind: 'lognormal', medianMs: 25 * SECOND_MS, p95Ms: 90 * SECOND_MS },
  update: { kind: 'lognormal', medianMs: 3 * MINUTE_MS, p95Ms: 8 * MINUTE_MS },
  qualityUpdate: { kind: 'lognormal', medianMs: 28 * MINUTE_MS, p95Ms: 40 * MINUTE_MS },
};

export function compileCohort(scenario: Scenario, cohort: ScenarioCohort, count: number): CohortPlan {
  return {
    name: cohort.name,
    site: cohort.site,
    variant: cohort.variant,
    count,
    models: mixOf(cohort.models),
    networks: mixOf(cohort.networks),
    linkFaults: cohort.link,
    osVersions: [],
    registration: { by: 'partner', assignUser: false, missing: 0, otherTenant: 0, hardwareChanged: 0 },
    languages: cohort.languages,
    people: { ...DEFAULT_PEOPLE, ...scenario.people, ...cohort.people },
    mistakes: { mistypedPassword: 0, otherUser: 0, declinedTerms: 0, closedTerms: 0 },
    restartsWithoutProfile: 0,
    failedPage: { tryAgain: 0, then: 'give-up' },
    installers: {},
    installs: { ...DEFAULT_INSTALLS, ...scenario.installs, ...cohort.installs },
    restart: cohort.restart,
    sessionPause: cohort.sessionPause,
    pollSessions: cohort.polling.sessions,
  };
}

const DEFAULT_PEOPLE = Object.fromEntries(
  PROMPT_NAMES.map((name): [string, Distribution] => {
    const { medianSeconds, p95Seconds } = PROMPTS[name];
    return [name, { kind: 'lognormal', medianMs: medianSeconds * SECOND_MS, p95Ms: p95Seconds * SECOND_MS }];
  }),
) as CohortPlan['people'];

function mixOf<Name extends string>(shares: Partial<Record<Name, number | undefined>>): Weighted<Name>[] {
  return (Object.entries(shares) as [Name, number | undefined][]).flatMap(([value, share]) =>
    share === undefined ? [] : [{ value, share }],
  );
}

export function compileTenant(
  scenario: Scenario,
  facts: Pick<Plan, 'seed' | 'speed' | 'epochMs' | 'devices'>,
  counts: readonly number[],
): TenantConfig {
  const stream = randomStream(facts.seed, -1, 'tenant');
  const firsts = counts.map((_, at) => counts.slice(0, at).reduce((sum, count) => sum + count, 0));
  return {
    tenantId: stream.guid(),
    domain: scenario.tenant.domain,
    displayName: scenario.tenant.displayName,
    signInText: scenario.tenant.signInText,
    // It opens nothing but the simulated tenant, so it may derive from the seed.
    password: `Simulated-${Buffer.from(stream.bytes(6)).toString('hex')}`,
    users: facts.devices,
    termsOfUse: scenario.tenant.termsOfUse,
    join: { scope: 'all', quota: 50 },
    enrollment: { scope: 'all', minimumOsVersion: null },
    groups: scenario.cohorts.map((cohort, at) => compileGroup(cohort, firsts[at]!, counts[at]!)),
    faults: [],
    speed: facts.speed,
    seed: facts.seed,
    epochMs: facts.epochMs,
  };
}

function compileGroup(cohort: ScenarioCohort, first: number, count: number): GroupConfig {
  const { profile, updates } = cohort;
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
    assignment: { by: 'order-id', lagMs: 0, profileAgeDays: 0, profileDeleted: false },
    accounts: { first, count, kind: 'managed', multifactor: false, traits: {} },
    esp: compileEsp(cohort.esp),
    updates: { kind: updates.kind, sizeBytes: Math.round(updates.size), quality: null },
    windowsHello: false,
    coManagement: null,
  };
}

function compileEsp(esp: ScenarioCohort['esp']): EspConfig {
  return {
    shown: esp?.shown ?? false,
    timeoutMinutes: (esp?.timeout ?? 60 * MINUTE_MS) / MINUTE_MS,
    allowReset: esp?.onFailure.includes('reset') ?? false,
    allowTryAgain: esp?.onFailure.includes('try-again') ?? false,
    allowContinueAnyway: esp?.onFailure.includes('continue-anyway') ?? false,
    assignedTo: 'devices',
    blocks: 'all',
    providerTimeoutMinutes: 15,
    device: esp === undefined ? NO_CONTENT : compilePhase(esp.device),
    user: esp === undefined ? NO_CONTENT : compilePhase(esp.user),
  };
}

function compilePhase(phase: NonNullable<ScenarioCohort['esp']>['device']): PhaseContent {
  const apps = (kind: 'msi' | 'modern') =>
    phase.apps.filter((app) => app.kind === kind).map((app) => ({ name: app.name, sizeBytes: Math.round(app.size) }));
  return {
    ...NO_CONTENT,
    policies: phase.policies,
    scepCertificates: phase.certificates,
    networkProfiles: phase.networkProfiles,
    msiApps: apps('msi'),
    modernApps: apps('modern'),
  };
}
