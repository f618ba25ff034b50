// MsiInstallJob: what the management server hands to EnterpriseDesktopAppManagement's DownloadInstall (the CSP's
// documentation, "MsiInstallJob"). It has no namespace.
import { malformed, ok } from '../../kernel/result.ts';
import type { Result } from '../../kernel/result.ts';
import { attribute, child, childText, children, escapeXml, readXml } from '../encoding/xml.ts';

export interface MsiJob {
  /** The MSI's product code, a GUID in braces. */
  readonly id: string;
  readonly version: string;
  readonly contentUrls: readonly string[];
  /** SHA-256 of the package, hex. */
  readonly fileHash: string;
  readonly commandLine: string;
  readonly timeoutMinutes: number;
  readonly retryCount: number;
  readonly retryIntervalMinutes: number;
}

export function writeMsiJob(job: MsiJob): string {
  const urls = job.contentUrls.map((url) => `<ContentURL>${escapeXml(url)}</ContentURL>`).join('');
  return (
    `<MsiInstallJob id="${escapeXml(job.id)}"><Product Version="${escapeXml(job.version)}">` +
    `<Download><ContentURLList>${urls}</ContentURLList></Download>` +
    `<Validation><FileHash>${escapeXml(job.fileHash)}</FileHash></Validation>` +
    `<Enforcement><CommandLine>${escapeXml(job.commandLine)}</CommandLine><TimeOut>${job.timeoutMinutes}</TimeOut>` +
    `<RetryCount>${job.retryCount}</RetryCount><RetryInterval>${job.retryIntervalMinutes}</RetryInterval>` +
    `</Enforcement></Product></MsiInstallJob>`
  );
}

export function parseMsiJob(text: string): Result<MsiJob> {
  const document = readXml(text);
  if (!document.ok) return document;
  const root = document.value;
  if (root.name !== 'MsiInstallJob') return malformed(root.offset, `<${root.name}> is not MsiInstallJob`);
  const id = attribute(root, 'id');
  const product = child(root, 'Product');
  if (id === undefined || product === undefined)
    return malformed(root.offset, 'MsiInstallJob needs an id and a Product');
  const download = child(product, 'Download');
  const list = download && child(download, 'ContentURLList');
  const contentUrls = list === undefined ? [] : children(list, 'ContentURL').map((url) => url.text.trim());
  if (contentUrls.length === 0) return malformed(product.offset, 'the Product has no ContentURL');
  const validation = child(product, 'Validation');
  const enforcement = child(product, 'Enforcement');
  if (enforcement === undefined) return malformed(product.offset, 'the Product has no Enforcement');
  const number = (name: string, absent: number): number => {
    const written = childText(enforcement, name);
    if (written === undefined) return absent;
    return /^\d{1,9}$/.test(written) ? Number(written) : NaN;
  };
  const job = {
    id,
    version: attribute(product, 'Version') ?? '',
    contentUrls,
    fileHash: (validation && childText(validation, 'FileHash')) ?? '',
    commandLine: childText(enforcement, 'CommandLine') ?? '',
    timeoutMinutes: number('TimeOut', 60),
    retryCount: number('RetryCount', 0),
    retryIntervalMinutes: number('RetryInterval', 0),
  };
  const { timeoutMinutes, retryCount, retryIntervalMinutes } = job;
  if ([timeoutMinutes, retryCount, retryIntervalMinutes].includes(NaN)) {
    return malformed(enforcement.offset, 'TimeOut, RetryCount or RetryInterval is not a whole number');
  }
  return ok(job);
}
