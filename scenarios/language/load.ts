// From the text of a scenario to checked values, with every problem at its line and column: YAML's own errors, unknown keys,
// wrong types and impossible values in one go. It knows nothing of plans.
import { isMap, isNode, isPair, LineCounter, parseDocument, type Document } from 'yaml';
import { LIMITS } from '../../kernel/limits.ts';
import { fail, messageOf, ok, type Result } from '../../kernel/result.ts';
import { formatBytes } from '../../kernel/units.ts';
import { findContradictions } from './cross-checks.ts';
import { describeIssues, type Finding } from './findings.ts';
import { problemOf, type Problem } from './problem.ts';
import type { KeyPath } from './schema-lookup.ts';
import { scenarioSchema, type Scenario } from './schema.ts';

/** A scenario's text and the name by which its problems call it. */
export interface Source {
  readonly path: string;
  readonly text: string;
}

export interface LoadedScenario {
  readonly scenario: Scenario;
  /** A problem at a place in the file: `at` is the way to it through keys and indexes. */
  readonly problemAt: (finding: Finding) => Problem;
}

export function loadScenario(source: Source): Result<LoadedScenario, readonly Problem[]> {
  if (source.text.length > LIMITS.scenarioBytesMax) {
    const size = `${formatBytes(source.text.length)}, more than ${formatBytes(LIMITS.scenarioBytesMax)}`;
    return fail([
      problemOf(source.path, `The file is too large for a scenario: ${size}.`, 'Check that it is the right file.'),
    ]);
  }
  const lines = new LineCounter();
  const place = (offset: number): { line: number; column: number } => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  let document: Document.Parsed;
  let raw: unknown;
  try {
    document = parseDocument(source.text, {
      lineCounter: lines,
      prettyErrors: false,
      uniqueKeys: true,
      logLevel: 'silent',
    });
    raw = document.toJS({ maxAliasCount: 100 });
  } catch (thrown) {
    // Nesting beyond the stack, or aliases that multiply: nothing that a scenario needs.
    return fail([problemOf(source.path, `The file cannot be read as YAML: ${messageOf(thrown)}.`, 'Simplify it.')]);
  }
  const problemAt = (finding: Finding): Problem => ({
    path: source.path,
    ...place(offsetOf(document, finding.at, finding.onKey ?? false)),
    message: finding.message,
    remedy: finding.remedy,
    about: finding.about ?? 'scenario',
  });

  const problems: Problem[] = document.errors.map((error) => ({
    path: source.path,
    ...place(error.pos[0]),
    message: `The YAML is not valid here: ${error.message.replace(/\.$/, '')}.`,
    remedy: error.code === 'TAB_AS_INDENT' ? 'Indent with spaces.' : '',
    about: 'scenario',
  }));
  const checked = scenarioSchema.safeParse(raw, { reportInput: true });
  const findings = checked.success ? [] : describeIssues(checked.error.issues, scenarioSchema);
  // Where YAML broke off, keys are missing for that reason alone; saying so would only distract.
  const broken = problems.length > 0;
  const told = [...findings, ...findContradictions(raw)].filter((finding) => !broken || finding.missing !== true);
  problems.push(...told.map(problemAt));
  if (checked.success && problems.length === 0) return ok({ scenario: checked.data, problemAt });
  return fail(inOrder(problems));
}

/** Problems by place, bounded; the rest is only counted. */
export function inOrder(problems: readonly Problem[]): readonly Problem[] {
  const sorted = [...problems].sort((a, b) => a.line - b.line || a.column - b.column);
  if (sorted.length <= LIMITS.problemsMax) return sorted;
  const rest = sorted.length - LIMITS.problemsMax;
  return [...sorted.slice(0, LIMITS.problemsMax), problemOf(sorted[0]!.path, `And ${rest} more problems.`, '')];
}

/** Where in the text something stands: the value at the end of the path, its key, or the nearest that exists around it. */
function offsetOf(document: Document.Parsed, at: KeyPath, onKey: boolean): number {
  for (let length = at.length; length > 0; length--) {
    const parent = length === 1 ? document.contents : document.getIn(at.slice(0, length - 1), true);
    const last = at[length - 1];
    if (isMap(parent)) {
      const pair = parent.items.find((item) => isPair(item) && isNode(item.key) && String(item.key) === String(last));
      const node = pair === undefined ? undefined : onKey && length === at.length ? pair.key : (pair.value ?? pair.key);
      if (isNode(node) && node.range) return node.range[0];
    } else {
      const node = document.getIn(at.slice(0, length), true);
      if (isNode(node) && node.range) return node.range[0];
    }
  }
  return document.contents?.range?.[0] ?? 0;
}
