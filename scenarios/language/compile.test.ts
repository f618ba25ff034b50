import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { NO_CONTENT } from '../../catalog/content.ts';
import { PROMPT_NAMES } from '../../catalog/prompts.ts';
import { compileScenario, compileScenarioFile, type Overrides } from './compile.ts';
import type { Plan } from './plan.ts';
import { formatProblems } from './problem.ts';

const SMALL = `name: small
arrivals: { kind: constant, rate: 10/s }
cohorts:
  - name: a
    count: 6
  - name: b
    count: 3
    people: { password: 9 s }
    models: { simslate-12: 1 }
    networks: { lte: 1 }
    esp:
      device: { policies: 4, apps: [{ name: One }, { name: Two, kind: modern, size: 1 KB }] }
people: { password: { median: 5 s, p95: 5 s }, region: { min: 1 s, max: 2 s } }
installs: 3 s
`;

function planOf(text: string, overrides: Overrides = {}): Plan {
  const compiled = compileScenario({ path: 'small.yaml', text }, overrides);
  if (!compiled.ok) throw new Error(formatProblems(compiled.problems));
  return compiled.plan;
}

function problemsOf(text: string, overrides: Overrides = {}): string[] {
  const compiled = compileScenario({ path: 's.yaml', text }, overrides);
  return compiled.ok ? [] : formatProblems(compiled.problems).split('\n');
}

describe('a plan', () => {
  const plan = planOf(SMALL);

  it('has every default filled in', () => {
    expect(plan).toMatchObject({
      seed: 'flotilla',
      speed: 1,
      devices: 9,
      keys: 'pool',
      inFlightMax: 20_000,
      targetCa: null,
    });
    expect(plan.epochMs).toBe(1_767_225_600_000);
    expect(plan.cohorts[0]).toMatchObject({
      name: 'a',
      site: 'main',
      variant: 'entra-join',
      models: [{ value: 'simbook-15', share: 1 }],
      linkFaults: { reset: 0, drop: 0 },
      pollSessions: 0,
    });
    expect(new Set(Object.values(plan.target))).toEqual(new Set(['embedded']));
  });

  it("takes a cohort's people before the top's, and the top's before the catalogue's", () => {
    const [a, b] = plan.cohorts;
    expect(Object.keys(a!.people).sort()).toEqual([...PROMPT_NAMES].sort());
    expect(a!.people.password).toEqual({ kind: 'lognormal', medianMs: 5000, p95Ms: 5000 });
    expect(b!.people.password).toEqual({ kind: 'constant', ms: 9000 });
    expect(b!.people.region).toEqual({ kind: 'uniform', minMs: 1000, maxMs: 2000 });
    expect(b!.people.licence).toEqual({ kind: 'lognormal', medianMs: 10_000, p95Ms: 40_000 });
    const installs = { kind: 'constant', ms: 3000 };
    expect(b!.installs).toEqual({ app: installs, update: installs, qualityUpdate: installs });
  });

  it('gives each cohort a group with its name as the tag', () => {
    const [a, b] = plan.tenant.groups;
    expect([a!.tag, b!.tag]).toEqual(['a', 'b']);
    expect(a!.esp.shown).toBe(false);
    expect(b!.esp).toMatchObject({ shown: true, timeoutMinutes: 60, allowReset: false });
    expect(b!.esp.device).toEqual({
      ...NO_CONTENT,
      policies: 4,
      msiApps: [{ name: 'One', sizeBytes: 2_097_152 }],
      modernApps: [{ name: 'Two', sizeBytes: 1024 }],
    });
    expect(plan.tenant).toMatchObject({ users: 9, domain: 'fleet.example', termsOfUse: false, speed: 1 });
  });

  it('is plain JSON, frozen in depth, and the same each time', () => {
    expect(structuredClone(plan)).toEqual(plan);
    expect(JSON.parse(JSON.stringify(plan))).toEqual(plan);
    expect(Object.isFrozen(plan.cohorts[0]!.people)).toBe(true);
    expect(planOf(SMALL)).toEqual(plan);
  });

  it('keeps proportions under --devices, exactly', () => {
    expect(planOf(SMALL, { devices: 30 }).cohorts.map(({ count }) => count)).toEqual([20, 10]);
    expect(planOf(SMALL, { devices: 1 }).cohorts.map(({ count }) => count)).toEqual([1, 0]);
    expect(planOf(SMALL, { devices: 100 }).tenant.users).toBe(100);
  });

  it('differs in its identifiers under another seed, and in the waits under another speed', () => {
    const other = planOf(SMALL, { seed: 'other', speed: 60 });
    expect(other.tenant.tenantId).not.toBe(plan.tenant.tenantId);
    expect(other.tenant.password).not.toBe(plan.tenant.password);
    expect(other).toMatchObject({ seed: 'other', speed: 60, tenant: { seed: 'other', speed: 60 } });
    expect(other.arrivals).toEqual(plan.arrivals);
  });
});

describe('problems', () => {
  it('come all at once, in order, with line, column and remedy', () => {
    expect(
      problemsOf(`name: Small Day
arrivals: { kind: constnt, rate: 10/s }
cohorts:
  - name: a
    cuont: 6
    esp: { timeout: 60 }
  - name: a
    count: 3
    people: { password: { median: 5 s } }
`),
    ).toEqual([
      's.yaml:1:7: `name` must be a name of small letters, digits and hyphens, at most 40, not `Small Day`. For example `head-office`, `wave-1`.',
      's.yaml:2:19: `arrivals.kind` is `constnt`, which is not known. Did you mean `constant`?',
      's.yaml:4:5: `cohorts[0].count` is missing. Add it.',
      's.yaml:5:5: Unknown key `cuont` in `cohorts[0]`. Did you mean `count`?',
      's.yaml:6:21: `cohorts[0].esp.timeout` must be a duration with its unit (ms, s, min, h or d), not the number 60. For example `20 s`, `5 min`, `1.5 h`.',
      's.yaml:7:11: Two cohorts are called `a`. The name is a metric label: make it unique.',
      's.yaml:9:25: `cohorts[1].people.password.p95` is missing. Add it such as `p95: 20 s`.',
    ]);
  });

  it("include YAML's own, without what only follows from them", () => {
    expect(problemsOf('name: x\nname: y\nspeeed: 2\ncohorts:\n\t- name: a\n')).toEqual([
      's.yaml:2:1: The YAML is not valid here: Map keys must be unique.',
      's.yaml:3:1: Unknown key `speeed`. Did you mean `speed`?',
      's.yaml:5:1: The YAML is not valid here: Tabs are not allowed as indentation. Indent with spaces.',
    ]);
  });

  it.each([
    ['', 's.yaml:1:1: The scenario must be a map'],
    ['- a', 's.yaml:1:1: The scenario must be a map'],
    ['['.repeat(50_000), 's.yaml'],
    [`a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [${'*a,'.repeat(40)}]\nc: [${'*b,'.repeat(40)}]`, 's.yaml'],
    ['x'.repeat(2_000_000), 's.yaml: The file is too large'],
  ])('%# hostile text is refused, not thrown at', (text, start) => {
    const problems = problemsOf(text);
    expect(problems[0]!.startsWith(start), problems[0]).toBe(true);
  });

  it('are bounded in number', () => {
    const problems = problemsOf(`${SMALL}${Array.from({ length: 300 }, (_, index) => `x${index}: 1\n`).join('')}`);
    expect(problems).toHaveLength(101);
    expect(problems.at(-1)).toContain('And 200 more problems.');
  });

  it.each([
    ['rate: 10/s', 'rate: 20000/s', 'must be between 0.001/s and 10000/s'],
    ['count: 6', 'count: 199999', 'have 200002 devices together'],
    ['rate: 10/s', 'rate: 0/s', 'must be between'],
    ['installs: 3 s', 'installs: { app: { min: 3 s, max: 1 s } }', '`installs.app.max` must not be below `min`.'],
    ['installs: 3 s', 'speed: 0', '`speed` must be at least 0.01.'],
    ['installs: 3 s', 'epoch: 2026-02-30T00:00:00Z', '`epoch` is not in the calendar.'],
    ['installs: 3 s', 'tenant: { domain: contoso.com }', 'a domain that ends in `.example`'],
    ['installs: 3 s', 'thresholds: [deployment < 3 min]', 'must be a threshold'],
    ['name: Two', 'name: One', 'two apps called `One`'],
    ['lte: 1', 'lte: 0', '`cohorts[1].networks.lte` must be more than 0.'],
  ])('%s -> %s: %s', (from, to, message) => {
    expect(SMALL).toContain(from);
    const problems = problemsOf(SMALL.replace(from, to));
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(message);
  });

  it('of options name the option', () => {
    expect(problemsOf(SMALL, { devices: 0, speed: Number.NaN, seed: '', target: 'ftp://x' })).toEqual([
      expect.stringMatching(/^--devices: /),
      expect.stringMatching(/^--speed: /),
      expect.stringMatching(/^--seed: /),
      expect.stringMatching(/^--target: /),
    ]);
  });

  it('of a file that is not there are told like any other', () => {
    const compiled = compileScenarioFile('/nowhere/x.yaml');
    expect(compiled.ok ? '' : compiled.problems[0]!.message).toMatch(/^The scenario cannot be read: ENOENT/);
    for (const path of ['/dev/zero', tmpdir()]) {
      const other = compileScenarioFile(path);
      expect(other.ok ? '' : other.problems[0]!.message).toBe('The scenario cannot be read: it is not a file.');
    }
  });
});

describe('warnings', () => {
  it('tell of a network that a model has no adapter for, and of real keys', () => {
    const text = SMALL.replace('lte: 1', 'office-ethernet: 1').replace('installs: 3 s', 'keys: real');
    const compiled = compileScenario({ path: 's.yaml', text });
    expect(compiled.ok && formatProblems(compiled.warnings).split('\n')).toEqual([
      expect.stringMatching(/^s\.yaml:9:15: `simslate-12` has no adapter for `office-ethernet` \(ethernet\)\./),
      expect.stringMatching(/^s\.yaml:14:7: Real RSA keys/),
    ]);
  });
});

describe('targets', () => {
  const away = SMALL.replace('installs: 3 s', 'target: { management: https://mdm.example.com:8443 }');

  it('off loopback need the scenario and the consent of the command line', () => {
    expect(problemsOf(away)).toEqual([
      's.yaml:14:23: `mdm.example.com` is not on this machine. If it is yours to load, confirm it with `--target-owned mdm.example.com`.',
    ]);
    expect(problemsOf(away, { targetOwned: ['other.example.com'] })).toHaveLength(1);
    expect(planOf(away, { targetOwned: ['MDM.example.com'] }).target.management).toBe('https://mdm.example.com:8443');
    expect(planOf(away, { preview: true }).target.login).toBe('embedded');
    expect(
      problemsOf(SMALL, { target: { login: 'https://sts.example.com' }, targetOwned: ['sts.example.com'] }),
    ).toEqual([
      expect.stringMatching(
        /^--target: `sts\.example\.com` is not on this machine and the scenario does not name it\./,
      ),
    ]);
  });
  it('on loopback need nothing', () => {
    expect(planOf(SMALL, { target: 'https://localhost:8443' }).target.enrollment).toBe('https://localhost:8443');
  });
  it('in public clouds are refused, whatever is confirmed', () => {
    const url = 'https://enterpriseregistration.windows.net';
    const text = SMALL.replace('installs: 3 s', `target: { join: "${url}" }`);
    const compiled = compileScenario({ path: 's.yaml', text }, { targetOwned: ['enterpriseregistration.windows.net'] });
    expect(compiled.ok ? [] : compiled.problems.map(({ about }) => about)).toEqual(['target']);
    expect(problemsOf(text, { preview: true })[0]).toContain('never a target');
  });
});

describe('the CA of a target', () => {
  const folder = mkdtempSync(join(tmpdir(), 'flotilla-compile-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const pem = '-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n';
  writeFileSync(join(folder, 'ca.pem'), pem);
  writeFileSync(join(folder, 'not.pem'), 'x');
  const text = SMALL.replace('installs: 3 s', 'target: { login: "https://localhost:1", ca: ca.pem }');

  it('is read beside the scenario, or from --ca', () => {
    const compiled = compileScenario({ path: join(folder, 's.yaml'), text });
    expect(compiled.ok && compiled.plan.targetCa).toBe(pem);
    expect(planOf(SMALL, { ca: join(folder, 'ca.pem') }).targetCa).toBe(pem);
  });
  it('must be there and hold a certificate', () => {
    expect(problemsOf(text)[0]).toMatch(/^s\.yaml:14:45: `.*ca\.pem` cannot be read: ENOENT/);
    expect(problemsOf(SMALL, { ca: join(folder, 'not.pem') })[0]).toMatch(/^--ca: .* holds no PEM certificate\./);
  });
});
