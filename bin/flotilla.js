#!/usr/bin/env node
// The command's entry, plain JavaScript that any Node can read: says so where Node is too old, and runs the code of the
// checkout (TypeScript) or of the installed package (dist). It decides nothing else.
import { existsSync } from 'node:fs';
import module from 'node:module';
import v8 from 'node:v8';

const major = Number(process.versions.node.split('.')[0]);
if (major < 24) {
  process.stderr.write(`flotilla needs Node.js 24 or newer; this is ${process.version}.\n`);
  process.exitCode = 2;
} else {
  // Compiled code is kept between runs, for this process, its threads and the embedded backend: it halves the start.
  const { directory } = module.enableCompileCache();
  if (directory !== undefined) process.env.NODE_COMPILE_CACHE ??= directory;
  // Feedback from the first call on: thousands of devices do the same, so code is worth optimizing early (a tenth of the CPU of
  // a short run, and a quarter of its memory).
  v8.setFlagsFromString('--no-lazy-feedback-allocation');
  const built = new URL('../dist/orchestrator/cli/main.js', import.meta.url);
  const source = new URL('../orchestrator/cli/main.ts', import.meta.url);
  const { main } = await import((existsSync(source) ? source : built).href);
  await main(process.argv.slice(2));
}
