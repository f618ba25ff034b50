// One run of an app's installer on a device: how long it takes, its exit code and whether the app is found afterwards, as the plan
// says of the cohort's installers. An installer does the same on the same device each time, unless its exit code asks to be run
// again: what it waited for may be over.
import type { FailureCode } from '../../catalog/failures.ts';
import { MINUTE_MS } from '../../kernel/units.ts';
import { pickWeighted } from '../../kernel/weighted.ts';
import type { AppPolicy, ReturnCodeType } from '../../protocol/extension/app-policies.ts';
import type { DeviceContext } from '../device-context.ts';
import type { AppMemory } from './extension-memory.ts';

export interface FailedRun {
  readonly kind: 'failed';
  readonly code: FailureCode;
  readonly detail: string;
  /** The exit code asks for another run. */
  readonly again: boolean;
}

export type RunEnd = FailedRun | { readonly kind: 'installed'; readonly type: ReturnCodeType };

export interface InstallerRun {
  /** Device time; at most what the app's policy allows. */
  readonly deviceMs: number;
  readonly end: RunEnd;
}

const SUCCESS_CODE = 0;

export function runInstaller(device: DeviceContext, app: AppPolicy, memory: AppMemory): InstallerRun {
  const installer = device.cohort.installers[app.name];
  const takesMs = device.draw(
    installer?.time ?? device.cohort.installs.app,
    `install:win32:${app.name}:${memory.attempts}`,
  );
  const runMsMax = app.runMinutesMax * MINUTE_MS;
  if (takesMs > runMsMax) {
    const detail = `${app.name}: the installer ran longer than ${app.runMinutesMax} min`;
    return { deviceMs: runMsMax, end: { kind: 'failed', code: '0x87d300c9', detail, again: false } };
  }
  const unit = device.stream(`installer:${app.name}:${memory.reruns}`).unit();
  const exitCode = installer === undefined ? SUCCESS_CODE : pickWeighted(installer.exitCodes, unit);
  const type = app.returnCodes.get(exitCode) ?? 'failed';
  if (type === 'failed' || type === 'retry') {
    const detail = `${app.name}: exit code ${exitCode}`;
    return {
      deviceMs: takesMs,
      end: { kind: 'failed', code: codeOfExit(exitCode), detail, again: type === 'retry' },
    };
  }
  const found = installer === undefined || device.stream(`detected:${app.name}`).chance(installer.detected);
  if (!found) {
    const detail = `${app.name}: not detected after exit code ${exitCode}`;
    return { deviceMs: takesMs, end: { kind: 'failed', code: '0x87d1041c', detail, again: false } };
  }
  return { deviceMs: takesMs, end: { kind: 'installed', type } };
}

/** Exit codes that are system errors, as the HRESULT that an administrator is shown. */
const EXIT_CODES: Readonly<Record<number, FailureCode>> = {
  2: '0x80070002',
  5: '0x80070005',
  112: '0x80070070',
  1602: '0x80070642',
  1603: '0x80070643',
  1618: '0x80070652',
  1619: '0x80070653',
  1638: '0x80070666',
};

function codeOfExit(exitCode: number): FailureCode {
  return EXIT_CODES[exitCode] ?? 'installer-failed';
}

/** The restart that a successful run asks for, as the app's policy has it. `allow` leaves it to the installer, which makes none here. */
export function restartAfter({ restart }: AppPolicy, type: ReturnCodeType): 'none' | 'soft' | 'hard' {
  if (restart === 'force') return 'hard';
  if (restart !== 'by-exit-code') return 'none';
  if (type === 'hard-restart') return 'hard';
  return type === 'soft-restart' ? 'soft' : 'none';
}
