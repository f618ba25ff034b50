// Content of apps: fetched from the URL that management or the gateway names, checked as it streams by, not kept.
import { stepFailure } from '../../catalog/failures.ts';
import type { StepFailure } from '../../catalog/failures.ts';
import { ok } from '../../kernel/result.ts';
import type { Result } from '../../kernel/result.ts';
import { ContentOpener } from '../../protocol/extension/encrypted-content.ts';
import type { ContentFault } from '../../protocol/extension/encrypted-content.ts';
import type { DeviceNetwork } from '../network/device-network.ts';
import type { AppContentInfo } from './gateway.ts';

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

const FAULTS: Readonly<Record<ContentFault, string>> = {
  'not-authentic': 'the content does not match its authentication code',
  'not-decryptable': 'the content cannot be decrypted',
  'not-a-zip': 'what was decrypted is no zip',
};

/**
 * The encrypted package of a Win32 app: authenticated, decrypted and looked at while it streams by. 0x87d30068 where it could not
 * be had, 0x87d30067 where it is not what was packaged.
 */
export async function downloadPackage(
  network: DeviceNetwork,
  { url, keys, bytes }: AppContentInfo,
): Promise<Result<{ readonly bytes: number }, StepFailure>> {
  let opener = new ContentOpener(keys);
  const streamed = await network.stream('apps', 'content', url, {
    begin: () => {
      if (opener.bytes > 0) opener = new ContentOpener(keys);
    },
    take: (piece) => opener.take(piece),
  });
  if (!streamed.ok) {
    const { code, detail } = streamed.error;
    return code === 'abandoned' ? streamed : stepFailure('0x87d30068', `${code}: ${detail}`);
  }
  if (bytes !== undefined && bytes !== streamed.value.bytes) {
    return stepFailure('0x87d30068', `${streamed.value.bytes} bytes came of ${bytes}`);
  }
  const fault = opener.end();
  return fault === undefined ? streamed : stepFailure('0x87d30067', FAULTS[fault]);
}
