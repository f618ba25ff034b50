// Scenario and overrides in, frozen plan out; or every problem at once. It runs before anything is started, reads no clock and
// draws nothing but ids from the seed, so the same text, seed and overrides always give the same plan.
import { readFileSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { SERVICE_NAMES, type ServiceName } from '../../catalog/services.ts';
import { LIMITS } from '../../kernel/limits.ts';
import { messageOf } from '../../kernel/result.ts';
import { formatBytes } from '../../kernel/units.ts';
import { compileCohort } from './compile-cohort.ts';
import { compileTenant } from './compile-tenant.ts';
import { doubts } from './cross-checks.ts';
import { inOrder, loadScenario, type Source } from './load.ts';
import { EMBEDDED, type Plan } from './plan.ts';
import { problemOf, type Problem } from './problem.ts';
import type { Scenario } from './schema.ts';
import { apportion } from './shard.ts';
import { fullTarget, hostOf, judgeHost, type Target } from './target.ts';
import { readEpoch, readThreshold, URL_TEXT } from './text-forms.ts';

/** What the command line changes of a scenario; each stands for the option of its name. */
export interface Overrides {
  readonly seed?: string | undefined;
  readonly speed?: number | undefined;
  /** Cohorts keep their proportions, and the counts add up exactly. */
  readonly devices?: number | undefined;
  /** One URL for every service, or URLs by service; what is not mentioned stays as the scenario says. */
  readonly target?: string | Readonly<Partial<Record<ServiceName, string>>> | undefined;
  /** Hosts that the person at the command line confirms to own. */
  readonly targetOwned?: readonly string[] | undefined;
  /** PEM file of roots to trust, relative to the working directory. */
  readonly ca?: string | undefined;
  /** The plan will only be looked at: consent of the target's owner is not asked for. */
  readonly preview?: boolean | undefined;
}

export type Compiled =
  | { readonly ok: true; readonly plan: Plan; readonly warnings: readonly Problem[] }
  | { readonly ok: false; readonly problems: readonly Problem[] };

export function compileScenario(source: Source, overrides: Overrides = {}): Compiled {
  const loaded = loadScenario(source);
  const problems = optionProblems(overrides);
  if (!loaded.ok) return { ok: false, problems: [...problems, ...loaded.error] };
  const { scenario, problemAt } = loaded.value;
  const target = targetOf(scenario, overrides);
  problems.push(...targetProblems(scenario, target, overrides, problemAt));
  const ca = readCa(source, scenario, overrides, problemAt);
  if (ca.problem !== null) problems.push(ca.problem);
  if (problems.length > 0) return { ok: false, problems: inOrder(problems) };

  const plan = buildPlan(scenario, overrides, target, ca.pem);
  return { ok: true, plan: freeze(plan), warnings: inOrder(doubts(scenario).map(problemAt)) };
}

/** Reads the file and compiles it; a file that cannot be read is a problem like any other. */
export function compileScenarioFile(path: string, overrides: Overrides = {}): Compiled {
  const unreadable = (reason: string): Compiled => {
    return { ok: false, problems: [problemOf(path, `The scenario cannot be read: ${reason}.`, 'Check the path.')] };
  };
  let text: string;
  try {
    // A device or a pipe may have no end, and a scenario is never large.
    const about = statSync(path);
    if (!about.isFile()) return unreadable('it is not a file');
    if (about.size > LIMITS.scenarioBytesMax)
      return unreadable(`it has ${formatBytes(about.size)}, too much for a scenario`);
    text = readFileSync(path, 'utf8');
  } catch (thrown) {
    return unreadable(messageOf(thrown));
  }
  return compileScenario({ path, text }, overrides);
}

function buildPlan(scenario: Scenario, overrides: Overrides, target: Target, targetCa: string | null): Plan {
  const seed = overrides.seed ?? scenario.seed;
  const speed = overrides.speed ?? scenario.speed;
  const written = scenario.cohorts.map((cohort) => cohort.count);
  const counts = overrides.devices === undefined ? written : apportion(written, overrides.devices);
  const devices = counts.reduce((sum, count) => sum + count, 0);
  const epochMs = readEpoch(scenario.epoch)!;
  return {
    planVersion: 1,
    name: scenario.name,
    description: scenario.description,
    seed,
    epochMs,
    speed,
    devices,
    cohorts: scenario.cohorts.map((cohort, at) => compileCohort(scenario, cohort, counts[at]!)),
    arrivals:
      scenario.arrivals.kind === 'at-once'
        ? { kind: 'at-once' }
        : { kind: scenario.arrivals.kind, ratePerSecond: scenario.arrivals.rate },
    inFlightMax: scenario.inFlightMax,
    keys: scenario.keys,
    tenant: compileTenant(scenario, { seed, speed, epochMs, devices }, counts),
    target,
    targetCa,
    validation: scenario.validation ?? null,
    thresholds: scenario.thresholds.map(readThreshold),
  };
}

function targetOf(scenario: Scenario, overrides: Overrides): Target {
  const written = fullTarget(scenario.target);
  if (overrides.target === undefined) return written;
  return fullTarget(typeof overrides.target === 'string' ? overrides.target : { ...written, ...overrides.target });
}

function optionProblems(overrides: Overrides): Problem[] {
  const problems: Problem[] = [];
  const { devices, speed, seed, target } = overrides;
  if (devices !== undefined && !(Number.isInteger(devices) && devices >= 1 && devices <= LIMITS.devicesMax)) {
    problems.push(problemOf('--devices', `It must be a whole number from 1 to ${LIMITS.devicesMax}.`, ''));
  }
  if (speed !== undefined && !(speed >= LIMITS.speedMin && speed <= LIMITS.speedMax)) {
    problems.push(problemOf('--speed', `It must be a number from ${LIMITS.speedMin} to ${LIMITS.speedMax}.`, ''));
  }
  if (seed !== undefined && (seed === '' || seed.length > LIMITS.nameCharactersMax)) {
    problems.push(problemOf('--seed', `It must have 1 to ${LIMITS.nameCharactersMax} characters.`, ''));
  }
  for (const url of typeof target === 'string' ? [target] : Object.values(target ?? {})) {
    if (url === EMBEDDED || (URL_TEXT.pattern.test(url) && hostOf(url) !== undefined)) continue;
    problems.push(problemOf('--target', `\`${url}\` is not \`embedded\` or ${URL_TEXT.title}.`, ''));
  }
  return problems;
}

type Locate = (finding: {
  at: readonly (string | number)[];
  message: string;
  remedy: string;
  about?: Problem['about'];
}) => Problem;

function targetProblems(scenario: Scenario, target: Target, overrides: Overrides, problemAt: Locate): Problem[] {
  const written = fullTarget(scenario.target);
  const named = new Set(Object.values(written).map(hostOf));
  const owned = new Set(overrides.targetOwned?.map((host) => host.toLowerCase()));
  const problems: Problem[] = [];
  const seen = new Set<string>();
  for (const service of SERVICE_NAMES) {
    const host = hostOf(target[service]);
    if (host === undefined || seen.has(host) || !URL_TEXT.pattern.test(target[service])) continue;
    seen.add(host);
    const verdict = judgeHost(host);
    const at = { at: ['target', service], about: 'target' } as const;
    const report = (message: string, remedy: string): void => {
      const inFile = hostOf(written[service]) === host;
      problems.push(inFile ? problemAt({ ...at, message, remedy }) : problemOf('--target', message, remedy, 'target'));
    };
    if (verdict === 'refused') {
      report(
        `\`${host}\` is a public cloud of identity or management: it is never a target.`,
        'Use a server of your own.',
      );
    } else if (verdict === 'needs-consent' && !named.has(host)) {
      report(
        `\`${host}\` is not on this machine and the scenario does not name it.`,
        `Name it under \`target\` in the scenario.`,
      );
    } else if (verdict === 'needs-consent' && overrides.preview !== true && !owned.has(host)) {
      report(
        `\`${host}\` is not on this machine.`,
        `If it is yours to load, confirm it with \`--target-owned ${host}\`.`,
      );
    }
  }
  return problems;
}

function readCa(
  source: Source,
  scenario: Scenario,
  overrides: Overrides,
  problemAt: Locate,
): { pem: string | null; problem: Problem | null } {
  const written = scenario.target === EMBEDDED ? undefined : scenario.target.ca;
  const path = overrides.ca ?? (written === undefined ? undefined : resolve(dirname(source.path), written));
  if (path === undefined) return { pem: null, problem: null };
  const report = (message: string, remedy: string) => ({
    pem: null,
    problem:
      overrides.ca === undefined
        ? problemAt({ at: ['target', 'ca'], message, remedy })
        : problemOf('--ca', message, remedy),
  });
  try {
    const pem = readFileSync(path, 'utf8');
    if (pem.length <= LIMITS.pemCharactersMax && pem.includes('-----BEGIN CERTIFICATE-----'))
      return { pem, problem: null };
    return report(`\`${path}\` holds no PEM certificate.`, 'Give the CA certificate in PEM form.');
  } catch (thrown) {
    return report(`\`${path}\` cannot be read: ${messageOf(thrown)}.`, 'Check the path.');
  }
}

/** Freezes a plan in depth: whoever holds it may rely on it. */
function freeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  for (const part of Object.values(value)) freeze(part);
  return Object.freeze(value);
}
