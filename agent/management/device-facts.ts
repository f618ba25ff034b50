// What the management tree wants to know of its device. Functions, not values: a waiting device keeps neither its identity nor
// its hardware hash, both can be computed again.
import type { DeviceIdentity } from '../identity/device-identity.ts';

export interface DeviceFacts {
  /** DeviceID of the enrollment: DevInfo/DevId and the source of each message. */
  readonly deviceId: string;
  /** PROVIDER-ID of the provisioning document: the name under which DMClient keeps the server. */
  readonly providerId: string;
  readonly upn: string;
  readonly entraDeviceId: string;
  identity(): DeviceIdentity;
  /** The 4K hardware hash, base64. */
  hardwareHash(): string;
}
