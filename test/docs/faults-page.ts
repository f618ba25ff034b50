// docs/faults.md, made from the catalogue of faults.
import { FAULT_NAMES, FAULTS, type Fault } from '../../catalog/faults.ts';
import { STEPS } from '../../catalog/steps.ts';

const INTRODUCTION = `# Faults

What the embedded backend can be told to do wrong: by a scenario (\`faults:\`, see [scenario.md](scenario.md)) or by
\`flotilla backend --fault NAME\`. A fault has a rate (the share of devices that meet it: a device meets it always or never), and may be
kept to a cohort and to a time. "Ends" is the failure of a device that meets it on every attempt ([failures.md](failures.md)); where it
says nothing, devices go on, later or another way.

This page is made from \`catalog/faults.ts\` (\`npm run update\`).
`;

export function faultsPage(): string {
  const rows = FAULT_NAMES.map((name) => {
    const { title, service, causes }: Fault = FAULTS[name];
    const ends =
      causes === null
        ? ''
        : `\`${causes.code}\` at ${causes.step === null ? 'the step at hand' : STEPS[causes.step].title}`;
    return `| \`${name}\` | ${service === null ? 'any' : `\`${service}\``} | ${title} | ${ends} |`;
  });
  return [INTRODUCTION, '| Fault | Service | What | Ends |', '| --- | --- | --- | --- |', ...rows, ''].join('\n');
}
