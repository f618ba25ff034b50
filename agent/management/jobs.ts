// Work that the server ordered and that takes the device time outside the session: installing an app, enrolling a certificate.
// The tree notes it, the ESP step does it and reports back. Nothing is installed that the server did not order.
import type { Scope } from './loc-uri.ts';

export interface InstallJob {
  readonly kind: 'msi' | 'modern-app' | 'scep';
  readonly scope: Scope;
  /** MSI product code, package family name or certificate id. */
  readonly id: string;
  /** Where the package is; a certificate has none. */
  readonly contentUrl?: string | undefined;
  /** SHA-256 of the package, hex, where the server gave it. */
  readonly fileHash?: string | undefined;
  /** How long an installer may run before it counts as failed, and how often and after what pause it is tried again (MsiInstallJob). */
  readonly timeoutMs?: number | undefined;
  readonly retryCount?: number | undefined;
  readonly retryIntervalMs?: number | undefined;
  /** Canonical key of the instance's node, under which its Status stands. */
  readonly node: string;
}

export type JobOutcome = 'succeeded' | 'failed';

/** Where a job stands before its end. */
export type JobStage = 'ordered' | 'downloading' | 'download-retry' | 'downloaded' | 'installing' | 'install-retry';
