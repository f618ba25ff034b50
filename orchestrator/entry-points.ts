// Where the code of workers and of the backend's process is: TypeScript in the checkout, JavaScript in an installed package
// (Node strips no types under node_modules). The only place that knows the difference.
import { readFileSync } from 'node:fs';
import path from 'node:path';

export interface EntryPoints {
  /** Module of the Piscina task: agent/worker. */
  readonly worker: string;
  /** Module of the embedded backend's process. */
  readonly backend: string;
  /** The folder that holds package.json, bin and scenarios. */
  readonly packageRoot: string;
}

/** Absolute paths, for this checkout or package. */
export function entryPoints(): EntryPoints {
  const extension = path.extname(import.meta.filename);
  const code = path.dirname(import.meta.dirname);
  return {
    worker: path.join(code, 'agent', `worker${extension}`),
    backend: path.join(code, 'backend', `main${extension}`),
    packageRoot: extension === '.ts' ? code : path.dirname(code),
  };
}

/** The version in package.json. */
export function packageVersion(): string {
  const text = readFileSync(path.join(entryPoints().packageRoot, 'package.json'), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
