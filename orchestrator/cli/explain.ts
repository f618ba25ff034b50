// `flotilla explain CODE`: what a failure code means, why it happens and what to do, from the catalogue.
import type { Command } from 'commander';
import { FAILURE_CODES, FAILURES } from '../../catalog/failures.ts';
import type { FailureCode } from '../../catalog/failures.ts';
import { CODES_ELSEWHERE, FAILURES_ELSEWHERE, type CodeElsewhere } from '../../catalog/failures/elsewhere.ts';
import { STEPS } from '../../catalog/steps.ts';
import type { StepName } from '../../catalog/steps.ts';
import { nearestName } from '../../scenarios/language/nearest.ts';
import { EXIT } from '../exit-codes.ts';

export function explainCommand(program: Command): void {
  program
    .command('explain')
    .description('a failure code: what it means, why it happens, what to do')
    .argument('<code>', 'as reported, e.g. 0x801c0003, 807 or connect-refused')
    .action((code: string) => {
      const known = findCode(code);
      if (known !== undefined) {
        process.stdout.write(explanation(known));
        return;
      }
      const nearest = nearestName(code.toLowerCase(), ALL_CODES);
      process.stderr.write(
        `flotilla explain: no failure is called "${code}".${nearest === undefined ? '' : ` Did you mean ${nearest}?`}\n`,
      );
      process.exitCode = EXIT.usage;
    });
}

const ALL_CODES: readonly (FailureCode | CodeElsewhere)[] = [...FAILURE_CODES, ...CODES_ELSEWHERE];

/** Case does not matter; a prefix that administrators know a code by may stand before it (AADSTS50126). */
export function findCode(text: string): FailureCode | CodeElsewhere | undefined {
  const wanted = text
    .trim()
    .toLowerCase()
    .replace(/^aadsts/, '');
  return ALL_CODES.find((code) => code.toLowerCase() === wanted);
}

function explanation(code: FailureCode | CodeElsewhere): string {
  const known = code in FAILURES ? FAILURES[code as FailureCode] : FAILURES_ELSEWHERE[code as CodeElsewhere];
  const { sentence, cause, remedy, source } = known;
  const where =
    'where' in known ? known.where : (known.steps as readonly StepName[]).map((step) => STEPS[step].title).join(', ');
  return [
    `${code}  ${sentence}`,
    '',
    `  Where   ${where === '' ? 'any step' : where}`,
    `  Why     ${cause}`,
    `  Do      ${remedy}`,
    `  Source  ${source === 'ours' ? 'a code of Flotilla itself' : source}`,
    '',
  ].join('\n');
}
