// The part of a plan that comes from a cohort: what its devices and people are and do.
import { PROMPT_NAMES, PROMPTS } from '../../catalog/prompts.ts';
import type { Distribution } from '../../kernel/distribution.ts';
import { MINUTE_MS, SECOND_MS } from '../../kernel/units.ts';
import type { Weighted } from '../../kernel/weighted.ts';
import type { CohortPlan, InstallerPlan } from './plan.ts';
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
    osVersions: mixOf(cohort.osVersions ?? {}),
    registration: cohort.registration,
    languages: cohort.languages,
    people: { ...DEFAULT_PEOPLE, ...scenario.people, ...cohort.people },
    mistakes: cohort.mistakes,
    restartsWithoutProfile: cohort.restartsWithoutProfile,
    failedPage: cohort.esp?.person ?? { tryAgain: 0, atLast: 'give-up' },
    installers: compileInstallers(cohort),
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

function compileInstallers({ esp }: ScenarioCohort): Record<string, InstallerPlan> {
  const apps = esp === undefined ? [] : [...esp.device.apps, ...esp.user.apps];
  return Object.fromEntries(
    apps.flatMap(({ name, kind, installer }) => {
      if (kind !== 'win32' || installer === undefined) return [];
      const exitCodes = mixOf(installer.exitCodes ?? { 0: 1 }).map(({ value, share }) => ({
        value: Number(value),
        share,
      }));
      return [[name, { exitCodes, detected: installer.detected, time: installer.time ?? null }]];
    }),
  );
}
