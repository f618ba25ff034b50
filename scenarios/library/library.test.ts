// Each scenario of the library compiles without a warning, and its printed plan stands beside it. `npm run update` rewrites.
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { compileScenarioFile } from '../language/compile.ts';
import { describePlan } from '../language/describe.ts';
import { scenarioJsonSchema } from '../language/json-schema.ts';

const FOLDER = new URL('./', import.meta.url).pathname;
const NAMES = readdirSync(FOLDER).flatMap((file) => (file.endsWith('.yaml') ? [file.slice(0, -5)] : []));

describe('the library', () => {
  it.each(NAMES)('%s: prints the plan that stands beside it', async (name) => {
    const compiled = compileScenarioFile(`${FOLDER}${name}.yaml`);
    expect(compiled).toMatchObject({ ok: true, plan: { name }, warnings: [] });
    if (compiled.ok) await expect(describePlan(compiled.plan)).toMatchFileSnapshot(`${FOLDER}${name}.plan.txt`);
  });

  it('has the JSON schema that editors use', async () => {
    await expect(scenarioJsonSchema()).toMatchFileSnapshot(`${FOLDER}scenario.schema.json`);
    for (const name of NAMES) {
      const first = readFileSync(`${FOLDER}${name}.yaml`, 'utf8').split('\n')[0];
      expect(first).toBe('# yaml-language-server: $schema=./scenario.schema.json');
    }
  });
});
