// Every CSP that a simulated device serves. A provider is one line here and a file of its own.
import type { Csp } from '../node-rule.ts';
import { bitLocker } from './bit-locker.ts';
import { cimv2 } from './cimv2.ts';
import { clientCertificateInstall } from './client-certificate-install.ts';
import { devDetail } from './dev-detail.ts';
import { devInfo } from './dev-info.ts';
import { deviceInstanceService } from './device-instance-service.ts';
import { deviceManageability } from './device-manageability.ts';
import { devicePreparation } from './device-preparation.ts';
import { deviceStatus } from './device-status.ts';
import { dmClient } from './dm-client.ts';
import { dmSessionActions } from './dm-session-actions.ts';
import { enrollmentStatusTracking } from './enrollment-status-tracking.ts';
import { enterpriseDesktopAppManagement } from './enterprise-desktop-app-management.ts';
import { enterpriseModernAppManagement } from './enterprise-modern-app-management.ts';
import { healthAttestation } from './health-attestation.ts';
import { nodeCache } from './node-cache.ts';
import { passportForWork } from './passport-for-work.ts';
import { policy } from './policy.ts';
import { uefi } from './uefi.ts';
import { update } from './update.ts';
import { vpnV2 } from './vpn-v2.ts';
import { wifi } from './wifi.ts';
import { windowsAutopilot } from './windows-autopilot.ts';
import { windowsLicensing } from './windows-licensing.ts';

export const CSPS = {
  DevInfo: devInfo,
  DevDetail: devDetail,
  BitLocker: bitLocker,
  cimv2,
  ClientCertificateInstall: clientCertificateInstall,
  DeviceInstanceService: deviceInstanceService,
  DeviceManageability: deviceManageability,
  DevicePreparation: devicePreparation,
  DeviceStatus: deviceStatus,
  DMClient: dmClient,
  DMSessionActions: dmSessionActions,
  EnrollmentStatusTracking: enrollmentStatusTracking,
  EnterpriseDesktopAppManagement: enterpriseDesktopAppManagement,
  EnterpriseModernAppManagement: enterpriseModernAppManagement,
  HealthAttestation: healthAttestation,
  NodeCache: nodeCache,
  PassportForWork: passportForWork,
  Policy: policy,
  Uefi: uefi,
  Update: update,
  VPNv2: vpnV2,
  WiFi: wifi,
  WindowsAutopilot: windowsAutopilot,
  WindowsLicensing: windowsLicensing,
} as const satisfies Record<string, Csp>;
