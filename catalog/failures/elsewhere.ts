// Codes that administrators of Autopilot meet where no simulated device comes yet: `flotilla explain` knows them too. No device ends
// with one of these, so they are no metric labels.
import type { Failure } from './failure.ts';

export interface FailureElsewhere extends Omit<Failure, 'steps'> {
  /** Where it is met. */
  readonly where: string;
}

const APPX = 'Microsoft Learn, Troubleshooting packaging, deployment, and query of Windows apps';

export const FAILURES_ELSEWHERE = {
  '806': {
    where: 'the import of a device: its row is refused',
    sentence: 'ZtdDeviceAlreadyAssigned: the device is already registered in this tenant.',
    cause:
      'Somebody imported it before, perhaps the manufacturer; another hash of the same hardware is the same device.',
    remedy: 'Nothing, or remove the registration and import the device again with another group tag.',
    source: 'Microsoft Learn, Autopilot troubleshooting: event 806',
  },
  '808': {
    where:
      'the import of a device: its row is refused; switched on, it leads to the sign-in of the other tenant (tenant-mismatch)',
    sentence: 'ZtdDeviceAssignedToOtherTenant: another tenant has registered the device.',
    cause: 'It was bought used, or returned, and never removed from its former tenant.',
    remedy: 'Have the former owner or the manufacturer remove its registration, then import it again.',
    source: 'Microsoft Learn, Autopilot troubleshooting: event 808',
  },
  '0x80070774': {
    where: 'hybrid join: not simulated yet',
    sentence: 'ERROR_DOMAIN_CONTROLLER_NOT_FOUND: no domain controller was reached within 25 minutes.',
    cause:
      'No offline-domain-join blob came (Domain Join profile not assigned, connector down or of another domain), or the device is not on the internal network.',
    remedy:
      'Check the assignment of the Domain Join profile, the connector of the domain, and DNS and reach of a domain controller; off the network, skip the connectivity check and use a VPN.',
    source: 'Microsoft Learn, Autopilot troubleshooting; OOBE script: 1,500,000 ms',
  },
  '0x801c000f': {
    where: 'Windows Hello: a restart of the device answers it; not simulated',
    sentence: 'The registration succeeded, and the device has to restart.',
    cause: 'No failure: it takes effect with the next start.',
    remedy: 'Restart the device.',
    source: 'Microsoft Learn, join errors',
  },
  '0x8018000a': {
    where: 'a device that an MDM manages already, before or beside OOBE: not simulated',
    sentence: 'The device is already enrolled.',
    cause: 'An MDM manages the device, or another user has enrolled or joined it; only one can.',
    remedy: 'Remove the enrollment from the device, or reset it.',
    source: 'Microsoft Learn, enrollment errors',
  },
  '0x80180026': {
    where: 'a device with an agent of its own or a policy against enrollment: not simulated',
    sentence: 'MENROLL_E_DEVICE_MANAGEMENT_BLOCKED: enrollment is blocked on the device.',
    cause: 'Policy disables MDM enrollment, or another management agent is installed.',
    remedy: 'Remove the policy or the agent.',
    source: 'Microsoft Learn, enrollment errors',
  },
  '0x8018002a': {
    where: 'enrollment without anybody at the device: not simulated',
    sentence: 'The user cancelled, or the enrollment needs somebody at the device.',
    cause: 'A sign-in or a second factor was asked for and not given.',
    remedy: 'Enroll again with the user at the device.',
    source: 'Microsoft Learn, enrollment errors',
  },
  '0x81039001': {
    where: 'self-deploying and pre-provisioning modes: not simulated',
    sentence: 'The TPM could not be attested: too many attempts.',
    cause: 'The attestation service did not answer, or the firmware of the TPM has a known fault.',
    remedy: 'Update the firmware of the TPM and try again.',
    source: 'Microsoft Learn, Autopilot known issues',
  },
  '0x81039023': {
    where: 'self-deploying and pre-provisioning modes: not simulated',
    sentence: 'TPM attestation is not supported by the hardware or firmware.',
    cause: 'The TPM has no endorsement key certificate, or one that cannot be used.',
    remedy: 'Update the firmware, or use user-driven mode.',
    source: 'Microsoft Learn, Autopilot known issues',
  },
  '0x80073cf0': {
    where: 'modern apps: their deployment is not simulated beyond the package',
    sentence: 'The package of a modern app could not be opened.',
    cause:
      'It is not what was published, is unsigned, or its publisher is not the subject of its certificate (ERROR_INSTALL_OPEN_PACKAGE_FAILED).',
    remedy: 'Check signature, hash and address of the package.',
    source: APPX,
  },
  '0x80073cf9': {
    where: 'modern apps: their deployment is not simulated beyond the package',
    sentence: 'The package of a modern app could not be installed.',
    cause: 'Deployment failed for a reason that the AppXDeployment-Server log has (ERROR_INSTALL_FAILED).',
    remedy: 'Read the AppXDeployment-Server event log.',
    source: APPX,
  },
  '0x80073cff': {
    where: 'modern apps: their deployment is not simulated beyond the package',
    sentence: 'A modern app could not be installed because policy does not allow it.',
    cause: 'The device neither allows sideloading nor has a licence for the app (ERROR_INSTALL_POLICY_FAILURE).',
    remedy: 'Allow trusted apps to install, and trust the certificate of the package.',
    source: APPX,
  },
  '0x80073d02': {
    where: 'modern apps: their deployment is not simulated beyond the package',
    sentence: 'A modern app could not be installed because resources that it changes are in use.',
    cause: 'The app, or a package that it depends on, was running (ERROR_PACKAGES_IN_USE).',
    remedy: 'Let it be tried again, or close the app.',
    source: APPX,
  },
} as const satisfies Record<string, FailureElsewhere>;

export type CodeElsewhere = keyof typeof FAILURES_ELSEWHERE;
export const CODES_ELSEWHERE = Object.keys(FAILURES_ELSEWHERE) as CodeElsewhere[];
