// Options of the command line that change a scenario before it is compiled, and how commands tell what is wrong with one:
// `check` and `plan` share them with whatever else takes a scenario.
import type { Command } from 'commander';
import type { Overrides } from '../../scenarios/language/compile.ts';
import { formatProblems, type Problem } from '../../scenarios/language/problem.ts';
import { EXIT } from '../exit-codes.ts';

/** `--seed`, `--speed` and `--devices`, which mean the same to every command. */
export interface PlanOptions {
  readonly seed?: string;
  readonly speed?: string;
  readonly devices?: string;
}

export function withPlanOptions(command: Command): Command {
  return command
    .option('--seed <text>', 'another seed')
    .option('--speed <factor>', 'device seconds in a real second of a simulated wait')
    .option('--devices <count>', 'another number of devices; cohorts keep their proportions');
}

/** Texts become numbers here and are judged by the compiler: what is no number is NaN, which no bound admits. */
export function overridesOf(options: PlanOptions): Overrides {
  const number = (text: string | undefined): number | undefined =>
    text === undefined ? undefined : text.trim() === '' ? Number.NaN : Number(text);
  return { seed: options.seed, speed: number(options.speed), devices: number(options.devices) };
}

/** Writes every problem on standard error and sets the exit code: 5 where only the target is refused, else 2. */
export function refuseScenario(problems: readonly Problem[]): void {
  process.stderr.write(`${formatProblems(problems)}\n`);
  const targetOnly = problems.every((problem) => problem.about === 'target');
  process.exitCode = targetOnly ? EXIT.targetRefused : EXIT.usage;
}

/** Warnings never change the exit code. */
export function warn(warnings: readonly Problem[]): void {
  if (warnings.length === 0) return;
  const lines = formatProblems(warnings).split('\n');
  process.stderr.write(lines.map((line) => `warning: ${line}\n`).join(''));
}
