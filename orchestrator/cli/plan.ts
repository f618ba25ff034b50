// `flotilla plan SCENARIO`: what a run would do and need, without starting anything. `--json` prints the plan itself, which is
// what the orchestrator takes.
import type { Command } from 'commander';
import { compileScenarioFile } from '../../scenarios/language/compile.ts';
import { describePlan } from '../../scenarios/language/describe.ts';
import { forecastPlan } from '../../scenarios/language/forecast.ts';
import { checkMachine, needsOf, thisMachine } from '../../scenarios/language/machine.ts';
import { overridesOf, refuseScenario, warn, withPlanOptions, type PlanOptions } from './plan-options.ts';

export function planCommand(program: Command): void {
  withPlanOptions(program.command('plan'))
    .description('print what a run would do: arrivals, devices in flight, load, what the machine must have')
    .argument('<scenario>', 'YAML file')
    .option('--json', 'the plan itself, as JSON')
    .action((scenario: string, options: PlanOptions & { json?: true }) => {
      const compiled = compileScenarioFile(scenario, { ...overridesOf(options), preview: true });
      if (!compiled.ok) {
        refuseScenario(compiled.problems);
        return;
      }
      const { plan, warnings } = compiled;
      const forecast = forecastPlan(plan);
      // Another machine may run it, so a plan that this one cannot hold is only doubted here.
      warn([...warnings, ...checkMachine(needsOf(plan, forecast), thisMachine())]);
      process.stdout.write(options.json === true ? `${JSON.stringify(plan, null, 2)}\n` : describePlan(plan, forecast));
    });
}
