// The table of keys in docs/scenario.md, from the schema that the compiler checks with: types, bounds, defaults and what each key
// means cannot drift from what is accepted.
import { scenarioJsonSchema } from '../../scenarios/language/json-schema.ts';

interface JsonSchema {
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, JsonSchema>>;
  readonly type?: string | readonly string[];
  readonly title?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly string[];
  readonly const?: string;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly items?: JsonSchema;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly maximum?: number;
}

export interface KeyRow {
  /** `cohorts[].esp.timeout`. */
  readonly key: string;
  readonly takes: string;
  readonly fallback: string;
  readonly meaning: string;
}

const ROOT = JSON.parse(scenarioJsonSchema()) as JsonSchema;

export function scenarioKeys(): KeyRow[] {
  return rowsOf(ROOT, '');
}

/** Markdown of the table. */
export function keysTable(): string {
  const rows = scenarioKeys().map(
    ({ key, takes, fallback, meaning }) => `| \`${key}\` | ${takes} | ${fallback} | ${meaning} |`,
  );
  return ['| Key | Takes | Default | Meaning |', '| --- | --- | --- | --- |', ...rows].join('\n');
}

function rowsOf(object: JsonSchema, prefix: string): KeyRow[] {
  return Object.entries(object.properties ?? {}).flatMap(([name, property]) => {
    const schema = resolved(property);
    const key = `${prefix}${name}`;
    const isRequired = object.required?.includes(name) === true;
    const fallback = isRequired ? '(required)' : defaultText(property.default ?? schema.default);
    const row: KeyRow = { key, takes: typeText(property), fallback, meaning: property.description ?? '' };
    const inner = schema.type === 'array' ? schema.items : schema;
    const inside = inner !== undefined && isStructure(resolved(inner)) ? resolved(inner) : undefined;
    if (inside === undefined) return [row];
    return [row, ...rowsOf(inside, schema.type === 'array' ? `${key}[].` : `${key}.`)];
  });
}

/** An object with keys of its own, not a map from names of a catalogue to values of one kind. */
function isStructure(schema: JsonSchema): boolean {
  return schema.properties !== undefined && !isMap(schema);
}

function isMap(schema: JsonSchema): boolean {
  const references = Object.values(schema.properties ?? {}).map(({ $ref }) => $ref);
  return references.length > 0 && references[0] !== undefined && new Set(references).size === 1;
}

function resolved(schema: JsonSchema): JsonSchema {
  return schema.$ref === undefined ? schema : (ROOT.$defs?.[schema.$ref.replace('#/$defs/', '')] ?? schema);
}

function typeText(property: JsonSchema): string {
  const name = property.$ref?.replace('#/$defs/', '');
  if (name !== undefined) return `*${name}*`;
  if (isMap(property)) {
    const [first] = Object.values(property.properties ?? {});
    return `map to *${first?.$ref?.replace('#/$defs/', '')}*: ${codes(Object.keys(property.properties ?? {}))}`;
  }
  if (property.anyOf?.some(isMap) === true) return `one *time*, or a ${typeText(property.anyOf.find(isMap)!)}`;
  if (property.oneOf !== undefined) return property.oneOf.map(optionText).join(' or ');
  if (property.title !== undefined) return property.title;
  if (property.enum !== undefined) return codes(property.enum);
  if (property.const !== undefined) return `\`${property.const}\``;
  if (property.anyOf !== undefined) return property.anyOf.map(typeText).join(' or ');
  if (property.type === 'array')
    return `list of ${isStructure(property.items ?? {}) ? 'maps' : typeText(property.items ?? {})}`;
  if (property.type === 'object') return 'map';
  if (property.type === 'integer' || property.type === 'number') return numberText(property);
  return Array.isArray(property.type) ? property.type.map(plain).join(' or ') : plain(String(property.type));
}

function optionText(option: JsonSchema): string {
  const parts = Object.entries(option.properties ?? {}).map(([name, value]) => {
    return value.const === undefined ? `${name}: ...` : `${name}: ${value.const}`;
  });
  return `\`{ ${parts.join(', ')} }\``;
}

function numberText({ type, minimum, exclusiveMinimum, maximum }: JsonSchema): string {
  const kind = type === 'integer' ? 'whole number' : 'number';
  const low = minimum ?? exclusiveMinimum;
  return low === undefined || maximum === undefined ? kind : `${kind}, ${low} to ${maximum}`;
}

function plain(type: string): string {
  return ({ string: 'text', boolean: '`true` or `false`' } as Record<string, string>)[type] ?? type;
}

function codes(names: readonly string[]): string {
  return names.map((name) => `\`${name}\``).join(', ');
}

function defaultText(value: unknown): string {
  if (value === undefined) return '';
  if (typeof value === 'string') return value === '' ? '' : `\`${value}\``;
  const text = JSON.stringify(value)
    .replaceAll('"', '')
    .replaceAll(/([:,])/g, '$1 ');
  return text === '{}' ? '' : `\`${text}\``;
}
