// `flotilla run` and `flotilla report` as their user sees them: the whole fleet against the embedded backend over real TLS.
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { METRICS_PORT } from '../../orchestrator/prometheus.ts';
import { compileScenarioFile } from '../../scenarios/language/compile.ts';
import { booksBalance, command, Folder } from './command.ts';

const SCENARIO = `name: small
speed: 5000
arrivals: { kind: constant, rate: 20/s }
cohorts:
  - name: desktops
    count: 8
    esp: { device: { policies: 3, apps: [{ name: App, size: 10 KB }] }, user: { policies: 2 } }
  - name: tablets
    count: 4
    networks: { home-fibre: 1 }
`;

describe('a run', () => {
  const folder = new Folder(SCENARIO);
  let ended: Awaited<ReturnType<typeof command>>;

  beforeAll(async () => {
    ended = await command(['run', folder.scenario, '--out', folder.out, '--json', '--trace', '3', '--threads', '2']);
  });
  afterAll(() => folder.remove());

  it('passes, with every device at the desktop and books that balance', () => {
    expect(ended.exitCode).toBe(0);
    expect(folder.summary).toMatchObject({ planned: 12, started: 12, succeeded: 12, failed: 0, abandoned: 0 });
    expect(folder.summary.verdict).toEqual({ result: 'passed', reasons: [] });
    expect(booksBalance(folder.summary)).toBe(true);
  });

  it('prints the summary alone on standard output, and progress on standard error', () => {
    expect(JSON.parse(ended.stdout)).toEqual(folder.summary);
    expect(ended.stderr).toContain('Registering 12 devices');
    expect(ended.stderr).toContain('PASSED  12 of 12 devices at the desktop');
  });

  it('measures every step of the flow, each service, and itself', () => {
    const { steps, exchangesByService, generator, inFlightPeak, deployment, bytes } = folder.summary;
    for (const step of ['network-connect', 'sign-in', 'entra-join', 'mdm-enroll', 'device-esp'] as const) {
      expect(steps[step]?.outcomes.succeeded).toBeGreaterThanOrEqual(8);
    }
    for (const service of ['registration', 'profile', 'login', 'join', 'enrollment', 'management', 'apps']) {
      expect(exchangesByService[service]).toBeGreaterThan(0);
      expect(bytes[service]?.received).toBeGreaterThan(0);
    }
    expect(deployment.count).toBe(12);
    expect(inFlightPeak).toBeGreaterThan(0);
    expect(generator.agentCpuSeconds).toBeGreaterThan(0);
    expect(generator.backendCpuSeconds).toBeGreaterThan(0);
    expect(generator.residentPeakBytes).toBeGreaterThan(50e6);
    expect(generator.threads).toBe(2);
  });

  it('writes each exchange of the traced device', () => {
    const lines = readFileSync(path.join(folder.out, 'trace-3.jsonl'), 'utf8').trim().split('\n');
    const operations = lines.map((line) => (JSON.parse(line) as { operation: string }).operation);
    expect(operations).toEqual(expect.arrayContaining(['probe', 'download', 'register', 'request-security-token']));
    expect(ended.stderr).toContain('trace-3.jsonl');
  });

  it('leaves no password and no token in its files or output', () => {
    const compiled = compileScenarioFile(folder.scenario);
    const password = compiled.ok ? compiled.plan.tenant.password : '';
    expect(password.length).toBeGreaterThan(3);
    const files = readdirSync(folder.out).map((file) => readFileSync(path.join(folder.out, file), 'latin1'));
    for (const text of [...files, ended.stdout, ended.stderr]) {
      expect(text).not.toContain(password);
      expect(text).not.toContain(encodeURIComponent(password));
      // Three parts of base64url, the first of them a JSON object: a signed token.
      expect(text).not.toMatch(/eyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}/);
    }
  });

  it('is reported from the journal with the same numbers', async () => {
    const live = folder.summary;
    const report = await command(['report', folder.out, '--json']);
    expect(report.exitCode).toBe(0);
    expect(JSON.parse(report.stdout)).toEqual(live);
    expect(folder.summary).toEqual(live);
  });
});

describe('a run that must not start', () => {
  const folder = new Folder(SCENARIO);
  afterAll(() => folder.remove());
  const run = (...args: string[]) => command(['run', folder.scenario, '--out', folder.out, ...args]);

  it.each([
    ['an unknown option', ['--sped', '3'], /unknown option '--sped'/],
    ['threads that are no number', ['--threads', 'many'], /--threads: "many" is not a whole number from 1 to 64/],
    ['a port that is none', ['--metrics-port', '70000'], /--metrics-port: "70000"/],
    ['a device to trace that the plan lacks', ['--trace', '12'], /the plan has devices 0 to 11/],
    ['a service that does not exist', ['--target', 'mail=https://localhost'], /services are registration, /],
  ])('ends with 2 for %s', async (_what, args, message) => {
    const { exitCode, stderr } = await run(...args);
    expect(stderr).toMatch(message);
    expect(exitCode).toBe(2);
  });

  it('ends with 2 for an unknown command, and for every problem of a scenario at once', async () => {
    expect((await command(['walk'])).exitCode).toBe(2);
    const broken = new Folder('name: x\nspeedd: 3\ncohorts: [{ name: a, count: nine }]\n');
    const { exitCode, stderr } = await command(['run', broken.scenario]);
    broken.remove();
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/speedd/);
    expect(stderr).toMatch(/count/);
  });

  it.each([
    ['a host that is never a target', ['--target', 'login=https://login.microsoftonline.com'], /never a target/],
    ['a host off this machine', ['--target', 'https://mdm.example.com'], /is not on this machine/],
    [
      'a port where nobody listens',
      ['--target', 'management=https://localhost:9'],
      /management at https:\/\/localhost:9/,
    ],
  ])('ends with 5 for %s', async (_what, args, message) => {
    const { exitCode, stderr } = await run(...args);
    expect(stderr).toMatch(message);
    expect(exitCode).toBe(5);
  });

  it('ends with 5 for a target whose certificate is not trusted', async () => {
    const backend = await import('./command.ts').then(({ startCommand }) => startCommand(['backend', '--json']));
    await backend.until(/\n/);
    const { services } = JSON.parse(backend.stdout()) as { services: { login: string } };
    const { exitCode, stderr } = await run('--target', `login=${services.login}`);
    backend.child.kill('SIGTERM');
    await backend.ended;
    expect(stderr).toMatch(/certificate is not trusted .*--ca/);
    expect(exitCode).toBe(5);
  });
});

describe('the metrics port', () => {
  const folder = new Folder(SCENARIO);
  const taken = createServer();
  let port: number;

  beforeAll(async () => {
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    port = (taken.address() as AddressInfo).port;
  });
  afterEach(() => taken.close());
  afterAll(() => folder.remove());

  it('must be free when it was asked for', async () => {
    const { exitCode, stderr } = await command([
      'run',
      folder.scenario,
      '--out',
      folder.out,
      '--metrics-port',
      String(port),
    ]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(`Metrics cannot be served on port ${port}`);
  });

  it('is another one, and says so, when the usual one is taken and none was asked for', async () => {
    const usual = createServer();
    // Taken by this test, or by somebody else already: both will do.
    await new Promise<void>((resolve) => {
      usual.once('error', () => resolve());
      usual.listen(METRICS_PORT, '127.0.0.1', resolve);
    });
    const { exitCode, stdout } = await command(['run', folder.scenario, '--out', folder.out, '--devices', '1']);
    usual.close();
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/Metrics at http:\/\/127\.0\.0\.1:\d+\/metrics \(the usual port is taken\)/);
  });
});
