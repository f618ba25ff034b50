// Whether the Windows of a device has user-driven mode at all (mission.md 18). It is asked where Windows itself would stop: before the
// profile is downloaded, so a device without it makes no request and goes on unmanaged.
import { FIRST_USER_DRIVEN_BUILD, WINDOWS_EDITIONS } from '../../catalog/os-versions.ts';
import { stepFailure } from '../../catalog/failures.ts';
import type { StepFailure } from '../../catalog/failures.ts';
import { ok, type Result } from '../../kernel/result.ts';
import type { DeviceIdentity } from '../identity/device-identity.ts';

export function checkWindows({
  osVersion,
  osEditionSku,
}: Pick<DeviceIdentity, 'osVersion' | 'osEditionSku'>): Result<void, StepFailure> {
  const build = Number(osVersion.split('.')[2]);
  if (build < FIRST_USER_DRIVEN_BUILD) return stepFailure('windows-too-old', `build ${build}`);
  return osEditionSku === WINDOWS_EDITIONS.Home ? stepFailure('114', 'Windows Home') : ok(undefined);
}
