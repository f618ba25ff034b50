// What one place of a scenario cannot show: contradictions between two places, which refuse it, and doubts, which only warn.
import { DEVICE_MODELS, type DeviceModelName } from '../../catalog/device-models.ts';
import { NETWORK_PROFILES, type NetworkProfileName } from '../../catalog/network-profiles.ts';
import { LIMITS } from '../../kernel/limits.ts';
import type { Finding } from './findings.ts';
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
  }
  return findings;
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
    if (cohort.esp?.shown === false && cohort.esp.onFailure.length > 0) {
      const message = '`onFailure` has no effect while the page is not shown.';
      findings.push({ at: ['cohorts', at, 'esp', 'onFailure'], onKey: true, message, remedy: 'Remove it.' });
    }
  }
  return findings;
}

/** Cellular links reach a device by its own modem or over a hotspot: any model will do. */
function fits(model: DeviceModelName, network: NetworkProfileName): boolean {
  const { adapters } = DEVICE_MODELS[model];
  const { medium } = NETWORK_PROFILES[network];
  return medium === 'ethernet' ? adapters.ethernet : medium === 'wifi' ? adapters.wifi : true;
}
