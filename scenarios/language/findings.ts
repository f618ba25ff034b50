// Turns what the schema objects to into sentences with a remedy: which key, what it must be, and what was probably meant.
// Known keys, titles and examples come from the schema itself, so that no message can drift from what is accepted.
import type { z } from 'zod';
import type { Problem } from './problem.ts';
import { nearestName } from './nearest.ts';
import { examplesOf, keysOf, schemasAt, titleOf, type KeyPath } from './schema-lookup.ts';

/** What is wrong with one place of a scenario: a problem whose position is not known yet. */
export interface Finding {
  readonly at: KeyPath;
  readonly message: string;
  readonly remedy: string;
  /** The key itself is at fault, not its value. */
  readonly onKey?: boolean;
  /** Something that must be there is not. */
  readonly missing?: boolean;
  readonly about?: Problem['about'];
}

type Issue = z.core.$ZodIssue;

/** Issues of `safeParse(..., { reportInput: true })`, as findings; `base` is where the issues' paths start. */
export function describeIssues(issues: readonly Issue[], schema: z.core.$ZodType, base: KeyPath = []): Finding[] {
  return issues.flatMap((issue) => {
    const at = [...base, ...issue.path.map((key) => (typeof key === 'number' ? key : String(key)))];
    return issue.code === 'invalid_union' ? describeUnion(issue, at, schema) : describeIssue(issue, at, schema);
  });
}

function describeIssue(
  issue: Exclude<Issue, { code: 'invalid_union' }>,
  at: KeyPath,
  schema: z.core.$ZodType,
): Finding[] {
  const forms = schemasAt(schema, at);
  const name = nameOf(at);
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      at: [...at, key],
      onKey: true,
      message: `Unknown key \`${key}\`${at.length === 0 ? '' : ` in ${name}`}.`,
      remedy: suggest(key, keysOf(forms)),
    }));
  }
  if (issue.code === 'invalid_value') return unknownName(at, issue.input, issue.values.map(String));
  if (issue.code === 'invalid_type' || issue.code === 'invalid_format') {
    if (issue.input === undefined) return missing(at, examplesOf(forms));
    const expected = issue.code === 'invalid_type' ? (TYPE_TITLES[issue.expected] ?? issue.expected) : 'another text';
    return [wrongValue(at, titleOf(forms) ?? expected, issue.input, examplesOf(forms))];
  }
  if (issue.code === 'too_small' || issue.code === 'too_big') {
    const small = issue.code === 'too_small';
    const bound = small ? issue.minimum : issue.maximum;
    const than = issue.inclusive === false ? (small ? 'more than' : 'less than') : small ? 'at least' : 'at most';
    const entries = SIZE_NOUNS[issue.origin];
    const message = entries === undefined ? `be ${than} ${bound}` : `have ${than} ${bound} ${entries}`;
    return [{ at, message: `${name} must ${message}.`, remedy: '' }];
  }
  // Messages of our own refinements complete the sentence.
  return [{ at, message: `${name} ${issue.message}`, remedy: '' }];
}

function describeUnion(
  issue: Extract<Issue, { code: 'invalid_union' }>,
  at: KeyPath,
  schema: z.core.$ZodType,
): Finding[] {
  if ('discriminator' in issue && issue.discriminator !== undefined) {
    const kinds = 'options' in issue && Array.isArray(issue.options) ? issue.options.map(String) : [];
    return unknownName(at, (issue.input as Record<string, unknown>)[issue.discriminator], kinds);
  }
  if (issue.input === undefined) return missing(at, examplesOf(schemasAt(schema, at)));
  const meant = meantForm(issue.errors);
  if (meant !== undefined) return describeIssues(meant, schema, at);
  const forms = schemasAt(schema, at);
  return [wrongValue(at, titleOf(forms) ?? 'in another form', issue.input, examplesOf(forms))];
}

/** The option that was probably meant: of those whose type fits at all, the one with the fewest objections. */
function meantForm(options: readonly (readonly Issue[])[]): readonly Issue[] | undefined {
  const weight = (issues: readonly Issue[]): number =>
    issues.reduce((sum, issue) => sum + (issue.code === 'unrecognized_keys' ? issue.keys.length : 1), 0);
  return options
    .filter((issues) => !issues.some((issue) => issue.path.length === 0 && WRONG_FORM.has(issue.code)))
    .reduce<readonly Issue[] | undefined>(
      (best, next) => (best && weight(best) <= weight(next) ? best : next),
      undefined,
    );
}

const WRONG_FORM: ReadonlySet<string> = new Set(['invalid_type', 'invalid_format', 'invalid_value', 'invalid_union']);

function unknownName(at: KeyPath, input: unknown, known: readonly string[]): Finding[] {
  if (input === undefined) return missing(at, known);
  const message = `${nameOf(at)} is ${shown(input)}, which is not known.`;
  return [{ at, message, remedy: suggest(typeof input === 'string' ? input : '', known) }];
}

function missing(at: KeyPath, examples: readonly string[]): Finding[] {
  const example = examples[0] === undefined ? '' : ` such as \`${at.at(-1)}: ${examples[0]}\``;
  return [{ at, missing: true, message: `${nameOf(at)} is missing.`, remedy: `Add it${example}.` }];
}

function wrongValue(at: KeyPath, must: string, input: unknown, examples: readonly string[]): Finding {
  const remedy = examples.length === 0 ? '' : `For example ${quoted(examples)}.`;
  return { at, message: `${nameOf(at)} must be ${must}, not ${shown(input)}.`, remedy };
}

/** "Did you mean ...?", or what there is. */
export function suggest(input: string, known: readonly string[]): string {
  const near = nearestName(input, known);
  if (near !== undefined) return `Did you mean \`${near}\`?`;
  return known.length === 0 ? '' : `Known: ${quoted(known)}.`;
}

function quoted(names: readonly string[]): string {
  return names.map((name) => `\`${name}\``).join(', ');
}

/** "`cohorts[1].esp.timeout`". */
export function nameOf(at: KeyPath): string {
  if (at.length === 0) return 'The scenario';
  return `\`${at.map((key, depth) => (typeof key === 'number' ? `[${key}]` : depth === 0 ? key : `.${key}`)).join('')}\``;
}

function shown(input: unknown): string {
  if (typeof input === 'string') return input.length > 60 ? 'a long text' : `\`${input}\``;
  if (typeof input === 'number' || typeof input === 'boolean') return `the ${typeof input} ${input}`;
  if (Array.isArray(input)) return 'a list';
  return input === null ? 'nothing' : 'a map';
}

const TYPE_TITLES: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: '`true` or `false`',
  array: 'a list',
  object: 'a map of keys and values',
};
const SIZE_NOUNS: Readonly<Record<string, string>> = { string: 'characters', array: 'entries' };
