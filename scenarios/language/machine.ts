// What a machine must have to hold a plan, what this one has, and where the two do not meet: told before anything starts.
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { KIB, MIB, formatBytes } from '../../kernel/units.ts';
import type { Forecast } from './forecast.ts';
import type { Plan } from './plan.ts';
import { problemOf, type Problem } from './problem.ts';
import { EMBEDDED } from './plan.ts';

/** Of the whole run, the embedded backend included where the plan has one. */
export interface PlanNeeds {
  readonly memoryBytes: number;
  /** Of one process. */
  readonly openFiles: number;
  /** Local ports for connections to one address. */
  readonly ports: number;
}

export interface Machine {
  readonly cores: number;
  /** Memory that this process and its children may still take. */
  readonly memoryBytes: number;
  readonly openFiles: number;
  readonly ports: number;
}

/** Budgets, each a little above what the benchmarks measure. */
const GENERATOR_BYTES = 220 * MIB;
const BACKEND_BYTES = 150 * MIB;
const DEVICE_WAITING_BYTES = 15 * KIB;
const CONNECTION_BYTES = 120 * KIB;
const BACKEND_DEVICE_BYTES = 12 * KIB;
/** Files of a process that are not connections of devices: sources, sockets of its own, journal. */
const OTHER_FILES = 256;

export function needsOf(plan: Plan, forecast: Pick<Forecast, 'peakInFlight' | 'connectionsPeak'>): PlanNeeds {
  const embedded = Object.values(plan.target).includes(EMBEDDED);
  const connections = forecast.connectionsPeak;
  const generator = GENERATOR_BYTES + forecast.peakInFlight * DEVICE_WAITING_BYTES + connections * CONNECTION_BYTES;
  const backend = BACKEND_BYTES + plan.devices * BACKEND_DEVICE_BYTES + connections * CONNECTION_BYTES;
  return {
    memoryBytes: generator + (embedded ? backend : 0),
    openFiles: connections + OTHER_FILES,
    ports: connections,
  };
}

/** Every way in which the machine cannot hold the plan; the run refuses to start with any. */
export function checkMachine(needs: PlanNeeds, machine: Machine): Problem[] {
  const problems: Problem[] = [];
  const report = (message: string, remedy: string): void => {
    problems.push(problemOf('this machine', message, remedy, 'machine'));
  };
  if (needs.memoryBytes > machine.memoryBytes) {
    const has = formatBytes(machine.memoryBytes);
    report(
      `The plan needs about ${formatBytes(needs.memoryBytes)} of memory, and ${has} are free.`,
      'Lower `--devices` or `inFlightMax`.',
    );
  }
  if (needs.openFiles > machine.openFiles) {
    const message = `The plan needs about ${needs.openFiles} open files in a process, and the limit is ${machine.openFiles}.`;
    report(message, 'Raise it (`ulimit -n`) or lower `inFlightMax`.');
  }
  if (needs.ports > machine.ports) {
    const message = `The plan needs about ${needs.ports} local ports, and the system has ${machine.ports}.`;
    report(message, 'Widen net.ipv4.ip_local_port_range or lower `inFlightMax`.');
  }
  return problems;
}

/** This machine; what the system does not say is taken as Linux has it by default. */
export function thisMachine(): Machine {
  const files = /^Max open files\s+(\d+)/m.exec(textOf('/proc/self/limits'))?.[1];
  const [first, last] = textOf('/proc/sys/net/ipv4/ip_local_port_range').trim().split(/\s+/).map(Number);
  return {
    cores: availableParallelism(),
    memoryBytes: process.availableMemory(),
    openFiles: files === undefined ? 1024 : Number(files),
    ports: first !== undefined && last !== undefined ? last - first + 1 : 28_232,
  };
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
