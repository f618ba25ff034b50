// `flotilla run SCENARIO`: compiles it, asks whether the machine can hold it, and runs the plan while showing how it goes.
import type { Command } from 'commander';
import { SERVICE_NAMES } from '../../catalog/services.ts';
import type { ServiceName } from '../../catalog/services.ts';
import { RealClock } from '../../kernel/clock.ts';
import { LIMITS } from '../../kernel/limits.ts';
import { fail, ok } from '../../kernel/result.ts';
import type { Result } from '../../kernel/result.ts';
import { compileScenarioFile } from '../../scenarios/language/compile.ts';
import type { Overrides } from '../../scenarios/language/compile.ts';
import { forecastPlan } from '../../scenarios/language/forecast.ts';
import { checkMachine, needsOf, thisMachine } from '../../scenarios/language/machine.ts';
import type { Plan } from '../../scenarios/language/plan.ts';
import { EXIT } from '../exit-codes.ts';
import { reportText } from '../report-text.ts';
import { createRunDirectory, journalPath, tracePath, writeSummary } from '../run-directory.ts';
import type { RunDirectory } from '../run-directory.ts';
import { defaultThreads } from '../pool.ts';
import { runPlan } from '../run.ts';
import type { RunReporter } from '../run-options.ts';
import { Terminal } from '../terminal.ts';
import { overridesOf, refuseScenario, warn, withPlanOptions } from './plan-options.ts';
import type { PlanOptions } from './plan-options.ts';

interface RunArguments extends PlanOptions {
  readonly target?: readonly string[];
  readonly targetOwned?: readonly string[];
  readonly ca?: string;
  readonly threads?: string;
  readonly out?: string;
  readonly metricsPort?: string;
  readonly trace?: string;
  readonly json?: true;
}

export function runCommand(program: Command): void {
  withPlanOptions(program.command('run'))
    .description('run a scenario: the fleet goes from power-on to desktop')
    .argument('<scenario>', 'YAML file')
    .option('--target <url...>', 'where the services are: a URL for all, or service=URL, several times')
    .option('--target-owned <host...>', 'confirm that a host off this machine is yours to load')
    .option('--ca <file>', 'PEM file with the roots to trust')
    .option('--threads <count>', 'worker threads (default: a core each)')
    .option('--out <dir>', 'where to leave the files (default: runs/<time>-<scenario>)')
    .option('--metrics-port <port>', 'port of /metrics on 127.0.0.1 (default: 9464, or a free one)')
    .option('--trace <device>', 'write every exchange of one device to trace-<device>.jsonl')
    .option('--json', 'the summary as JSON on standard output, progress on standard error')
    .action(async (scenario: string, given: RunArguments) => {
      await run(scenario, given);
    });
}

async function run(scenario: string, given: RunArguments): Promise<void> {
  const numbers = readNumbers(given);
  const target = readTarget(given.target ?? []);
  const wrong = [numbers, target].flatMap((read) => (read.ok ? [] : [read.error]));
  if (!numbers.ok || !target.ok) return refuse(wrong.join('\n'), EXIT.usage);
  const overrides: Overrides = {
    ...overridesOf(given),
    target: target.value,
    targetOwned: given.targetOwned,
    ca: given.ca,
  };
  const compiled = compileScenarioFile(scenario, overrides);
  if (!compiled.ok) return refuseScenario(compiled.problems);
  const { plan, warnings } = compiled;
  warn(warnings);
  const { trace } = numbers.value;
  if (trace !== undefined && trace >= plan.devices) {
    return refuse(`--trace: the plan has devices 0 to ${plan.devices - 1}`, EXIT.usage);
  }
  const unfit = checkMachine(needsOf(plan, forecastPlan(plan)), thisMachine());
  if (unfit.length > 0) return refuseScenario(unfit);
  return execute(plan, given, numbers.value);
}

async function execute(plan: Plan, given: RunArguments, numbers: Numbers): Promise<void> {
  const clock = new RealClock();
  const directory = createRunDirectory(clock, plan.name, given.out);
  if (!directory.ok) return refuse(`the folder of the run cannot be made: ${directory.error}`, EXIT.usage);
  const terminal = new Terminal(given.json ? process.stderr : process.stdout, clock);
  const threads = numbers.threads ?? defaultThreads(plan);
  terminal.line(headline(plan, threads, terminal));
  const outcome = await runPlan(plan, {
    directory: directory.value,
    threads,
    clock,
    reporter: reporterFor(terminal, directory.value, given, numbers.trace),
    metricsPort: numbers.metricsPort,
    traceDevice: numbers.trace,
    onInterrupt,
  });
  process.exitCode = outcome.exitCode;
  if (outcome.kind === 'refused') {
    terminal.clear();
    process.stderr.write(`flotilla run: ${outcome.message}\n`);
  }
}

function headline(plan: Plan, threads: number, { paint }: Terminal): string {
  const workers = threads === 1 ? '1 worker thread' : `${threads} worker threads`;
  const parts = [`${plan.devices} devices`, `seed ${plan.seed}`, `speed ${plan.speed}`, workers];
  return `${paint.bold(plan.name)}  ${paint.dim(parts.join(', '))}`;
}

function reporterFor(
  terminal: Terminal,
  directory: RunDirectory,
  given: RunArguments,
  trace: number | undefined,
): RunReporter {
  return {
    phase: (text) => terminal.line(terminal.paint.dim(text)),
    notice: (text) => terminal.line(terminal.paint.yellow(text)),
    progress: (view) => terminal.progress(view),
    ended: (summary) => {
      const written = writeSummary(directory.path, summary);
      const files = [
        ...(written.ok ? [written.value] : [`summary.json cannot be written: ${written.error}`]),
        journalPath(directory.path),
        ...(trace === undefined ? [] : [tracePath(directory.path, trace)]),
      ];
      terminal.clear();
      for (const line of reportText(summary, files, terminal.paint)) terminal.line(line);
      if (given.json) process.stdout.write(`${JSON.stringify(summary, null, 2)}\n`);
      return Promise.resolve();
    },
  };
}

/** Ctrl-C, and the signal by which service managers end a process. */
function onInterrupt(interrupt: () => void): () => void {
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', interrupt);
  return () => {
    process.off('SIGINT', interrupt);
    process.off('SIGTERM', interrupt);
  };
}

interface Numbers {
  readonly threads: number | undefined;
  readonly metricsPort: number | undefined;
  readonly trace: number | undefined;
}

function readNumbers(given: RunArguments): Result<Numbers, string> {
  const problems: string[] = [];
  const read = (option: string, text: string | undefined, min: number, max: number): number | undefined => {
    if (text === undefined) return undefined;
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    if (value >= min && value <= max) return value;
    problems.push(`${option}: "${text}" is not a whole number from ${min} to ${max}`);
    return undefined;
  };
  const numbers: Numbers = {
    threads: read('--threads', given.threads, 1, LIMITS.threadsMax),
    metricsPort: read('--metrics-port', given.metricsPort, 1, 65_535),
    trace: read('--trace', given.trace, 0, LIMITS.devicesMax - 1),
  };
  return problems.length > 0 ? fail(problems.join('\n')) : ok(numbers);
}

/** `URL`, or `service=URL` for some services. */
function readTarget(given: readonly string[]): Result<Overrides['target'], string> {
  if (given.length === 0) return ok(undefined);
  const [first = ''] = given;
  const named = (text: string): boolean => /^[a-z-]+=/.test(text);
  if (given.length === 1 && !named(first)) return ok(first);
  const target: Partial<Record<ServiceName, string>> = {};
  for (const text of given) {
    const [service = '', url = ''] = text.split(/=(.*)/s);
    if (!named(text) || !(SERVICE_NAMES as readonly string[]).includes(service)) {
      return fail(`--target: "${text}" is not service=URL; services are ${SERVICE_NAMES.join(', ')}`);
    }
    target[service as ServiceName] = url;
  }
  return ok(target);
}

function refuse(message: string, exitCode: number): void {
  process.stderr.write(`${message.replaceAll(/^/gm, 'flotilla run: ')}\n`);
  process.exitCode = exitCode;
}
