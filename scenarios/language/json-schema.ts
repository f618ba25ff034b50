// The editor's JSON schema of a scenario, from the schema that the compiler checks with: completion and red lines in an editor
// can never disagree with `flotilla check`.
import { z } from 'zod';
import { scenarioSchema } from './schema.ts';

/** JSON text of the schema, as it stands in scenarios/library/scenario.schema.json. */
export function scenarioJsonSchema(): string {
  const schema = z.toJSONSchema(scenarioSchema, { io: 'input' });
  return `${JSON.stringify({ ...schema, title: 'Flotilla scenario' }, null, 2)}\n`;
}
