// `flotilla check SCENARIO`: whether a scenario compiles. All problems with file, line, column and remedy on standard error and
// exit code 2, or one line that sums the plan up.
import type { Command } from 'commander';
import { compileScenarioFile } from '../../scenarios/language/compile.ts';
import type { Plan } from '../../scenarios/language/plan.ts';
import { overridesOf, refuseScenario, warn, withPlanOptions, type PlanOptions } from './plan-options.ts';

export function checkCommand(program: Command): void {
  withPlanOptions(program.command('check'))
    .description('validate a scenario: every problem at once, with line, column and remedy')
    .argument('<scenario>', 'YAML file')
    .action((scenario: string, options: PlanOptions) => {
      const compiled = compileScenarioFile(scenario, { ...overridesOf(options), preview: true });
      if (!compiled.ok) {
        refuseScenario(compiled.problems);
        return;
      }
      warn(compiled.warnings);
      process.stdout.write(`${scenario}: ok. ${summaryOf(compiled.plan)}\n`);
    });
}

function summaryOf(plan: Plan): string {
  const cohorts = plan.cohorts.length === 1 ? '1 cohort' : `${plan.cohorts.length} cohorts`;
  const rate = plan.arrivals.kind === 'at-once' ? '' : ` ${plan.arrivals.ratePerSecond}/s`;
  return `${plan.devices} devices in ${cohorts}, arrivals ${plan.arrivals.kind}${rate}, speed ${plan.speed}, seed ${plan.seed}.`;
}
