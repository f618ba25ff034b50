// Faults on a command line: `--fault profile-missing,rate=10%,cohort=desktops`. The same keys and quantities as in a scenario;
// everything that is wrong with one is said at once.
import { SERVICE_NAMES, SERVICES } from '../../catalog/services.ts';
import type { ServiceName } from '../../catalog/services.ts';
import { FAULT_NAMES, FAULTS } from '../../catalog/faults.ts';
import type { Fault, FaultConfig, FaultName } from '../../catalog/faults.ts';
import { STEPS } from '../../catalog/steps.ts';
import type { TenantConfig } from '../../catalog/tenant.ts';
import { FAULT_IMPLEMENTATIONS } from '../../backend/faults/catalog.ts';
import { fail, ok } from '../../kernel/result.ts';
import type { Result } from '../../kernel/result.ts';
import { SECOND_MS } from '../../kernel/units.ts';
import { nearestName } from '../../scenarios/language/nearest.ts';
import { DURATION, PERCENT, readQuantity } from '../../scenarios/language/quantities.ts';

/** How long a fault delays where nobody says. */
const DELAY_MS = 2 * SECOND_MS;
const KEYS = ['rate', 'cohort', 'service', 'from', 'until', 'delay'] as const;
type Key = (typeof KEYS)[number];

export interface FaultSurroundings {
  readonly groups: TenantConfig['groups'];
  /** All services share one port. */
  readonly onePort: boolean;
}

/** The faults of a command line, or every problem of them, one a line. */
export function parseFaults(
  texts: readonly string[],
  surroundings: FaultSurroundings,
): Result<readonly FaultConfig[], string> {
  const parsed = texts.map((text) => ({ text, ...parseFault(text, surroundings) }));
  const problems = parsed.flatMap(({ text, problems: each }) => each.map((problem) => `--fault ${text}: ${problem}`));
  if (problems.length > 0) return fail(problems.join('\n'));
  return ok(parsed.flatMap(({ fault }) => (fault === undefined ? [] : [fault])));
}

function parseFault(
  text: string,
  surroundings: FaultSurroundings,
): { readonly fault?: FaultConfig; readonly problems: readonly string[] } {
  const [name = '', ...parts] = text.split(',').map((part) => part.trim());
  if (!isFaultName(name)) return { problems: [`no fault is called "${name}"${suggestion(name, FAULT_NAMES)}`] };
  const problems: string[] = [];
  const written = new Map<Key, string>();
  for (const part of parts) {
    const [key = '', value] = part.split('=', 2).map((side) => side.trim());
    if (!isKey(key)) problems.push(`"${key}" is none of ${KEYS.join(', ')}${suggestion(key, KEYS)}`);
    else if (value === undefined || value === '') problems.push(`${key} has no value, such as ${EXAMPLES[key]}`);
    else written.set(key, value);
  }
  const time = (key: 'from' | 'until' | 'delay'): number | undefined => {
    const value = written.get(key);
    const ms = value === undefined ? undefined : readQuantity(DURATION, value);
    if (value !== undefined && ms === undefined) problems.push(`${key} is "${value}"; it is ${DURATION.title}`);
    return ms;
  };
  const fault: FaultConfig = {
    fault: name,
    rate: rateOf(written.get('rate'), problems),
    cohort: cohortOf(written.get('cohort'), surroundings, problems),
    service: serviceOf(name, written.get('service'), problems),
    fromMs: time('from') ?? 0,
    untilMs: time('until') ?? null,
    delayMs: time('delay') ?? DELAY_MS,
  };
  if (fault.untilMs !== null && fault.untilMs <= fault.fromMs) problems.push('it ends before it begins');
  const { anonymous }: Fault = FAULTS[name];
  if (anonymous === true && fault.cohort !== null)
    problems.push('it strikes before anybody says of which cohort: leave it out');
  problems.push(...connectionProblems(fault, surroundings));
  return { fault, problems };
}

const EXAMPLES: Readonly<Record<Key, string>> = {
  rate: 'rate=10%',
  cohort: 'cohort=default',
  service: 'service=management',
  from: 'from="30 s"',
  until: 'until="2 min"',
  delay: 'delay="5 s"',
};

function rateOf(value: string | undefined, problems: string[]): number {
  if (value === undefined) return 1;
  const rate = readQuantity(PERCENT, value) ?? (/^[01](?:\.\d{1,9})?$/.test(value) ? Number(value) : undefined);
  if (rate !== undefined && rate > 0 && rate <= 1) return rate;
  problems.push(`rate is "${value}"; it is a percentage above 0% up to 100%, or a share such as 0.1`);
  return 1;
}

function cohortOf(value: string | undefined, { groups }: FaultSurroundings, problems: string[]): string | null {
  if (value === undefined) return null;
  const tags = groups.map(({ tag }) => tag);
  if (!tags.includes(value)) {
    problems.push(`there is no cohort "${value}"${suggestion(value, tags)}; there is ${tags.join(', ')}`);
  }
  return value;
}

function serviceOf(name: FaultName, value: string | undefined, problems: string[]): ServiceName | null {
  const home = FAULTS[name].service;
  if (value === undefined) {
    if (home === null) problems.push('it can be anywhere: say where, such as service=management');
    return null;
  }
  const service = SERVICE_NAMES.find((known) => known === value);
  if (service === undefined) problems.push(`no service is called "${value}"${suggestion(value, SERVICE_NAMES)}`);
  else if (home !== null && home !== service) problems.push(`it is a fault of ${home}, not of ${service}`);
  return service ?? null;
}

/** What a fault of connections cannot be told: it strikes before anybody says who asks for what. */
function connectionProblems(fault: FaultConfig, { onePort }: FaultSurroundings): string[] {
  const implementation = FAULT_IMPLEMENTATIONS[fault.fault];
  if (implementation.kind !== 'connection') return [];
  const problems: string[] = [];
  if (onePort) problems.push('it needs a port for each service: leave out --port');
  if (implementation.fate === 'refused' && fault.rate < 1)
    problems.push('a port is shut for everybody: leave out rate');
  const plain = fault.service !== null && SERVICES[fault.service].scheme === 'http';
  const needsTls = implementation.fate === 'untrusted' || implementation.fate === 'broken';
  if (plain && needsTls) problems.push(`${fault.service ?? ''} speaks no TLS`);
  return problems;
}

function isFaultName(name: string): name is FaultName {
  return Object.hasOwn(FAULTS, name);
}

function isKey(key: string): key is Key {
  return KEYS.some((known) => known === key);
}

function suggestion(written: string, names: readonly string[]): string {
  const nearest = nearestName(written, names);
  return nearest === undefined ? '' : `; did you mean ${nearest}?`;
}

/** One fault of a backend, as a person reads it: "slow at join, 10% of cohort desktops, from 30 s until 2 min". */
export function describeFault({ fault, rate, cohort, service, fromMs, untilMs }: FaultConfig): string {
  const whom = `${PERCENT.format(rate)} of ${cohort === null ? 'all' : `cohort ${cohort}`}`;
  const where = FAULTS[fault].service ?? service ?? 'nowhere';
  const until = untilMs === null ? '' : ` until ${DURATION.format(untilMs)}`;
  return `${fault} at ${where}, ${whom}, from ${DURATION.format(fromMs)}${until}`;
}

/** Every fault with its service, what it is and what it ends a device with. */
export function faultList(): string {
  const width = Math.max(...FAULT_NAMES.map((name) => name.length));
  const lines = FAULT_NAMES.map((name) => {
    const { title, service, causes }: Fault = FAULTS[name];
    const end =
      causes === null ? '' : ` -> ${causes.code}${causes.step === null ? '' : ` (${STEPS[causes.step].title})`}`;
    return `${name.padEnd(width)}  ${(service ?? 'any').padEnd(12)}  ${title}${end}`;
  });
  return `${lines.join('\n')}\n`;
}
