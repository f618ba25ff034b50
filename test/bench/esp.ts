// What the status page in full costs a device beside the plain Entra join of the same run: eight Win32 apps, two SCEP certificates, 40
// policies. Content is streamed, so its cost is given by the megabyte and left out of the ratio.
import { MIB } from '../../kernel/units.ts';
import { runScenario } from '../run-scenario.ts';
import { steadyAgentMs } from './device.ts';
import { enrollmentScenario } from './scenarios.ts';
import { row, type BenchRow } from './table.ts';

const APPS = 8;
/** Both kinds of devices come at the same rate, so that neither finds the machine busier. */
const RATE = 14;
const SECONDS = 40;
/** What SCEP costs is seen in several enrollments of one device, at a rate at which all code is compiled. */
const CERTIFICATES = 3;
const SCEP_RATE = 25;
const SMALL = { text: '1 KB', bytes: 1024 };
const LARGE = { text: '1 MB', bytes: MIB };

export async function benchEsp(repeat: number): Promise<BenchRow[]> {
  const rows = { plain: [] as number[], full: [] as number[], megabyte: [] as number[], scep: [] as number[] };
  for (let i = 0; i < repeat; i++) {
    const plain = await agentMs(plainScenario(RATE, 0));
    const [none, certified] = [
      await agentMs(plainScenario(SCEP_RATE, 0)),
      await agentMs(plainScenario(SCEP_RATE, CERTIFICATES)),
    ];
    const small = await agentMs(fullScenario(SMALL.text));
    const large = await agentMs(fullScenario(LARGE.text));
    rows.plain.push(plain);
    rows.scep.push((certified - none) / CERTIFICATES);
    rows.full.push(small);
    rows.megabyte.push((large - small) / ((APPS * (LARGE.bytes - SMALL.bytes)) / MIB));
  }
  const ratio = rows.full.map((fullMs, i) => fullMs / rows.plain[i]!);
  return [
    row('agent CPU per device, plain Entra join', 'ms', rows.plain),
    row(`agent CPU per device, full ESP (${APPS} Win32 apps, 2 certificates, 40 policies)`, 'ms', rows.full),
    row('full ESP / plain Entra join', 'x', ratio, { atMost: 2.2 }),
    row('agent CPU per SCEP enrollment', 'ms', rows.scep, { atMost: 3 }),
    row('agent CPU per megabyte of encrypted content', 'ms', rows.megabyte),
  ];
}

async function agentMs(scenario: string): Promise<number> {
  const run = await runScenario(scenario, '--threads', '1');
  const { succeeded, planned } = run.summary;
  if (succeeded !== planned) throw new Error(`${succeeded} of ${planned} reached the desktop`);
  return steadyAgentMs(run);
}

function plainScenario(rate: number, certificates: number): string {
  const load = { devices: rate * SECONDS, arrivals: `{ kind: constant, rate: ${rate}/s }` };
  return enrollmentScenario({ ...load, certificates });
}

function fullScenario(size: string): string {
  const apps = Array.from({ length: APPS }, (_, i) => `{ name: App ${i + 1}, kind: win32, size: ${size} }`);
  return `name: bench-esp
seed: bench
arrivals: { kind: constant, rate: ${RATE}/s }
people: 0 s
installs: 0 s
cohorts:
  - name: bench
    count: ${RATE * SECONDS}
    models: { simbook-15: 1, simdesk-tower: 1 }
    networks: { loopback: 1 }
    restart: 0 s
    sessionPause: 0 s
    updates: { kind: 'off' }
    esp:
      device: { policies: 30, certificates: 2, apps: [${apps.join(', ')}] }
      user: { policies: 10 }
`;
}
