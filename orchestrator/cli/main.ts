// The command `flotilla`: finds the command that was asked for and loads only its code, so that help and small commands are
// quick. Wrong usage ends with exit code 2, an error that nobody foresaw with 1.
import { Command, CommanderError } from 'commander';
import { messageOf } from '../../kernel/result.ts';
import { packageVersion } from '../entry-points.ts';
import { EXIT } from '../exit-codes.ts';

type Define = (program: Command) => void;

/** Each command by name, in the order of `--help`. */
const COMMANDS: Readonly<Record<string, () => Promise<Define>>> = {
  run: async () => (await import('./run.ts')).runCommand,
  check: async () => (await import('./check.ts')).checkCommand,
  plan: async () => (await import('./plan.ts')).planCommand,
  report: async () => (await import('./report.ts')).reportCommand,
  explain: async () => (await import('./explain.ts')).explainCommand,
  mint: async () => (await import('./mint.ts')).mintCommand,
  inspect: async () => (await import('./inspect.ts')).inspectCommand,
  backend: async () => (await import('./backend.ts')).backendCommand,
};

const EXIT_CODES = `
Exit codes: 0 passed; 1 unexpected error; 2 wrong usage or scenario, or a port is taken, or the machine cannot
hold the plan; 3 thresholds failed; 4 run invalid; 5 target refused, unreachable or not trusted; 130 interrupted.

Start with: flotilla run scenarios/library/first-run.yaml`;

/** Runs the command line; sets the exit code of the process. */
export async function main(argv: readonly string[]): Promise<void> {
  const program = new Command('flotilla')
    .description('A headless fleet of simulated Windows devices that goes through Windows Autopilot on the wire.')
    .version(packageVersion())
    .configureHelp({ showGlobalOptions: false })
    .addHelpText('after', EXIT_CODES)
    .showHelpAfterError('(flotilla --help lists the commands)')
    .exitOverride();
  // Who closes the pipe (`| head`) has read enough; a run goes on to its end.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
  try {
    const asked = COMMANDS[argv[0] ?? ''];
    const wanted = asked === undefined ? Object.values(COMMANDS) : [asked];
    for (const load of wanted) {
      const define = await load();
      define(program);
    }
    await program.parseAsync([...argv], { from: 'user' });
  } catch (thrown) {
    process.exitCode = exitCodeFor(thrown);
  }
}

/** Commander has told the person by then; help and version are no errors. */
function exitCodeFor(thrown: unknown): number {
  if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? EXIT.passed : EXIT.usage;
  const stack = thrown instanceof Error ? thrown.stack : undefined;
  process.stderr.write(`flotilla: an unexpected error, please report it\n${stack ?? messageOf(thrown)}\n`);
  return EXIT.error;
}
