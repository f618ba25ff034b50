// `flotilla mint SCENARIO` or `--count N`: writes the identities that a run of the same scenario and seed has, as registration
// files for an import and, with --tpm, as the public side of each TPM. Never overwrites what it would not have written itself.
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Command } from 'commander';
import { identityOf } from '../../agent/device-context.ts';
import { deviceIdentity } from '../../agent/identity/device-identity.ts';
import { mint } from '../../agent/identity/mint.ts';
import type { MintOptions } from '../../agent/identity/mint.ts';
import { DEVICE_MODEL_NAMES, DEVICE_MODELS } from '../../catalog/device-models.ts';
import { LIMITS } from '../../kernel/limits.ts';
import { randomStream } from '../../kernel/random.ts';
import { fail, messageOf, ok } from '../../kernel/result.ts';
import type { Result } from '../../kernel/result.ts';
import { compileScenarioFile } from '../../scenarios/language/compile.ts';
import { formatProblems } from '../../scenarios/language/problem.ts';
import { cohortIndexes } from '../../scenarios/language/shard.ts';
import { EXIT } from '../exit-codes.ts';

const DEFAULT_SEED = 'flotilla';
/** 2026-01-01T00:00:00Z, as in a scenario that names no epoch. */
const DEFAULT_EPOCH_MS = 1_767_225_600_000;

interface MintArguments {
  readonly count?: string;
  readonly seed?: string;
  readonly tpm?: boolean;
  readonly out: string;
}

export function mintCommand(program: Command): void {
  program
    .command('mint')
    .description('write the identities of a scenario, or of N devices of every model: registration CSVs, TPM files')
    .argument('[scenario]', 'the scenario whose devices are minted')
    .option('--count <n>', 'mint N devices of all models in equal shares instead of a scenario')
    .option('--seed <text>', `what identities derive from (default: the scenario's, or "${DEFAULT_SEED}")`)
    .option('--tpm', 'also write tpm/INDEX.ek.pub (TPM2B_PUBLIC), tpm/INDEX.ek.pem (certificate) and tpm/ca.pem')
    .option('--out <dir>', 'folder to write into', 'minted')
    .action((scenario: string | undefined, given: MintArguments) => {
      const written = mintInto(scenario, given);
      if (written.ok) process.stdout.write(`${written.value}\n`);
      else {
        process.stderr.write(`flotilla mint: ${written.error}\n`);
        process.exitCode = EXIT.usage;
      }
    });
}

/** A sentence about what was written, or why nothing (more) was. */
function mintInto(scenario: string | undefined, given: MintArguments): Result<string, string> {
  const source = scenario === undefined ? ofCount(given) : ofScenario(scenario, given);
  if (!source.ok) return source;
  try {
    const clash = findClash(source.value, given.out);
    if (clash !== undefined) return fail(`${clash} exists and is not what this would write; choose another --out`);
    const files = writeAll(source.value, given.out);
    return ok(`minted ${counted(source.value.count, 'device')}: ${counted(files, 'file')} in ${given.out}`);
  } catch (thrown) {
    return fail(messageOf(thrown));
  }
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

function ofCount({ count: text, seed = DEFAULT_SEED, tpm = false }: MintArguments): Result<MintOptions, string> {
  if (text === undefined) return fail('give a scenario, or --count N');
  const count = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  if (count < 1 || count > LIMITS.devicesMax) {
    return fail(`--count must be a whole number from 1 to ${LIMITS.devicesMax}, not "${text}"`);
  }
  if (seed === '' || seed.length > LIMITS.nameCharactersMax) {
    return fail(`--seed must have 1 to ${LIMITS.nameCharactersMax} characters`);
  }
  return ok({
    count,
    epochMs: DEFAULT_EPOCH_MS,
    identity: (index) => {
      const model = DEVICE_MODELS[randomStream(seed, index, 'model').pick(DEVICE_MODEL_NAMES)];
      return deviceIdentity(seed, index, model, DEFAULT_EPOCH_MS);
    },
    tpm,
  });
}

function ofScenario(scenario: string, { count, seed, tpm = false }: MintArguments): Result<MintOptions, string> {
  if (count !== undefined) return fail('give a scenario or --count, not both');
  // A preview: nothing here goes near the target, so nobody's consent is needed.
  const compiled = compileScenarioFile(scenario, { seed, preview: true });
  if (!compiled.ok) return fail(`the scenario has problems\n${formatProblems(compiled.problems)}`);
  const { plan } = compiled;
  const cohorts = cohortIndexes(plan);
  return ok({
    count: plan.devices,
    epochMs: plan.epochMs,
    identity: (index) => identityOf(plan, plan.cohorts[cohorts[index]!]!, index),
    registration: (index) => {
      const groupTag = plan.tenant.groups[cohorts[index]!]?.tag;
      return groupTag === undefined ? {} : { groupTag };
    },
    tpm,
  });
}

/** The first file that is there with other content. Minting is repeatable: the same content is no clash. */
function findClash(options: MintOptions, folder: string): string | undefined {
  if (!existsSync(folder)) return undefined;
  for (const file of mint(options)) {
    const target = path.join(folder, file.path);
    const present = statSync(target, { throwIfNoEntry: false });
    if (present === undefined || (present.isFile() && present.size === 0)) continue;
    if (!present.isFile() || !readFileSync(target).equals(file.bytes)) return target;
  }
  return undefined;
}

function writeAll(options: MintOptions, folder: string): number {
  mkdirSync(options.tpm ? path.join(folder, 'tpm') : folder, { recursive: true });
  let files = 0;
  for (const file of mint(options)) {
    writeFileSync(path.join(folder, file.path), file.bytes);
    files++;
  }
  return files;
}
