// What management needs from the rest of the tenant to say what a device is to install: where files are, and what is a device's own
// in its certificates. A port: the tenant gives the real ones, tests simple ones.
import type { AppContent, CoManagementConfig } from '../../catalog/content.ts';
import type { Scope } from './commands.ts';

/** The file of an app at the content origin. */
export interface AppFile {
  /** GUID. */
  readonly id: string;
  readonly url: string;
  /** Lower-case hex. */
  readonly sha256: string;
}

/** Names one certificate of one device; `number` counts from 1 in the scope. */
export interface CertificateSubject {
  readonly managedDeviceId: string;
  readonly upn: string;
  readonly scope: Scope;
  readonly number: number;
}

export interface CertificateSource {
  readonly scepUrl: string;
  /** SHA-1 of the root certificate that the SCEP service answers GetCACert with, upper-case hex. */
  readonly scepThumbprint: string;
  readonly scepChallenge: (subject: CertificateSubject) => string;
  /** PKCS#12 and the password that opens it. */
  readonly pfx: (subject: CertificateSubject) => { readonly blob: Uint8Array; readonly password: string };
}

export interface ContentSource {
  readonly managementUrl: string;
  readonly tenantId: string;
  readonly certificates: CertificateSource;
  readonly app: (app: AppContent) => AppFile;
  /** The management extension's own package. */
  readonly extensionInstaller: () => AppFile;
  /** ccmsetup.msi. */
  readonly configManagerInstaller: (config: CoManagementConfig) => AppFile;
}
