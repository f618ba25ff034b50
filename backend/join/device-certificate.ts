// The certificate of a joined device (entra-join, 5): who the device is, whose user joined it, in which tenant.
import { basicConstraints, extendedKeyUsage, keyUsage, rawExtension } from '../../protocol/pki/certificate.ts';
import { octetString } from '../../protocol/encoding/der.ts';
import { sha256Hex } from '../../protocol/encoding/digest.ts';
import { OID } from '../../protocol/encoding/object-identifiers.ts';
import { guidBytes } from '../identifiers.ts';
import type { Tenant } from '../tenant.ts';

const VALID_DAYS = 3650;
const JOINED = '1';
const REGION = 'EU';

/** DER of the certificate. */
export function issueDeviceCertificate(
  tenant: Tenant,
  device: { readonly deviceId: string; readonly userObjectId: string; readonly publicKeyInfo: Uint8Array },
): Uint8Array {
  const guid = (value: string): Uint8Array => octetString(guidBytes(value));
  return tenant.authorities.devices.issue({
    name: [{ type: 'CN', value: device.deviceId }],
    publicKeyInfo: device.publicKeyInfo,
    days: VALID_DAYS,
    serialOf: `device ${device.deviceId} ${sha256Hex(device.publicKeyInfo)}`,
    extensions: [
      basicConstraints(false),
      keyUsage('digitalSignature'),
      extendedKeyUsage(OID.clientAuth),
      rawExtension(OID.deviceId, guid(device.deviceId)),
      rawExtension(OID.deviceUserObjectId, guid(device.userObjectId)),
      rawExtension(OID.deviceTenantId, guid(tenant.config.tenantId)),
      rawExtension(OID.deviceJoinType, octetString(Buffer.from(JOINED))),
      rawExtension(OID.deviceRegion, octetString(Buffer.from(REGION))),
    ],
  });
}
