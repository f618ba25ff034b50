// The source tree as the tidiness rules see it: each file's path, text, imports and syntax tree. Reads files; judges nothing.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseSync, type Node } from 'oxc-parser';

export interface Import {
  /** As written. */
  readonly specifier: string;
  /** Path from the root for a file of ours, null for a package or a module of Node. */
  readonly file: string | null;
  /** Types only: erased before anything runs. */
  readonly typeOnly: boolean;
  /** Names as the module exports them; `*` for a namespace. */
  readonly names: readonly string[];
  readonly line: number;
}

export interface SourceFile {
  /** From the root, with forward slashes. */
  readonly path: string;
  readonly text: string;
  readonly imports: readonly Import[];
  readonly program: Node;
  readonly exportsDefault: boolean;
}

/** What breaks a rule: "agent/x.ts:12 ...". */
export type Violation = string;

export const FOLDERS = [
  'kernel',
  'catalog',
  'protocol',
  'telemetry',
  'scenarios',
  'agent',
  'backend',
  'orchestrator',
  'dashboards',
  'test',
] as const;

export function readTree(root: string): SourceFile[] {
  const files = FOLDERS.flatMap((folder) =>
    readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' }).map((file) => `${folder}/${file}`),
  );
  const own = [...files, ...readdirSync(root)].filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts'));
  return own.sort().map((file) => sourceFile(file, readFileSync(path.join(root, file), 'utf8')));
}

export function sourceFile(file: string, text: string): SourceFile {
  const { program, module, errors } = parseSync(file, text);
  if (errors.length > 0) throw new Error(`${file} cannot be parsed: ${errors[0]!.message}`);
  const lineOf = (offset: number): number => text.slice(0, offset).split('\n').length;
  const resolved = (specifier: string): string | null =>
    specifier.startsWith('.') ? path.posix.join(path.posix.dirname(file), specifier) : null;
  const imports: Import[] = [
    ...module.staticImports.map(({ moduleRequest, entries, start }) => ({
      specifier: moduleRequest.value,
      file: resolved(moduleRequest.value),
      typeOnly: entries.length > 0 && entries.every((entry) => entry.isType),
      names: entries.map((entry) => entry.importName.name ?? (isDefault(entry.importName) ? 'default' : '*')),
      line: lineOf(start),
    })),
    ...module.staticExports.flatMap(({ entries }) =>
      entries.flatMap((entry) =>
        entry.moduleRequest === null
          ? []
          : [
              {
                specifier: entry.moduleRequest.value,
                file: resolved(entry.moduleRequest.value),
                typeOnly: entry.isType,
                names: [entry.importName.name ?? '*'],
                line: lineOf(entry.start),
              },
            ],
      ),
    ),
    ...module.dynamicImports.flatMap(({ moduleRequest, start }) => {
      const literal = /^(['"])(.*)\1$/.exec(text.slice(moduleRequest.start, moduleRequest.end))?.[2];
      return literal === undefined
        ? []
        : [{ specifier: literal, file: resolved(literal), typeOnly: false, names: ['*'], line: lineOf(start) }];
    }),
  ];
  const exportsDefault = module.staticExports.some(({ entries }) =>
    entries.some((entry) => isDefault(entry.exportName)),
  );
  return { path: file, text, imports, program, exportsDefault };
}

/** `default`, in either of the two ways to write it. */
function isDefault({ kind, name }: { readonly kind: string; readonly name: string | null }): boolean {
  return kind === 'Default' || name === 'default';
}

/** Whether a file belongs to the tests, made-up data for them included: it is not part of what runs. */
export function isTest(file: string): boolean {
  return file.startsWith('test/') || /(?:\.test|-samples)\.ts$|\/fixtures\//.test(file);
}

export function lineAt(file: SourceFile, offset: number): number {
  return file.text.slice(0, offset).split('\n').length;
}
