// What one place of a scenario cannot show: contradictions between two places, which refuse it, and doubts, which only warn.
import { DEVICE_MODELS, type DeviceModelName } from '../../catalog/device-models.ts';
import { FAULTS, type Fault, type FaultName } from '../../catalog/faults.ts';
import { OS_VERSIONS, type OsVersion, type OsVersionName } from '../../catalog/os-versions.ts';
import { SERVICES, type ServiceName } from '../../catalog/services.ts';
import { NETWORK_PROFILES, type NetworkProfileName } from '../../catalog/network-profiles.ts';
import { LIMITS } from '../../kernel/limits.ts';
import { suggest, type Finding } from './findings.ts';
import type { KeyPath } from './schema-lookup.ts';
import type { Scenario } from './schema.ts';

/** A scenario as it came from YAML: every part of it may be anything. */
type Raw = Readonly<Record<string, unknown>>;

/**
 * Contradictions: a scenario that has one does not compile. They are looked for in the raw values, so that a wrong type in one
 * place does not hide them in another.
 */
export function findContradictions(raw: unknown): Finding[] {
  const findings: Finding[] = [];
  const cohorts = listOf(raw, 'cohorts');
  const devices = cohorts.reduce<number>((sum, cohort) => sum + (Number(cohort['count']) || 0), 0);
  if (devices > LIMITS.devicesMax) {
    const message = `The cohorts have ${devices} devices together; a plan has at most ${LIMITS.devicesMax}.`;
    findings.push({ at: ['cohorts'], message, remedy: 'Lower their counts.' });
  }
  for (const at of repeats(cohorts)) {
    const message = `Two cohorts are called \`${String(cohorts[at]!['name'])}\`.`;
    findings.push({ at: ['cohorts', at, 'name'], message, remedy: 'The name is a metric label: make it unique.' });
  }
  for (const [cohortAt, cohort] of cohorts.entries()) {
    const apps = PHASES.flatMap((phase) =>
      listOf(mapOf(mapOf(cohort)['esp'])[phase], 'apps').map((app, at) => ({ name: app['name'], phase, at })),
    );
    for (const repeat of repeats(apps)) {
      const { name, phase, at } = apps[repeat]!;
      const message = `The cohort installs two apps called \`${String(name)}\`.`;
      const path = ['cohorts', cohortAt, 'esp', phase, 'apps', at, 'name'];
      findings.push({ at: path, message, remedy: 'Give each its own name.' });
    }
    for (const phase of PHASES)
      findings.push(...appContradictions(cohort, ['cohorts', cohortAt, 'esp', phase, 'apps']));
  }
  findings.push(...faultContradictions(listOf(raw, 'faults'), cohorts));
  return findings;
}

/** Keys that only mean something for an app of the management extension. */
const WIN32_KEYS = ['blocking', 'dependsOn', 'restart', 'installer'] as const;

/** What the apps of one phase say of each other. */
function appContradictions(cohort: Raw, path: KeyPath): Finding[] {
  const apps = listOf(mapOf(mapOf(cohort['esp'])[String(path.at(-2))]), 'apps');
  const win32 = new Map(apps.flatMap((app) => (app['kind'] === 'win32' ? [[app['name'], dependenciesOf(app)]] : [])));
  return apps.flatMap((app, at) => {
    const findings: Finding[] = [];
    if (app['kind'] !== 'win32') {
      for (const key of WIN32_KEYS.filter((name) => app[name] !== undefined)) {
        const message = `\`${key}\` is only for apps of kind \`win32\`.`;
        findings.push({ at: [...path, at, key], onKey: true, message, remedy: 'Set `kind: win32`, or remove it.' });
      }
      return findings;
    }
    for (const [place, name] of dependenciesOf(app).entries()) {
      if (win32.has(name)) continue;
      const message = `\`${name}\` is not a \`win32\` app of this phase.`;
      const remedy = suggest(
        name,
        [...win32.keys()].filter((known) => typeof known === 'string'),
      );
      findings.push({ at: [...path, at, 'dependsOn', place], message, remedy });
    }
    if (typeof app['name'] === 'string' && reaches(win32, app['name'], app['name'], new Set())) {
      const message = `\`${app['name']}\` depends on itself, directly or by way of others.`;
      findings.push({ at: [...path, at, 'dependsOn'], message, remedy: 'Break the circle.' });
    }
    return findings;
  });
}

function dependenciesOf(app: Raw): string[] {
  const names = app['dependsOn'];
  return Array.isArray(names) ? names.filter((name) => typeof name === 'string') : [];
}

function reaches(apps: ReadonlyMap<unknown, string[]>, from: string, to: string, seen: Set<string>): boolean {
  return (apps.get(from) ?? []).some((name) => {
    if (name === to) return true;
    if (seen.has(name)) return false;
    seen.add(name);
    return reaches(apps, name, to, seen);
  });
}

/** Faults of a TLS handshake. */
const TLS_ONLY: ReadonlySet<string> = new Set<FaultName>(['untrusted-certificate', 'handshake-failed']);

function faultContradictions(faults: readonly Raw[], cohorts: readonly Raw[]): Finding[] {
  const names = cohorts.flatMap(({ name }) => (typeof name === 'string' ? [name] : []));
  return faults.flatMap((fault, at) => {
    const findings: Finding[] = [];
    const { fault: name, cohort, service } = fault;
    if (typeof cohort === 'string' && !names.includes(cohort)) {
      const message = `There is no cohort \`${cohort}\`.`;
      findings.push({ at: ['faults', at, 'cohort'], message, remedy: suggest(cohort, names) });
    }
    if (typeof name === 'string' && Object.hasOwn(FAULTS, name)) {
      const { service: home, anonymous }: Fault = FAULTS[name as FaultName];
      if (home === null && service === undefined) {
        const message = `\`${name}\` can be anywhere: \`service\` is missing.`;
        findings.push({ at: ['faults', at, 'fault'], message, remedy: 'Add it, such as `service: management`.' });
      }
      if (home !== null && typeof service === 'string' && service !== home) {
        const message = `\`${name}\` is a fault of \`${home}\`, not of \`${service}\`.`;
        findings.push({ at: ['faults', at, 'service'], message, remedy: 'Remove the key.' });
      }
      if (anonymous === true && cohort !== undefined) {
        const message = `\`${name}\` strikes before anybody says who asks: it cannot be kept to a cohort.`;
        findings.push({ at: ['faults', at, 'cohort'], onKey: true, message, remedy: 'Remove the key.' });
      }
      if (TLS_ONLY.has(name) && SERVICES[service as ServiceName]?.scheme === 'http') {
        const message = `\`${name}\` needs TLS, and \`${String(service)}\` is plain HTTP.`;
        findings.push({ at: ['faults', at, 'service'], message, remedy: 'Choose a service with TLS.' });
      }
    }
    return findings;
  });
}

const PHASES = ['device', 'user'] as const;

/** Where a name occurs that stood further up already. */
function repeats(entries: readonly { readonly name?: unknown }[]): number[] {
  const seen = new Set<unknown>();
  return entries.flatMap(({ name }, at) => {
    if (typeof name !== 'string' || !seen.has(name)) {
      seen.add(name);
      return [];
    }
    return [at];
  });
}

function mapOf(value: unknown): Raw {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Raw) : {};
}

function listOf(value: unknown, key: string): readonly Raw[] {
  const list = mapOf(value)[key];
  return Array.isArray(list) ? list.map(mapOf) : [];
}

/** Doubts: legal, but probably not what was meant. */
export function doubts(scenario: Scenario): Finding[] {
  const findings: Finding[] = [];
  if (scenario.keys === 'real') {
    const message = 'Real RSA keys cost a core 40 to 160 ms each, three or four for each device.';
    findings.push({ at: ['keys'], message, remedy: 'Use `pool` unless the keys themselves are under test.' });
  }
  for (const [at, cohort] of scenario.cohorts.entries()) {
    for (const model of Object.keys(cohort.models) as DeviceModelName[]) {
      for (const network of Object.keys(cohort.networks) as NetworkProfileName[]) {
        if (network === 'loopback' || fits(model, network)) continue;
        const message = `\`${model}\` has no adapter for \`${network}\` (${NETWORK_PROFILES[network].medium}).`;
        const remedy = 'It is simulated as if docked; choose another model or network to be realistic.';
        findings.push({ at: ['cohorts', at, 'models', model], onKey: true, message, remedy });
      }
    }
    for (const version of Object.keys(cohort.osVersions ?? {}) as OsVersionName[]) {
      const { userDriven, supported, servicedUntil }: OsVersion = OS_VERSIONS[version];
      const path = ['cohorts', at, 'osVersions', version];
      if (!userDriven) {
        const message = `\`${version}\` has no user-driven mode: its devices will fail.`;
        findings.push({ at: path, onKey: true, message, remedy: 'Keep it only to see that.' });
      } else if (!supported) {
        const message = `\`${version}\` is out of support since ${servicedUntil}.`;
        findings.push({ at: path, onKey: true, message, remedy: 'Choose a version that Microsoft services.' });
      }
    }
    if (cohort.esp?.shown === false && cohort.esp.onFailure.length > 0) {
      const message = '`onFailure` has no effect while the page is not shown.';
      findings.push({ at: ['cohorts', at, 'esp', 'onFailure'], onKey: true, message, remedy: 'Remove it.' });
    }
    findings.push(...pageDoubts(cohort, ['cohorts', at, 'esp']));
  }
  return findings;
}

function pageDoubts({ esp }: Scenario['cohorts'][number], path: KeyPath): Finding[] {
  if (esp === undefined) return [];
  const findings: Finding[] = [];
  const { atLast, tryAgain } = esp.person;
  const wants = [...(tryAgain > 0 ? (['try-again'] as const) : []), ...(atLast === 'give-up' ? [] : [atLast])];
  for (const button of wants.filter((name) => !esp.onFailure.includes(name))) {
    const message = `The person wants \`${button}\`, which the page does not offer.`;
    findings.push({ at: [...path, 'person'], onKey: true, message, remedy: `Add \`${button}\` to \`onFailure\`.` });
  }
  for (const phase of PHASES) {
    const kinds = new Set(esp[phase].apps.map(({ kind }) => kind));
    if (!kinds.has('msi') || !kinds.has('win32')) continue;
    const message = 'MSI jobs and Win32 apps in one phase get in each other’s way on real devices.';
    const remedy = 'Deliver all of them as `win32`, as Microsoft advises.';
    findings.push({ at: [...path, phase, 'apps'], onKey: true, message, remedy });
  }
  return findings;
}

/** Cellular links reach a device by its own modem or over a hotspot: any model will do. */
function fits(model: DeviceModelName, network: NetworkProfileName): boolean {
  const { adapters } = DEVICE_MODELS[model];
  const { medium } = NETWORK_PROFILES[network];
  return medium === 'ethernet' ? adapters.ethernet : medium === 'wifi' ? adapters.wifi : true;
}
