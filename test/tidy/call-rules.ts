// Time, chance and the network are arguments: the calls that reach for them directly are banned outside kernel/.
import type { Node } from 'oxc-parser';
import { isTest, lineAt, type SourceFile, type Violation } from './source.ts';

const BANNED_GLOBALS: ReadonlySet<string> = new Set([
  'setTimeout',
  'setInterval',
  'setImmediate',
  'fetch',
  'Date',
  'WebSocket',
  'EventSource',
]);
/** Members of any object: nobody else has methods of these names. */
const BANNED_MEMBERS: ReadonlySet<string> = new Set([
  'Math.random',
  'performance.now',
  'performance.timeOrigin',
  'process.hrtime',
  'process.uptime',
]);
const RANDOM_BYTES = /^(?:randomBytes|randomUUID|randomInt|randomFill|randomFillSync|getRandomValues)$/;
const BANNED_MODULES: ReadonlySet<string> = new Set(['node:timers', 'node:timers/promises']);

/** In tests only chance is banned: they may need a real timer, but must not fail by luck. */
export function bannedCalls(files: readonly SourceFile[]): Violation[] {
  return files.flatMap((file) => {
    if (file.path.startsWith('kernel/')) return [];
    const test = isTest(file.path);
    const violations: Violation[] = [];
    const report = (offset: number, what: string): void => {
      violations.push(`${file.path}:${lineAt(file, offset)} uses ${what}: take a clock or a stream as an argument`);
    };
    for (const { specifier, names, typeOnly, line } of file.imports) {
      if (typeOnly || test) continue;
      const random = specifier === 'node:crypto' ? names.filter((name) => RANDOM_BYTES.test(name)) : [];
      const banned = BANNED_MODULES.has(specifier) ? [specifier] : random;
      for (const name of banned) violations.push(`${file.path}:${line} imports ${name}: take a clock or a stream`);
    }
    const imported = new Set(file.imports.flatMap(({ names }) => names));
    walk(file.program, (node) => {
      if (node.type === 'MemberExpression' && !node.computed && node.property.type === 'Identifier') {
        const member = node.property.name;
        const owner = node.object.type === 'Identifier' ? node.object.name : '';
        const name = `${owner}.${member}`;
        if (name === 'Math.random') report(node.start, name);
        if (test) return;
        if (BANNED_MEMBERS.has(name) && name !== 'Math.random') report(node.start, name);
        if (owner === 'Date' || (owner === 'globalThis' && BANNED_GLOBALS.has(member))) report(node.start, name);
        if (RANDOM_BYTES.test(member)) report(node.start, name);
      }
      if ((node.type === 'CallExpression' || node.type === 'NewExpression') && node.callee.type === 'Identifier') {
        const { name } = node.callee;
        if (!test && BANNED_GLOBALS.has(name) && !imported.has(name)) report(node.start, name);
      }
    });
    return violations;
  });
}

function walk(node: Node, visit: (node: Node) => void): void {
  visit(node);
  for (const value of Object.values(node) as unknown[]) {
    for (const child of Array.isArray(value) ? (value as unknown[]) : [value]) if (isNode(child)) walk(child, visit);
  }
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
}
