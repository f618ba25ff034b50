// Installs a PFX that the server has sent: opens it with its password, checks that the key belongs to the certificate, and keeps
// the thumbprint. Blob and password are dropped, whatever came of them. Source: ClientCertificateInstall CSP (PFXCertInstall).
import { fromBase64 } from '../../protocol/encoding/base64.ts';
import { parseCertificate } from '../../protocol/pki/certificate.ts';
import { sha1Thumbprint } from '../../protocol/encoding/digest.ts';
import { openPkcs12, parsePkcs12 } from '../../protocol/pki/pkcs12.ts';
import { privateKeyModulus } from '../../protocol/pki/private-key-info.ts';
import { decodeRsaPublicKeyInfo } from '../../protocol/pki/public-key-info.ts';
import type { ManagementTree } from './tree.ts';

/** Values of Status: what GetLastError gives after PFXImportCertStore. */
export const PFX_STATUS = {
  installed: 0,
  /** ERROR_INVALID_PASSWORD. */
  wrongPassword: 86,
  /** NTE_NOT_SUPPORTED: a password that is itself encrypted; the device has no key for it here. */
  encryptedPassword: 0x80090029,
  /** CRYPT_E_ASN1_BADTAG. */
  unreadable: 0x8009310b,
  /** CRYPT_E_NOT_FOUND: no certificate, or none that is for the key. */
  noCertificate: 0x80092004,
} as const;

/** The PFX of one instance, if blob and password are both there; `node` is the instance's canonical key. */
export function installPfx(tree: ManagementTree, node: string): void {
  const blob = tree.read(`${node}/PFXCertBlob`) ?? '';
  const password = tree.read(`${node}/PFXCertPassword`);
  if (blob === '') return;
  if (password === undefined) {
    // Not protected, or the password is still to come: then it is tried again.
    tree.write(`${node}/Status`, String(PFX_STATUS.wrongPassword));
    return;
  }
  const encrypted = (tree.read(`${node}/PFXCertPasswordEncryptionType`) ?? '0') !== '0';
  const opened = encrypted ? PFX_STATUS.encryptedPassword : thumbprintOf(blob, password);
  if (opened === PFX_STATUS.wrongPassword && password === '') {
    // The password of the PFX before this one was dropped; the new one is still to come.
    tree.write(`${node}/Status`, String(PFX_STATUS.wrongPassword));
    return;
  }
  tree.write(`${node}/PFXCertBlob`, '');
  tree.write(`${node}/PFXCertPassword`, '');
  tree.write(`${node}/Status`, String(typeof opened === 'number' ? opened | 0 : PFX_STATUS.installed));
  if (typeof opened === 'string') tree.write(`${node}/Thumbprint`, opened);
}

/** The thumbprint of the certificate that the key is for, or the error. */
function thumbprintOf(blob: string, password: string): string | number {
  const bytes = fromBase64(blob);
  const pfx = bytes === undefined ? undefined : parsePkcs12(bytes);
  if (pfx?.ok !== true) return PFX_STATUS.unreadable;
  const opened = openPkcs12(pfx.value, password);
  if (!opened.ok) return opened.error === 'password' ? PFX_STATUS.wrongPassword : PFX_STATUS.unreadable;
  const moduli = opened.value.privateKeys.map((key) => privateKeyModulus(key)).filter((modulus) => modulus.ok);
  for (const der of opened.value.certificates) {
    const certificate = parseCertificate(der);
    const key = certificate.ok ? decodeRsaPublicKeyInfo(certificate.value.publicKeyInfo) : certificate;
    if (key.ok && moduli.some(({ value }) => Buffer.compare(value, key.value.modulus) === 0))
      return sha1Thumbprint(der);
  }
  return PFX_STATUS.noCertificate;
}
