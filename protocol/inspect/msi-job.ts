// An MsiInstallJob with its element names.
import { ok } from '../../kernel/result.ts';
import type { Result } from '../../kernel/result.ts';
import { parseMsiJob } from '../management/msi-job.ts';
import type { Explanation } from './explainer.ts';
import { inputText } from './input.ts';

export function explainMsiJob(bytes: Uint8Array): Result<Explanation> {
  return explainMsiJobText(inputText(bytes));
}

export function explainMsiJobText(text: string): Result<Explanation> {
  const read = parseMsiJob(text);
  if (!read.ok) return read;
  const job = read.value;
  return ok({
    kind: 'msi-job',
    id: job.id,
    Product: {
      Version: job.version,
      Download: { ContentURLList: job.contentUrls },
      Validation: { FileHash: job.fileHash },
      Enforcement: {
        CommandLine: job.commandLine,
        TimeOut: job.timeoutMinutes,
        RetryCount: job.retryCount,
        RetryInterval: job.retryIntervalMinutes,
      },
    },
  });
}
