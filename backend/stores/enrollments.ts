// The devices under management: what MDM enrollment recorded, by the certificate that it issued.
import { LIMITS } from '../../kernel/limits.ts';
import { BoundedMap } from './bounded-map.ts';

export interface Enrollment {
  /** The MDM's own id of the device (with Intune: IntuneDeviceId); subject of its certificate. */
  readonly managedDeviceId: string;
  /** The Entra device that enrolled. */
  readonly entraDeviceId: string;
  /** SHA-1 of the client certificate, upper-case hex. */
  readonly thumbprint: string;
  readonly upn: string;
  readonly userIndex: number;
  readonly deviceName: string;
}

export class Enrollments {
  readonly #byThumbprint = new BoundedMap<string, Enrollment>(LIMITS.backendEntitiesMax);
  /** Managed device id to the thumbprint of its latest certificate. */
  readonly #current = new Map<string, string>();

  get count(): number {
    return this.#byThumbprint.size;
  }

  get refused(): number {
    return this.#byThumbprint.refused;
  }

  /** Adds an enrollment; one of the same device ends: its certificate is good no more. False where there is no room. */
  add(enrollment: Enrollment): boolean {
    const { managedDeviceId, thumbprint } = enrollment;
    const before = this.#current.get(managedDeviceId);
    if (before !== undefined) this.#byThumbprint.delete(before);
    if (!this.#byThumbprint.set(thumbprint, enrollment)) return false;
    this.#current.set(managedDeviceId, thumbprint);
    return true;
  }

  ofCertificate(thumbprint: string): Enrollment | undefined {
    return this.#byThumbprint.get(thumbprint);
  }
}
