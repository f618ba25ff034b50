// Which Windows may enroll: not Home, which has no management of its kind (0x80180003), and nothing below the version that the
// tenant's platform restriction names (0x80180014).
import { WINDOWS_EDITIONS } from '../../catalog/os-versions.ts';
import { contextItem } from '../../protocol/enrollment/enrollment-token.ts';
import type { ContextItems } from '../../protocol/enrollment/enrollment-token.ts';
import type { SoapFault } from '../../protocol/enrollment/soap-fault.ts';
import type { Tenant } from '../tenant.ts';

export function platformFault({ config }: Tenant, items: ContextItems): SoapFault | undefined {
  if (Number(contextItem(items, 'OSEdition')) === WINDOWS_EDITIONS.Home) {
    return { subcode: 'Authorization', reason: 'Windows Home cannot be enrolled.' };
  }
  const { minimumOsVersion } = config.enrollment;
  const version = contextItem(items, 'OSVersion') ?? '';
  if (minimumOsVersion === null || isAtLeast(version, minimumOsVersion)) return undefined;
  const reason = `OSVersion "${version}" is below ${minimumOsVersion}, the lowest that may enroll.`;
  return { subcode: 'Authorization', errorType: 'DeviceNotSupported', reason, message: reason };
}

/** Compares versions number by number; one that cannot be read is at least nothing. */
export function isAtLeast(version: string, minimum: string): boolean {
  const numbers = version.split('.').map(Number);
  if (numbers.some(Number.isNaN) || version === '') return false;
  for (const [at, wanted] of minimum.split('.').map(Number).entries()) {
    const number = numbers[at] ?? 0;
    if (number !== wanted) return number > wanted;
  }
  return true;
}
