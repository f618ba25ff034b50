// What a file looks like from outside: its name, its size, its opening comment, its exports.
import { isTest, type SourceFile, type Violation } from './source.ts';

const LINES_MAX = 300;
const TEST_LINES_MAX = 400;

export interface SizeExceptions {
  /** Files that are data: a table that has one entry a name is not two subjects, however long it is. */
  readonly data: readonly string[];
}

export function sizes(files: readonly SourceFile[], { data }: SizeExceptions): Violation[] {
  const unknown = data.filter((path) => !files.some((file) => file.path === path));
  const large = files.flatMap((file) => {
    const lines = file.text.trimEnd().split('\n').length;
    const most = isTest(file.path) ? TEST_LINES_MAX : LINES_MAX;
    return lines <= most || data.includes(file.path) ? [] : [`${file.path} has ${lines} lines, more than ${most}`];
  });
  return [...unknown.map((path) => `${path} is excepted but not there`), ...large];
}

const HEADER_LINES_MAX = 5;

/** Each file opens with one to five lines that say what it is and why it exists; tests are named for what they test. */
export function headers(files: readonly SourceFile[]): Violation[] {
  return files.flatMap((file) => {
    if (file.path.endsWith('.test.ts') || file.path.endsWith('.config.ts')) return [];
    const lines = file.text.split('\n');
    const first = lines.findIndex((line) => !line.startsWith('//') && !line.startsWith('#!'));
    const header = (first === -1 ? lines : lines.slice(0, first)).filter((line) => !line.startsWith('#!')).length;
    if (header === 0) return [`${file.path} does not open with a comment`];
    return header <= HEADER_LINES_MAX ? [] : [`${file.path} opens with ${header} lines of comment`];
  });
}

const NAMELESS = /(?:^|[/-])(?:utils?|common|helpers?|misc|shared|index)(?:[/.-]|$)/;

export function names(files: readonly SourceFile[]): Violation[] {
  return files.flatMap((file) => {
    const violations: Violation[] = [];
    if (!/^(?:[a-z0-9]+(?:-[a-z0-9]+)*\/)*[a-z0-9]+(?:-[a-z0-9]+)*(?:\.(?:test|config))?\.ts$/.test(file.path)) {
      violations.push(`${file.path} is not in kebab case`);
    }
    if (NAMELESS.test(file.path)) violations.push(`${file.path} says nothing of what is in it`);
    return violations;
  });
}

/** Tools that want a default export name their file. */
const DEFAULT_EXPORTS: ReadonlySet<string> = new Set(['vitest.config.ts']);

export function defaultExports(files: readonly SourceFile[]): Violation[] {
  return files
    .filter((file) => file.exportsDefault && !DEFAULT_EXPORTS.has(file.path))
    .map((file) => `${file.path} has a default export`);
}
