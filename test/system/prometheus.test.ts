// Debian's Prometheus scrapes a real run: every expression of the dashboard and the rules returns data, the rules are healthy,
// and promtool has nothing to say about rules, configuration or the metrics themselves.
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compileScenarioFile } from '../../scenarios/language/compile.ts';
import { forecastPlan } from '../../scenarios/language/forecast.ts';
import {
  dashboardExpressions,
  filledIn,
  ruleExpressions,
  withoutAlarm,
  type Expression,
} from '../dashboards/expressions.ts';

const ROOT = path.dirname(path.dirname(import.meta.dirname));
const RULES = path.join(ROOT, 'dashboards/prometheus');
const SCENARIO = 'scenarios/library/first-run.yaml';
const DEVICES = 60;
const folder = mkdtempSync(path.join(tmpdir(), 'flotilla-prometheus-'));
const children: ChildProcess[] = [];

let prometheusUrl = '';
/** The last scrape of the run, seconds since the epoch: what has ended has no current values. */
let lastScrape = 0;
let metricsText = '';

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise<void>((resolve) => server.close(() => resolve()));
  return port;
}

interface Answer {
  readonly status: 'success' | 'error';
  readonly error?: string;
  readonly data: unknown;
}

async function ask(pathAndQuery: string): Promise<Answer> {
  const reply = await fetch(`${prometheusUrl}/api/v1/${pathAndQuery}`);
  return (await reply.json()) as Answer;
}

/** How many series an expression has at the end of the run; an error as its text. */
async function seriesOf(text: string): Promise<number | string> {
  const answer = await ask(`query?${new URLSearchParams({ query: text, time: String(lastScrape) }).toString()}`);
  return answer.status === 'success' ? (answer.data as { result: unknown[] }).result.length : (answer.error ?? 'error');
}

/** When the run was scraped last; looked for once a scrape has failed, since until then its end is not in the data. */
async function lastGoodScrape(): Promise<number> {
  for (let attempt = 0; attempt < 50; attempt++) {
    const { data } = await ask('query?query=up[5m]');
    const samples = (data as { result: { values: [number, string][] }[] }).result[0]?.values ?? [];
    if (samples.at(-1)?.[1] === '0') return samples.findLast(([, value]) => value === '1')?.[0] ?? 0;
    await sleep(200);
  }
  throw new Error('Prometheus does not see the end of the run');
}

async function startPrometheus(metricsPort: number): Promise<void> {
  const port = await freePort();
  prometheusUrl = `http://127.0.0.1:${port}`;
  for (const file of ['recording-rules.yml', 'alert-rules.yml'])
    copyFileSync(path.join(RULES, file), path.join(folder, file));
  const config = readFileSync(path.join(RULES, 'prometheus.yml'), 'utf8')
    .replace(/scrape_interval: \w+/, 'scrape_interval: 500ms')
    .replace(/evaluation_interval: \w+/, 'evaluation_interval: 1s')
    .replace('127.0.0.1:9464', `127.0.0.1:${metricsPort}`);
  writeFileSync(path.join(folder, 'prometheus.yml'), config);
  const options = [
    `--config.file=${path.join(folder, 'prometheus.yml')}`,
    `--storage.tsdb.path=${path.join(folder, 'data')}`,
    `--web.listen-address=127.0.0.1:${port}`,
  ];
  children.push(spawn('prometheus', options, { stdio: 'ignore' }));
  for (let attempt = 0; attempt < 100; attempt++) {
    if ((await fetch(`${prometheusUrl}/-/ready`).catch(() => undefined))?.ok === true) return;
    await sleep(100);
  }
  throw new Error('Prometheus does not get ready');
}

function readSummary(): { succeeded: number; exchangesByService: Record<string, number> } {
  return JSON.parse(readFileSync(path.join(folder, 'run/summary.json'), 'utf8')) as ReturnType<typeof readSummary>;
}

/** Runs the fleet to its end, and takes a copy of the metrics on the way. */
async function runFleet(metricsPort: number): Promise<number | null> {
  const words = ['run', SCENARIO, '--devices', String(DEVICES), '--metrics-port', String(metricsPort)];
  const run = spawn(process.execPath, ['bin/flotilla.js', ...words, '--out', path.join(folder, 'run')], {
    cwd: ROOT,
    stdio: 'ignore',
  });
  children.push(run);
  const ended = new Promise<number | null>((resolve) => run.once('exit', resolve));
  while (run.exitCode === null) {
    const scrape = await fetch(`http://127.0.0.1:${metricsPort}/metrics`).catch(() => undefined);
    if (scrape?.ok === true) metricsText = await scrape.text();
    await Promise.race([ended, sleep(500)]);
  }
  return ended;
}

beforeAll(async () => {
  const metricsPort = await freePort();
  await startPrometheus(metricsPort);
  expect([0, 3, 4]).toContain(await runFleet(metricsPort));
  lastScrape = await lastGoodScrape();
  expect(lastScrape).toBeGreaterThan(0);
}, 120_000);

afterAll(async () => {
  for (const child of children) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill();
    await ended;
  }
  rmSync(folder, { recursive: true, force: true });
});

async function withoutData(expressions: readonly Expression[]): Promise<string[]> {
  const missing: string[] = [];
  for (const { place, text } of expressions) {
    const series = await seriesOf(filledIn(text, '30s'));
    if (series === 0 || typeof series === 'string') missing.push(`${place}: ${series}`);
  }
  return missing;
}

describe('every expression returns data', () => {
  it('of the dashboard', async () => expect(await withoutData(dashboardExpressions())).toEqual([]));
  it('of the recording rules', async () =>
    expect(await withoutData(ruleExpressions('recording-rules.yml'))).toEqual([]));
  it('of the alerts, without their last comparison', async () => {
    const alerts = ruleExpressions('alert-rules.yml').map(({ place, text }) => ({ place, text: withoutAlarm(text) }));
    expect(await withoutData(alerts)).toEqual([]);
  });
  it('and what is not there returns none', async () => {
    expect(await withoutData([{ place: 'nothing', text: 'flotilla_nothing_total' }])).toEqual(['nothing: 0']);
  });
});

describe('Prometheus', () => {
  it('evaluates the rules without an error, and keeps what they record', async () => {
    const { data } = await ask('rules');
    const rules = (
      data as { groups: { rules: { name: string; health: string; lastError?: string }[] }[] }
    ).groups.flatMap((group) => group.rules);
    expect(rules.filter(({ health }) => health !== 'ok')).toEqual([]);
    expect(rules).toHaveLength(
      ruleExpressions('recording-rules.yml').length + ruleExpressions('alert-rules.yml').length,
    );
    const recorded = ruleExpressions('recording-rules.yml').map(({ place }) => ({ place, text: place }));
    expect(await withoutData(recorded)).toEqual([]);
  });
  it('has the counts of the summary', async () => {
    const summary = readSummary();
    expect(summary.succeeded).toBe(DEVICES);
    const query = new URLSearchParams({
      query: 'sum(flotilla_devices_total{state="started"})',
      time: String(lastScrape),
    });
    const { data } = await ask(`query?${query.toString()}`);
    expect((data as { result: { value: [number, string] }[] }).result[0]?.value[1]).toBe(String(DEVICES));
  });
});

describe('the forecast of the plan', () => {
  it('is what the services were asked: exactly, but for the number of management sessions', () => {
    const compiled = compileScenarioFile(path.join(ROOT, SCENARIO), { devices: DEVICES });
    if (!compiled.ok) throw new Error('the scenario does not compile');
    const { registration: _batches, management: expected, ...forecast } = forecastPlan(compiled.plan).requests;
    const { registration: _imports, management: sent = 0, ...asked } = readSummary().exchangesByService;
    expect(asked).toEqual(Object.fromEntries(Object.entries(forecast).filter(([, requests]) => requests > 0)));
    expect(sent / expected).toBeGreaterThan(0.7);
    expect(sent / expected).toBeLessThan(1.3);
  });
});

describe('promtool', () => {
  function promtool(...words: string[]): { status: number | null; text: string } {
    const { status, stdout, stderr } = spawnSync('promtool', words, { encoding: 'utf8', input: metricsText });
    return { status, text: `${stdout}${stderr}` };
  }
  it('finds the rules clean', () => {
    const files = ['recording-rules.yml', 'alert-rules.yml'].map((file) => path.join(RULES, file));
    const { status, text } = promtool('check', 'rules', '--lint=all', '--lint-fatal', ...files);
    expect(status, text).toBe(0);
  });
  it('finds the configuration clean', () => {
    const { status, text } = promtool('check', 'config', path.join(RULES, 'prometheus.yml'));
    expect(status, text).toBe(0);
  });
  it('finds the metrics clean', () => {
    expect(metricsText).toContain('flotilla_devices_total');
    expect(promtool('check', 'metrics')).toEqual({ status: 0, text: '' });
  });
});
