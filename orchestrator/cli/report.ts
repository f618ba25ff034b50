// `flotilla report RUN`: the summary again, from the journal alone. Works on a run that was killed, and says what is missing.
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Command } from 'commander';
import { EXIT } from '../exit-codes.ts';
import { readLedger } from '../ledger.ts';
import { paintFor } from '../paint.ts';
import { reportText } from '../report-text.ts';
import { journalPath, writeSummary } from '../run-directory.ts';
import { summarize } from '../summary.ts';

export function reportCommand(program: Command): void {
  program
    .command('report')
    .description('rebuild summary.json and the report from the journal of a run')
    .argument('<run>', 'folder of the run, or its id under runs/')
    .option('--json', 'print the summary as JSON')
    .action((run: string, { json }: { json?: true }) => {
      const directory = existsSync(journalPath(run)) ? run : path.join('runs', run);
      const read = readLedger(directory);
      if (!read.ok) return refuse(`${run} cannot be read: ${read.error}`);
      const { ledger, damage } = read.value;
      if (damage !== null) process.stderr.write(`The journal is readable up to a point: ${damage}.\n`);
      const summary = summarize(ledger);
      const written = writeSummary(directory, summary);
      if (!written.ok) return refuse(`the summary cannot be written: ${written.error}`);
      const text = json
        ? JSON.stringify(summary, null, 2)
        : reportText(summary, [written.value], paintFor(process.stdout)).join('\n');
      process.stdout.write(`${text}\n`);
      return undefined;
    });
}

function refuse(message: string): void {
  process.stderr.write(`flotilla report: ${message}\n`);
  process.exitCode = EXIT.usage;
}
