// Compiles the package for publication: Node strips no types under node_modules, so what is installed must be JavaScript.
// The checkout itself never needs this; `npm pack` runs it.
import { execFileSync } from 'node:child_process';
import { cpSync, globSync, rmSync } from 'node:fs';
import path from 'node:path';

const root = import.meta.dirname;
const dist = path.join(root, 'dist');
rmSync(dist, { recursive: true, force: true });
execFileSync(path.join(root, 'node_modules/.bin/tsc'), ['-p', 'tsconfig.build.json'], { cwd: root, stdio: 'inherit' });
// Data that stands beside code and is read at run time.
for (const file of globSync('{agent,protocol,backend,telemetry}/**/*.{bin,svg,json}', { cwd: root })) {
  if (!file.includes('fixtures')) cpSync(path.join(root, file), path.join(dist, file));
}
