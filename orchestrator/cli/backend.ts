// `flotilla backend`: the embedded backend on its own, for clients that are not ours. It stands until it is stopped; with --json
// it prints one line when it is ready, so that a script can wait for it.
import { readFile, stat } from 'node:fs/promises';
import type { Command } from 'commander';
import { SERVICE_NAMES, SERVICES } from '../../catalog/services.ts';
import { userName } from '../../catalog/tenant.ts';
import type { TenantConfig } from '../../catalog/tenant.ts';
import { startBackend } from '../../backend/backend.ts';
import type { RunningBackend } from '../../backend/backend.ts';
import { defaultTenant } from '../../backend/default-tenant.ts';
import { importRows } from '../../backend/registration/csv-import.ts';
import { RealClock } from '../../kernel/clock.ts';
import type { Clock } from '../../kernel/clock.ts';
import { LIMITS } from '../../kernel/limits.ts';
import { fail, messageOf, ok } from '../../kernel/result.ts';
import type { Result } from '../../kernel/result.ts';
import { parseRegistrationCsv } from '../../protocol/autopilot/registration-csv.ts';
import type { RegistrationRow } from '../../protocol/autopilot/registration-csv.ts';
import { compileScenarioFile } from '../../scenarios/language/compile.ts';
import { formatProblems } from '../../scenarios/language/problem.ts';
import { EXIT } from '../exit-codes.ts';
import { describeFault, faultList, parseFaults } from './fault-options.ts';

interface BackendArguments {
  readonly json?: boolean;
  readonly host: string;
  readonly port?: string;
  readonly seed?: string;
  readonly speed?: string;
  readonly register?: readonly string[];
  readonly scenario?: string;
  readonly fault?: readonly string[];
  readonly listFaults?: boolean;
}

const DEFAULT_SEED = 'flotilla';

export function backendCommand(program: Command): void {
  program
    .command('backend')
    .description('run the embedded backend on its own, until it is stopped')
    .option('--json', 'print one line of JSON when ready: URLs, names, CA certificate, a user, an administrator')
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--port <number>', 'one TLS port for all services, told apart by name (default: a free port each)')
    .option('--scenario <file>', 'serve the tenant of a scenario (default: a tenant of its own)')
    .option('--seed <text>', `what the tenant's identities derive from (default: the scenario's, or "${DEFAULT_SEED}")`)
    .option('--speed <factor>', 'shrink the delays that the backend simulates')
    .option('--register <file...>', 'register the devices of these CSV files before it is ready')
    .option(
      '--fault <name,key=value,...>',
      'a fault to have: rate, cohort, service, from, until, delay; repeatable',
      collect,
    )
    .option('--list-faults', 'list the faults that there are, and end')
    .action(async (given: BackendArguments) => {
      process.exitCode = await runBackend(given);
    });
}

function collect(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, text];
}

async function runBackend(given: BackendArguments): Promise<number> {
  if (given.listFaults === true) {
    process.stdout.write(faultList());
    return EXIT.passed;
  }
  const prepared = await prepare(given);
  if (!prepared.ok) return refuse(prepared.error);
  const { tenant, port, rows, clock } = prepared.value;
  const started = await startBackend({ tenant, clock, host: given.host, port, reportError });
  if (!started.ok) return refuse(started.error.message);
  const backend = started.value;
  const registered = register(backend, rows);
  backend.begin();
  process.stdout.write(
    given.json === true ? `${JSON.stringify(describe(backend))}\n` : `${text(backend, registered)}\n`,
  );
  await untilStopped();
  await backend.stop();
  return EXIT.passed;
}

interface Prepared {
  readonly tenant: TenantConfig;
  readonly port: number | undefined;
  readonly rows: readonly RegistrationRow[];
  readonly clock: Clock;
}

/** Everything that can be wrong about the command line, before a socket is opened. */
async function prepare(given: BackendArguments): Promise<Result<Prepared, string>> {
  const port = given.port === undefined ? undefined : Number(given.port);
  if (port !== undefined && !(Number.isInteger(port) && port >= 1 && port <= 65_535)) {
    return fail(`--port is "${given.port}"; a port is a whole number from 1 to 65535`);
  }
  const speed = given.speed === undefined ? undefined : Number(given.speed);
  if (speed !== undefined && !(speed >= 1 && Number.isFinite(speed))) {
    return fail(`--speed is "${given.speed}"; a speed is a number from 1`);
  }
  const clock = new RealClock(speed ?? 1);
  const tenant = tenantOf(given, speed, clock);
  if (!tenant.ok) return tenant;
  const { groups, faults } = tenant.value;
  const added = parseFaults(given.fault ?? [], { groups, onePort: port !== undefined });
  if (!added.ok) return added;
  const rows = await readRows(given.register ?? [], tenant.value);
  if (!rows.ok) return rows;
  return ok({ tenant: { ...tenant.value, faults: [...faults, ...added.value] }, port, rows: rows.value, clock });
}

function tenantOf(given: BackendArguments, speed: number | undefined, clock: Clock): Result<TenantConfig, string> {
  if (given.scenario === undefined) {
    const seed = given.seed ?? DEFAULT_SEED;
    return ok(defaultTenant({ seed, speed: speed ?? 1, epochMs: clock.wallMs() }));
  }
  const compiled = compileScenarioFile(given.scenario, { seed: given.seed, speed, preview: true });
  return compiled.ok ? ok(compiled.plan.tenant) : fail(formatProblems(compiled.problems));
}

/** The rows of all files; one whose tag is no group's goes to the first group, so that any CSV can be tried. */
async function readRows(files: readonly string[], tenant: TenantConfig): Promise<Result<RegistrationRow[], string>> {
  const tags = new Set(tenant.groups.map((group) => group.tag.toLowerCase()));
  const rows: RegistrationRow[] = [];
  for (const file of files) {
    const read = await readBounded(file);
    if (!read.ok) return read;
    const parsed = parseRegistrationCsv(read.value);
    if (!parsed.ok) {
      const problems = parsed.error.map(({ line, column, reason }) => `${file}:${line}:${column}: ${reason}`);
      return fail(problems.join('\n'));
    }
    for (const row of parsed.value.rows) {
      const known = tags.has((row.groupTag ?? '').toLowerCase());
      rows.push(known ? row : { ...row, groupTag: '' });
    }
  }
  return ok(rows);
}

async function readBounded(file: string): Promise<Result<string, string>> {
  try {
    const { size } = await stat(file);
    if (size > LIMITS.requestBytesMax) return fail(`${file} has more than ${LIMITS.requestBytesMax} bytes`);
    return ok(await readFile(file, 'latin1'));
  } catch (thrown) {
    return fail(`${file} cannot be read: ${messageOf(thrown)}`);
  }
}

/** How many were registered; each row that was not is told on standard error. */
function register(backend: RunningBackend, rows: readonly RegistrationRow[]): number {
  const outcome = importRows(backend.tenant, rows, '');
  for (const row of outcome.rows) {
    process.stderr.write(`flotilla backend: ${row.serialNumber}: ${row.errorCode} ${row.errorName}: ${row.message}\n`);
  }
  return outcome.imported;
}

/** What a foreign client needs, as the one line of --json. */
function describe(backend: RunningBackend): object {
  const { endpoints, names, caPath, admin, tenant } = backend;
  const { tenantId, domain, password } = tenant.config;
  return {
    services: endpoints,
    names,
    ca: caPath,
    tenant: { id: tenantId, domain, user: userName(tenant.config, 0), password },
    admin: { clientId: admin.clientId, clientSecret: admin.clientSecret, tokenUrl: admin.tokenUrl },
  };
}

function text(backend: RunningBackend, registered: number): string {
  const { endpoints, names, caPath, admin, tenant } = backend;
  const { config } = tenant;
  const services = SERVICE_NAMES.map((service) => {
    const { title } = SERVICES[service];
    return `  ${title.padEnd(32)} ${endpoints[service].padEnd(46)} ${names[service]}`;
  });
  return [
    `The tenant "${config.displayName}" (${config.domain}, ${config.tenantId}) is up; ${registered} devices are registered.`,
    '',
    ...services,
    '',
    `CA certificate  ${caPath}`,
    `Users           ${userName(config, 0)} to ${userName(config, config.users - 1)}, password ${config.password}`,
    `Administrator   client ${admin.clientId}, secret ${admin.clientSecret}`,
    `                token at ${admin.tokenUrl}`,
    ...config.faults.map((fault, index) => (index === 0 ? 'Faults' : '').padEnd(16) + describeFault(fault)),
    '',
    'Ctrl-C stops it.',
  ].join('\n');
}

function untilStopped(): Promise<void> {
  return new Promise((resolve) => {
    process.once('SIGINT', () => resolve());
    process.once('SIGTERM', () => resolve());
  });
}

function refuse(message: string): number {
  process.stderr.write(`flotilla backend: ${message}\n`);
  return EXIT.usage;
}

function reportError(error: unknown): void {
  process.stderr.write(`flotilla backend: ${messageOf(error)}\n`);
}
