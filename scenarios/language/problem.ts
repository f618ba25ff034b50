// What is wrong with a scenario, where, and what to do about it. Everything that refuses or doubts a scenario says so with
// this type, so that a person gets all of it at once and an editor can jump to each line.

export interface Problem {
  /** The file as it was named, or the option (`--devices`) that is at fault. */
  readonly path: string;
  /** From 1; 0 where the problem is not in a file. */
  readonly line: number;
  readonly column: number;
  /** A full sentence. */
  readonly message: string;
  /** A full sentence: what to write or do instead. */
  readonly remedy: string;
  /** `target`: the scenario can be read, but what it points at is refused (exit code 5, not 2). */
  readonly about: 'scenario' | 'target' | 'machine';
}

/** A problem outside any file: an option or the machine. */
export function problemOf(
  path: string,
  message: string,
  remedy: string,
  about: Problem['about'] = 'scenario',
): Problem {
  return { path, line: 0, column: 0, message, remedy, about };
}

/** "scenario.yaml:12:5: Unknown key `cuont`. Did you mean `count`?", one line each. */
export function formatProblems(problems: readonly Problem[]): string {
  return problems
    .map((problem) => {
      const where = problem.line === 0 ? problem.path : `${problem.path}:${problem.line}:${problem.column}`;
      return `${where}: ${problem.message}${problem.remedy === '' ? '' : ` ${problem.remedy}`}`;
    })
    .join('\n');
}
