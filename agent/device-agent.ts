// One device from power-on to desktop (and its polling afterwards): runs the steps of its flow in order and turns their
// results into telemetry and one record. Nothing that goes wrong inside a device leaves it: an error that no step should
// throw ends this device with `agent-error`, and the run goes on.
import type { FailureCode, StepFailure } from '../catalog/failures.ts';
import { TIME_PARTS, type StepName, type StepOutcome } from '../catalog/steps.ts';
import { messageOf } from '../kernel/result.ts';
import { SECOND_MS } from '../kernel/units.ts';
import type { DeviceRecord } from '../telemetry/records.ts';
import type { DeviceContext } from './device-context.ts';
import { AFTER_DESKTOP, AFTER_OOBE_RESTART, FLOWS } from './flow.ts';
import { STEP_FUNCTIONS } from './steps/catalog.ts';
import { stepFailure } from '../catalog/failures.ts';
import type { StepResult } from './steps/result.ts';
import { wholeMs } from './time-ledger.ts';

/** When a device was to start, in milliseconds from the start of the run, and how much later it did. */
export interface DeviceStartTimes {
  readonly intendedStartMs: number;
  readonly latenessMs: number;
}

/**
 * Runs one device to its end. `settle` is called exactly once, when its outcome is known: at the desktop (polling comes after
 * and does not reopen it), or where it failed or was abandoned. Never rejects.
 */
export async function runDevice(
  device: DeviceContext,
  cohort: number,
  start: DeviceStartTimes,
  settle: (record: DeviceRecord) => void,
): Promise<void> {
  const steps = [...FLOWS[device.cohort.variant]({ wired: device.network.medium === 'ethernet' })];
  for (let step = steps.shift(); step !== undefined; step = steps.shift()) {
    if (step === AFTER_DESKTOP) settle(recordOf(device, cohort, start, 'succeeded', null, null));
    const result = await runStep(device, step);
    if (!result.ok) {
      const { code } = result.error;
      if (step !== AFTER_DESKTOP) settle(recordOf(device, cohort, start, outcomeOf(code), code, step));
      break;
    }
    if (result.value === 'restarted') steps.unshift(...AFTER_OOBE_RESTART);
  }
  device.network.close();
}

/** One step with its gauges and durations; a stop of the run makes any failure an abandonment. */
async function runStep(device: DeviceContext, step: StepName): Promise<StepResult> {
  const { recorder } = device.shard;
  const label = [step];
  device.step = step;
  recorder.gauge('flotilla_devices_in_flight', label, 1);
  let result = await guarded(device, step);
  if (!result.ok && device.stopped) result = stepFailure('abandoned', result.error.detail);
  recorder.gauge('flotilla_devices_in_flight', label, -1);
  const outcome = result.ok ? 'succeeded' : outcomeOf(result.error.code);
  const times = device.ledger.finish(step, outcome);
  recorder.observe('flotilla_step_duration_seconds', [step, outcome], wholeMs(times) / SECOND_MS);
  recorder.observe('flotilla_step_service_seconds', label, times.partsMs.service / SECOND_MS);
  for (const part of TIME_PARTS) {
    const partMs = times.partsMs[part];
    if (partMs > 0) recorder.count('flotilla_step_part_seconds_total', [step, part], partMs / SECOND_MS);
  }
  if (!result.ok && outcome === 'failed') recorder.count('flotilla_step_failures_total', [step, result.error.code]);
  return result;
}

async function guarded(device: DeviceContext, step: StepName): Promise<StepResult> {
  if (device.stopped) return stepFailure('abandoned', 'the run ended first');
  try {
    return await STEP_FUNCTIONS[step](device);
  } catch (thrown) {
    const detail = messageOf(thrown);
    device.shard.reportError(`${step}: ${detail}`);
    return stepFailure('agent-error', detail);
  }
}

function outcomeOf(code: StepFailure['code']): StepOutcome {
  return code === 'abandoned' ? 'abandoned' : 'failed';
}

function recordOf(
  device: DeviceContext,
  cohort: number,
  start: DeviceStartTimes,
  outcome: StepOutcome,
  code: FailureCode | null,
  step: StepName | null,
): DeviceRecord {
  const { ledger, network, state } = device;
  const atDesktop = outcome === 'succeeded';
  const nowMs = ledger.finishedMs;
  return {
    index: device.index,
    cohort,
    outcome,
    code,
    step,
    intendedStartMs: start.intendedStartMs,
    latenessMs: start.latenessMs,
    deploymentMs: atDesktop ? nowMs : null,
    setupMs: atDesktop && state.enrollmentStartedMs !== null ? nowMs - state.enrollmentStartedMs : null,
    steps: [...ledger.steps],
    exchanges: network.counts.exchanges,
    sessions: state.sessions,
    messages: state.messages,
    retries: network.counts.retries,
  };
}
