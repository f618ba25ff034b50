// Hygiene as an ordinary test: import directions, circles, dead files, banned calls, sockets, sizes, headers, names. Each rule
// also has to find what it looks for in a made-up tree: a rule that cannot fail holds nothing.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { bannedCalls } from './tidy/call-rules.ts';
import { defaultExports, headers, names, sizes } from './tidy/file-rules.ts';
import { circles, deadFiles, importDirections, missingFiles, purity, sockets } from './tidy/import-rules.ts';
import { readTree, sourceFile } from './tidy/source.ts';

const ROOT = path.dirname(import.meta.dirname);

/** Where something begins to run, or is run by hand. */
const ENTRIES = [
  'orchestrator/cli/main.ts',
  'agent/worker.ts',
  'backend/main.ts',
  'agent/identity/make-simulated-primes.ts',
  // Their output is committed; tests hold it equal, and `npm run update` writes it.
  'scenarios/language/json-schema.ts',
  'dashboards/grafana/enrollment.ts',
  'build.ts',
  'vitest.config.ts',
  'test/bench/main.ts',
];

const DATA = ['catalog/failures.ts', 'catalog/device-models.ts', 'agent/identity/simulated-primes.ts'];

const tree = readTree(ROOT);

describe('the tree', () => {
  it('imports in the directions of the design', () => expect(importDirections(tree)).toEqual([]));
  it('has no circles', () => expect(circles(tree)).toEqual([]));
  it('imports only what is there', () => {
    expect(missingFiles(tree, (file) => existsSync(path.join(ROOT, file)))).toEqual([]);
  });
  it('has no dead files', () => expect(deadFiles(tree, ENTRIES)).toEqual([]));
  it('opens sockets only where they belong', () => expect(sockets(tree)).toEqual([]));
  it('keeps protocol and catalogue free of I/O', () => expect(purity(tree)).toEqual([]));
  it('takes time and chance as arguments', () => expect(bannedCalls(tree)).toEqual([]));
  it('has small files', () => expect(sizes(tree, { data: DATA })).toEqual([]));
  it('says at the top of each file what it is', () => expect(headers(tree)).toEqual([]));
  it('names files for what is in them', () => expect(names(tree)).toEqual([]));
  it('has no default exports', () => expect(defaultExports(tree)).toEqual([]));
});

const of = (file: string, text = ''): ReturnType<typeof sourceFile> => sourceFile(file, text);

describe('import directions', () => {
  it.each([
    ['agent/a.ts', '../backend/b.ts'],
    ['backend/a.ts', '../agent/b.ts'],
    ['backend/a.ts', '../scenarios/language/plan.ts'],
    ['kernel/a.ts', '../catalog/b.ts'],
    ['protocol/a.ts', '../telemetry/b.ts'],
    ['orchestrator/a.ts', '../agent/worker.ts'],
    ['orchestrator/a.ts', './cli/run.ts'],
    ['dashboards/a.ts', '../scenarios/b.ts'],
  ])('%s must not import %s', (file, target) => {
    expect(importDirections([of(file, `import { x } from '${target}';`)])).toHaveLength(1);
    expect(importDirections([of(file, `import type { x } from '${target}';`)])).toHaveLength(1);
    expect(importDirections([of(file, `export { x } from '${target}';`)])).toHaveLength(1);
    expect(importDirections([of(file, `const x = await import('${target}');`)])).toHaveLength(1);
  });
  it.each([
    ['agent/a.ts', '../protocol/b.ts'],
    ['orchestrator/a.ts', '../agent/thread-messages.ts'],
    ['orchestrator/cli/a.ts', '../../backend/b.ts'],
    ['test/e2e/a.test.ts', '../../backend/b.ts'],
    ['agent/a.ts', './b/c.ts'],
  ])('%s may import %s', (file, target) => {
    expect(importDirections([of(file, `import { x } from '${target}';`)])).toEqual([]);
  });
});

describe('circles', () => {
  const a = "import { b } from './b.ts';";
  it('are found, however long', () => {
    const back = of('kernel/c.ts', "import { a } from './a.ts';");
    expect(circles([of('kernel/a.ts', a), of('kernel/b.ts', "export * from './c.ts';"), back])).toEqual([
      'circle: kernel/a.ts -> kernel/b.ts -> kernel/c.ts -> kernel/a.ts',
    ]);
  });
  it('of types alone are none', () => {
    expect(circles([of('kernel/a.ts', a), of('kernel/b.ts', "import type { a } from './a.ts';")])).toEqual([]);
    expect(circles([of('kernel/a.ts', a), of('kernel/b.ts', "import { type a } from './a.ts';")])).toEqual([]);
  });
});

describe('files', () => {
  it('are dead when only a test or nothing leads to them', () => {
    const files = [
      of('agent/worker.ts', "import { x } from './used.ts';"),
      of('agent/used.ts'),
      of('agent/forgotten.ts'),
      of('agent/forgotten.test.ts', "import { x } from './forgotten.ts';"),
      of('agent/used.test.ts', "import { x } from './used-samples.ts';"),
      of('agent/used-samples.ts'),
      of('test/e2e/unused.ts'),
      of('agent/made-up-samples.ts'),
    ];
    expect(deadFiles(files, ['agent/worker.ts', 'agent/gone.ts'])).toEqual([
      'agent/gone.ts is an entry point but not there',
      'agent/forgotten.ts is dead: nothing that runs imports it',
      'test/e2e/unused.ts is dead: nothing that runs imports it',
      'agent/made-up-samples.ts is dead: nothing that runs imports it',
    ]);
  });
  it('that are imported must be there', () => {
    const file = of('agent/a.ts', "import { x } from './gone.ts';");
    expect(missingFiles([file], () => false)).toEqual(['agent/a.ts:1 imports agent/gone.ts, which is not there']);
  });
  it('must not grow without end, unless they are data', () => {
    const long = of('agent/a.ts', 'x;\n'.repeat(301));
    expect(sizes([long], { data: [] })).toEqual(['agent/a.ts has 301 lines, more than 300']);
    expect(sizes([long], { data: ['agent/a.ts'] })).toEqual([]);
    expect(sizes([], { data: ['agent/a.ts'] })).toEqual(['agent/a.ts is excepted but not there']);
  });
  it('must open with one to five lines of comment', () => {
    expect(headers([of('agent/a.ts', 'x;')])).toEqual(['agent/a.ts does not open with a comment']);
    expect(headers([of('agent/a.ts', `${'// x\n'.repeat(6)}x;`)])).toEqual([
      'agent/a.ts opens with 6 lines of comment',
    ]);
    expect(headers([of('agent/a.ts', '// What it is.\nx;'), of('agent/a.test.ts', 'x;')])).toEqual([]);
  });
  it.each(['agent/utils.ts', 'agent/common/a.ts', 'agent/test-helpers.ts', 'agent/camelCase.ts', 'agent/index.ts'])(
    'must not be called %s',
    (file) => expect(names([of(file)])).toHaveLength(1),
  );
  it('export by name', () => {
    expect(defaultExports([of('agent/a.ts', 'export default 1;')])).toHaveLength(1);
    expect(defaultExports([of('agent/a.ts', 'const a = 1; export { a as default };')])).toHaveLength(1);
    expect(defaultExports([of('agent/a.ts', 'export const a = 1;')])).toEqual([]);
  });
});

describe('calls', () => {
  it.each([
    'const x = Math.random();',
    'const x = Date.now();',
    'const x = new Date();',
    'const x = performance.now();',
    'const x = process.hrtime.bigint();',
    'setTimeout(f, 1);',
    'globalThis.setTimeout(f, 1);',
    'setInterval(f, 1);',
    'setImmediate(f);',
    'await fetch(url);',
    'const x = crypto.randomUUID();',
    "import { randomBytes } from 'node:crypto';",
    "import { setTimeout } from 'node:timers/promises';",
  ])('%s is banned', (text) => {
    expect(bannedCalls([of('agent/a.ts', text)])).toHaveLength(1);
    expect(bannedCalls([of('kernel/a.ts', text)])).toEqual([]);
  });
  it('in tests only chance is banned', () => {
    expect(bannedCalls([of('test/a.test.ts', 'setTimeout(f, 1); Math.random();')])).toEqual([
      expect.stringContaining('Math.random'),
    ]);
  });
  it.each([
    'clock.setTimeout(f);',
    'type X = Date;',
    'const x = { fetch: 1 };',
    'stream.random();',
    "'Math.random()';",
  ])('%s is not', (text) => expect(bannedCalls([of('agent/a.ts', text)])).toEqual([]));
});

describe('sockets', () => {
  it('have their places', () => {
    const text = "import net from 'node:net';";
    expect(sockets([of('agent/steps/a.ts', text)])).toEqual(['agent/steps/a.ts:1 imports node:net: no sockets here']);
    expect(sockets([of('agent/network/a.ts', text), of('test/e2e/a.test.ts', text)])).toEqual([]);
    expect(sockets([of('agent/a.ts', "import type { Socket } from 'node:net';")])).toEqual([]);
    expect(sockets([of('agent/a.ts', "import { isIP } from 'node:net';")])).toEqual([]);
  });
  it('and files have none in protocol and catalogue', () => {
    const text = "import { readFileSync } from 'node:fs';";
    expect(purity([of('protocol/a.ts', text), of('agent/a.ts', text), of('protocol/a.test.ts', text)])).toHaveLength(1);
  });
});
