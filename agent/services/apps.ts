// Content of apps: fetched from the URL that management names, hashed as it comes, not kept.
import { stepFailure } from '../../catalog/failures.ts';
import type { StepFailure } from '../../catalog/failures.ts';
import { ok } from '../../kernel/result.ts';
import type { Result } from '../../kernel/result.ts';
import type { DeviceNetwork } from '../network/device-network.ts';

/** Content that does not match the expected hash is the failure of an app that cannot be installed. */
export async function downloadContent(
  network: DeviceNetwork,
  url: string,
  expected?: { readonly sha256Hex: string },
): Promise<Result<{ readonly bytes: number }, StepFailure>> {
  const content = await network.download('apps', 'content', url);
  if (!content.ok) return content;
  if (expected !== undefined && expected.sha256Hex.toLowerCase() !== content.value.sha256Hex) {
    return stepFailure('0x87d1041c', 'the content does not match its hash');
  }
  return ok({ bytes: content.value.bytes });
}
