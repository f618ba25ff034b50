// docs/failures.md as the catalogue of failures says it. The test writes and compares the page; nobody edits it by hand.
import { FAILURE_CODES, FAILURES, type Failure } from '../../catalog/failures.ts';
import { CODES_ELSEWHERE, FAILURES_ELSEWHERE } from '../../catalog/failures/elsewhere.ts';
import { STEPS } from '../../catalog/steps.ts';

export function failuresPage(): string {
  const rows = FAILURE_CODES.map((code) => {
    const { steps, sentence, cause, remedy, source }: Failure = FAILURES[code];
    const where = steps.length === 0 ? 'any' : steps.map((step) => STEPS[step].title).join(', ');
    return `| \`${code}\` | ${[where, sentence, cause, remedy, source].map(cell).join(' | ')} |`;
  });
  const elsewhere = CODES_ELSEWHERE.map((code) => {
    const { where, sentence, cause, remedy, source } = FAILURES_ELSEWHERE[code];
    return `| \`${code}\` | ${[where, sentence, cause, remedy, source].map(cell).join(' | ')} |`;
  });
  return `# Failures

Every way in which a simulated device can end without a desktop. The code is what an administrator would meet (an HRESULT, an
error number of the sign-in, an event of the profile service) where Windows has one, and a name of ours where it has none. It is
the label \`code\` of \`flotilla_step_failures_total\` and the key of \`failures\` in \`summary.json\`; \`flotilla explain CODE\` prints
its row.

This page is made from \`catalog/failures.ts\` (\`npm run update\`).

| Code | Step | What happened | Why | What to do | Source |
| --- | --- | --- | --- | --- | --- |
${rows.join('\n')}

## Met elsewhere

No simulated device ends with one of these; \`flotilla explain\` knows them, because administrators meet them.

| Code | Where | What happened | Why | What to do | Source |
| --- | --- | --- | --- | --- | --- |
${elsewhere.join('\n')}
`;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}
