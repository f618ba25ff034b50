// What a device remembers from step to step: numbers, short strings and bytes, because thousands of devices wait at once.
// A token is dropped by the step that uses it last; whatever can be computed again from (seed, index) is not here.
import type { AutopilotProfile } from '../protocol/autopilot/autopilot-profile.ts';
import type { PollSchedule } from '../protocol/enrollment/provisioning-document.ts';
import type { ExtensionMemory } from './extension/extension-memory.ts';
import type { ManagedDevice } from './management/managed-device.ts';
import type { ManagementEndpoint } from './services/management.ts';
import type { SignIn } from './services/login.ts';

/** What the steps need of the Autopilot profile (ztd.md 3.1). */
export type ProfileFacts = Pick<
  AutopilotProfile,
  | 'ZtdRegistrationId'
  | 'CloudAssignedTenantId'
  | 'CloudAssignedTenantDomain'
  | 'CloudAssignedTenantUpn'
  | 'CloudAssignedOobeConfig'
  | 'CloudAssignedForcedEnrollment'
  | 'CloudAssignedDeviceName'
  | 'CloudAssignedLanguage'
  | 'CloudAssignedRegion'
>;

export class DeviceState {
  /** A Wi-Fi network was joined before: after a restart nobody is asked for its key. */
  networkKnown = false;
  /** Ticket of the device for the profile, update and join services; dropped after the join. */
  deviceToken: string | null = null;
  /** Null too where the service had a blank one, which the device keeps until it restarts. */
  profile: ProfileFacts | null = null;
  /** How often the person restarted the device because it found no profile. */
  restartsWithoutProfile = 0;
  /** The login session and the claims that OOBE needs; dropped when no step needs a token any more. */
  signIn: SignIn | null = null;
  /** Who signed in with which password: the person remembers it whatever the device forgets. */
  person: { readonly userName: string; readonly password: string } | null = null;
  /** Name that the profile's template gave the device; null keeps the one it was built with. */
  deviceName: string | null = null;
  /** Device id in the directory, once joined. */
  deviceId: string | null = null;
  /** The certificate of the join (DER): with the device's key it proves the device. */
  deviceCertificate: Uint8Array | null = null;
  /** Where keys for Windows Hello are registered, as the join's discovery said. */
  keyService: string | null = null;
  /** Blob of the accepted terms of use, for the MDM enrollment. */
  termsOfUseBlob: string | null = null;
  /** Device time at which MDM enrollment began: `setup` is measured from there. */
  enrollmentStartedMs: number | null = null;
  management: ManagementEndpoint | null = null;
  managed: ManagedDevice | null = null;
  pollSchedule: PollSchedule | null = null;
  /** What the management extension remembers of the device's apps; on disk, so restarts keep it. */
  extension: ExtensionMemory | null = null;
  /** What the person typed in OOBE is kept for the first Windows sign-in until the device restarts in the device phase. */
  credentialsKept = false;
  /** The person left a failed status page by "Continue anyway": what it waited for arrives after the desktop. */
  leftStatusPage = false;
  /** Management sessions and messages so far. */
  sessions = 0;
  messages = 0;

  /**
   * What a restart does to a device. Lost is what was only in memory: credentials, tokens, the login session, and in OOBE the
   * cached profile with its ticket. Kept is what is on disk or in the TPM: keys and certificates, the join and the MDM enrollment
   * with the management tree, the known Wi-Fi, the device's name, and a profile that the device was joined with.
   */
  loseMemory(): void {
    this.signIn = null;
    this.credentialsKept = false;
    if (this.deviceId === null) {
      this.deviceToken = null;
      this.profile = null;
    }
    this.managed?.restarted();
  }
}
