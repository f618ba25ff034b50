// The client certificate of MDM enrollment and the provisioning document that brings it to the device (MS-MDE2, 3.6).
import { MDM_PROVIDER_ID } from '../../catalog/tenant.ts';
import { basicConstraints, extendedKeyUsage, keyUsage, rawExtension } from '../../protocol/pki/certificate.ts';
import { octetString } from '../../protocol/encoding/der.ts';
import { sha256Hex } from '../../protocol/encoding/digest.ts';
import { OID } from '../../protocol/encoding/object-identifiers.ts';
import { writeProvisioningDocument } from '../../protocol/enrollment/provisioning-document.ts';
import { guidBytes } from '../identifiers.ts';
import { MANAGEMENT_PATH } from '../management-path.ts';
import type { Tenant } from '../tenant.ts';

export const MDM_CERTIFICATE_DAYS = 365;
export const RENEWAL_DAYS = 42;
/** Extensions of an MDM certificate, as Intune's have them (mde2, 5): managed device and account. */
const MANAGED_DEVICE_OID = '1.2.840.113556.5.4';
const ACCOUNT_OID = '1.2.840.113556.5.6';
/** As every public server writes it; the specification says 8 or 32 (mde2, 8). */
const ROLE = 4_294_967_295;

/** DER of the certificate. */
export function issueMdmCertificate(
  tenant: Tenant,
  device: { readonly managedDeviceId: string; readonly publicKeyInfo: Uint8Array },
): Uint8Array {
  const account = tenant.identifiers.guid('mdm-account', '');
  return tenant.authorities.mdm.issue({
    name: [{ type: 'CN', value: device.managedDeviceId }],
    publicKeyInfo: device.publicKeyInfo,
    days: MDM_CERTIFICATE_DAYS,
    serialOf: `mdm ${device.managedDeviceId} ${sha256Hex(device.publicKeyInfo)}`,
    extensions: [
      basicConstraints(false),
      keyUsage('digitalSignature', 'keyEncipherment'),
      extendedKeyUsage(OID.clientAuth),
      rawExtension(MANAGED_DEVICE_OID, octetString(guidBytes(device.managedDeviceId))),
      rawExtension(ACCOUNT_OID, octetString(guidBytes(account))),
    ],
  });
}

export function provisioningDocument(
  tenant: Tenant,
  device: {
    readonly managedDeviceId: string;
    readonly certificate: Uint8Array;
    readonly upn: string;
    readonly deviceName: string;
  },
): string {
  const { authorities, endpoints } = tenant;
  return writeProvisioningDocument({
    rootCertificates: [authorities.root.certificate],
    intermediateCertificates: [authorities.mdm.certificate],
    clientCertificate: { store: 'System', certificate: device.certificate },
    renew: { roboSupport: true, renewPeriodDays: RENEWAL_DAYS, retryIntervalDays: 4 },
    application: {
      providerId: MDM_PROVIDER_ID,
      name: `${tenant.config.displayName} (simulated)`,
      address: `${endpoints.management}${MANAGEMENT_PATH}`,
      clientCertificateSearch: { subject: `CN=${device.managedDeviceId}`, stores: 'My\\System' },
      role: ROLE,
      connectionRetryFrequency: 6,
      initialBackoffMs: 30_000,
      maxBackoffMs: 120_000,
      backCompatRetryDisabled: true,
      defaultEncoding: 'application/vnd.syncml.dm+xml',
    },
    dmClient: {
      providerId: MDM_PROVIDER_ID,
      upn: device.upn,
      entDeviceName: device.deviceName,
      entDmId: device.managedDeviceId,
      // Intune's documented check-ins of a new device: 3 min for 15 min, 15 min for 2 h, then about every 8 h.
      poll: {
        firstRetries: 5,
        firstIntervalMinutes: 3,
        secondRetries: 8,
        secondIntervalMinutes: 15,
        remainingRetries: 0,
        remainingIntervalMinutes: 480,
        pollOnLogin: true,
      },
    },
  });
}
