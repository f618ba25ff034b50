// Who may import whom: the table of design.md, circles, dead files, and the modules that open sockets.
import { isTest, type SourceFile, type Violation } from './source.ts';

/** design.md, "May import". A folder may always import itself. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  kernel: [],
  catalog: ['kernel'],
  protocol: ['catalog', 'kernel'],
  telemetry: ['catalog', 'kernel'],
  scenarios: ['telemetry', 'catalog', 'kernel'],
  backend: ['protocol', 'catalog', 'kernel'],
  agent: ['protocol', 'scenarios', 'telemetry', 'catalog', 'kernel'],
  orchestrator: ['scenarios', 'telemetry', 'catalog', 'kernel'],
  dashboards: ['telemetry', 'catalog', 'kernel'],
};

/** The one file of `agent` that the orchestrator knows. */
const THREAD_MESSAGES = 'agent/thread-messages.ts';

export function importDirections(files: readonly SourceFile[]): Violation[] {
  return files.flatMap((file) => {
    const allowed = allowedFolders(file.path);
    return file.imports.flatMap(({ file: target, line }) => {
      if (target === null || allowed === 'all') return [];
      const place = `${file.path}:${line} imports ${target}`;
      if (target.startsWith('orchestrator/cli/')) return [`${place}: nothing imports the command line`];
      if (allowed.includes(folderOf(target))) return [];
      if (file.path.startsWith('orchestrator/') && target === THREAD_MESSAGES) return [];
      return [`${place}: ${folderOf(file.path)} may import ${allowed.slice(1).join(', ') || 'nothing of ours'}`];
    });
  });
}

function allowedFolders(file: string): readonly string[] | 'all' {
  if (file.startsWith('test/') || file.startsWith('orchestrator/cli/') || !file.includes('/')) return 'all';
  const folder = folderOf(file);
  return [folder, ...(MAY_IMPORT[folder] ?? [])];
}

function folderOf(file: string): string {
  return file.split('/')[0]!;
}

/** Circles among imports that are there at run time. */
export function circles(files: readonly SourceFile[]): Violation[] {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const state = new Map<string, 'open' | 'done'>();
  const violations: Violation[] = [];
  const visit = (file: SourceFile, trail: readonly string[]): void => {
    state.set(file.path, 'open');
    const way = [...trail, file.path];
    for (const { file: target, typeOnly } of file.imports) {
      const next = typeOnly || target === null ? undefined : byPath.get(target);
      if (next === undefined) continue;
      if (state.get(next.path) === 'open') {
        violations.push(`circle: ${[...way.slice(way.indexOf(next.path)), next.path].join(' -> ')}`);
      } else if (!state.has(next.path)) visit(next, way);
    }
    state.set(file.path, 'done');
  };
  for (const file of files) if (!state.has(file.path)) visit(file, []);
  return violations;
}

/** Imports of files that are not there. */
export function missingFiles(files: readonly SourceFile[], exists: (file: string) => boolean): Violation[] {
  return files.flatMap((file) =>
    file.imports.flatMap(({ file: target, line }) =>
      target === null || exists(target) ? [] : [`${file.path}:${line} imports ${target}, which is not there`],
    ),
  );
}

/** Files that nothing which runs leads to: not from an entry point, and a test alone keeps nothing alive. */
export function deadFiles(files: readonly SourceFile[], entries: readonly string[]): Violation[] {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const alive = new Set<string>();
  const reach = (file: string): void => {
    if (alive.has(file)) return;
    alive.add(file);
    for (const { file: target } of byPath.get(file)?.imports ?? []) if (target !== null) reach(target);
  };
  for (const entry of entries) reach(entry);
  const unknown = entries
    .filter((entry) => !byPath.has(entry))
    .map((entry) => `${entry} is an entry point but not there`);
  const dead = files.filter((file) => !alive.has(file.path) && !isTest(file.path));
  for (const file of files) if (file.path.endsWith('.test.ts')) reach(file.path);
  const deadTests = files.filter((file) => !alive.has(file.path) && isTest(file.path));
  return [...unknown, ...[...dead, ...deadTests].map((file) => `${file.path} is dead: nothing that runs imports it`)];
}

const SOCKET_MODULES: ReadonlySet<string> = new Set([
  'node:net',
  'node:tls',
  'node:http',
  'node:https',
  'node:http2',
  'node:dgram',
  'node:dns',
  'node:dns/promises',
  'undici',
  'ws',
]);
/** Functions of those modules that open nothing. */
const HARMLESS: ReadonlySet<string> = new Set(['isIP', 'isIPv4', 'isIPv6', 'STATUS_CODES']);

/**
 * Where sockets may be: the device's network, the telemetry line's two ends, the metrics endpoint, the look at a target before
 * a run starts, the backend's listeners.
 */
const SOCKET_PLACES = [
  'agent/network/',
  'agent/hub-client.ts',
  'orchestrator/hub.ts',
  'orchestrator/prometheus.ts',
  'orchestrator/targets.ts',
  'backend/http/',
  'test/',
];

export function sockets(files: readonly SourceFile[]): Violation[] {
  return files.flatMap((file) =>
    SOCKET_PLACES.some((place) => file.path.startsWith(place))
      ? []
      : file.imports
          .filter(({ specifier, typeOnly, names }) => {
            return SOCKET_MODULES.has(specifier) && !typeOnly && !names.every((name) => HARMLESS.has(name));
          })
          .map(({ specifier, line }) => `${file.path}:${line} imports ${specifier}: no sockets here`),
  );
}

/** Protocol is pure: of Node it may use hashes, bytes and compression, nothing that reads, writes, waits or listens. */
export function purity(files: readonly SourceFile[]): Violation[] {
  const pure = new Set(['node:crypto', 'node:buffer', 'node:zlib']);
  return files.flatMap((file) =>
    (file.path.startsWith('protocol/') || file.path.startsWith('catalog/')) && !isTest(file.path)
      ? file.imports
          .filter(({ specifier }) => specifier.startsWith('node:') && !pure.has(specifier))
          .map(({ specifier, line }) => `${file.path}:${line} imports ${specifier}: protocol and catalogue do no I/O`)
      : [],
  );
}
