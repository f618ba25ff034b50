// The documentation against the code: examples compile, the tables are what the catalogue and the schema say.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { compileScenario } from '../scenarios/language/compile.ts';
import { formatProblems } from '../scenarios/language/problem.ts';
import { failuresPage } from './docs/failures-page.ts';
import { faultsPage } from './docs/faults-page.ts';
import { keysTable, scenarioKeys } from './docs/scenario-keys.ts';

const DOCS = path.join(path.dirname(import.meta.dirname), 'docs');
const SCENARIO_PAGE = path.join(DOCS, 'scenario.md');

describe('docs/failures.md', () => {
  it('is what the catalogue of failures says', async () => {
    await expect(failuresPage()).toMatchFileSnapshot(path.join(DOCS, 'failures.md'));
  });
});

describe('docs/faults.md', () => {
  it('is what the catalogue of faults says', async () => {
    await expect(faultsPage()).toMatchFileSnapshot(path.join(DOCS, 'faults.md'));
  });
});

describe('docs/simulation.md', () => {
  it('lists rows that each have an end-to-end test named after it', () => {
    const page = readFileSync(path.join(DOCS, 'simulation.md'), 'utf8');
    const listed = [...page.matchAll(/^\| (\d+(?:, \d+)*) \|/gm)].flatMap(([, rows = '']) => rows.split(', '));
    expect(listed).toHaveLength(20);
    const folder = path.join(import.meta.dirname, 'e2e');
    const tests = readdirSync(folder).map((file) => readFileSync(path.join(folder, file), 'utf8'));
    const named = (row: string): boolean => tests.some((text) => new RegExp(`[('"\`]rows? ${row}[: ]`).test(text));
    expect(listed.filter((row) => !named(row))).toEqual([]);
  });
});

describe('docs/scenario.md', () => {
  const page = readFileSync(SCENARIO_PAGE, 'utf8');
  const examples = [...page.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, text = '']) => text);
  const folder = mkdtempSync(path.join(tmpdir(), 'flotilla-docs-'));
  writeFileSync(path.join(folder, 'target-ca.pem'), '-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n');
  afterAll(() => rmSync(folder, { recursive: true }));

  /** What an example leaves out of a whole scenario. */
  const REST = {
    name: 'name: example\n',
    arrivals: 'arrivals: { kind: at-once }\n',
    cohorts: 'cohorts: [{ name: all, count: 1 }]\n',
  };

  it.each(examples)('example %# compiles without a warning', (example) => {
    const rest = Object.entries(REST).filter(([key]) => !new RegExp(`^${key}:`, 'm').test(example));
    const text = rest.map(([, line]) => line).join('') + example;
    const compiled = compileScenario({ path: path.join(folder, 'example.yaml'), text });
    expect(formatProblems(compiled.ok ? compiled.warnings : compiled.problems)).toBe('');
  });

  it('lists every key as the schema has it', async () => {
    expect(scenarioKeys().map(({ key }) => key)).toContain('cohorts[].esp.device.apps[].kind');
    const [before, after] = [/^[\s\S]*<!-- keys: .* -->\n/, /<!-- end of keys -->[\s\S]*$/].map(
      (part) => part.exec(page)?.[0],
    );
    await expect(`${before}\n${keysTable()}\n\n${after}`).toMatchFileSnapshot(SCENARIO_PAGE);
  });
});
