// The Autopilot profile of a registered device: what its group's configuration says, in the fields of the published profile
// files (ztd.md 3.1).
import type { GroupConfig } from '../../catalog/tenant.ts';
import { VARIANTS } from '../../catalog/variants.ts';
import { DAY_MS } from '../../kernel/units.ts';
import { encodeOobeConfig, writeAadServerData } from '../../protocol/autopilot/autopilot-profile.ts';
import type { AutopilotProfile } from '../../protocol/autopilot/autopilot-profile.ts';
import { isoTime } from '../iso-time.ts';
import type { Registration } from '../stores/registrations.ts';
import type { Tenant } from '../tenant.ts';

/** The update page of Autopilot itself waits so long at most (ztd.md 3.1). */
const AUTOPILOT_UPDATE_TIMEOUT_MS = 1_800_000;
const USER_DRIVEN = 0;
const FORCED = 1;

export function profileFor(tenant: Tenant, registration: Registration, group: GroupConfig): AutopilotProfile {
  const { config, identifiers } = tenant;
  const { profile } = group;
  return {
    AutopilotServiceCorrelationId: identifiers.guid('trace', registration.id),
    ZtdRegistrationId: registration.id,
    AadDeviceId: registration.entraDeviceId,
    CloudAssignedTenantId: config.tenantId,
    CloudAssignedTenantDomain: config.domain,
    CloudAssignedTenantUpn: registration.assignedUser,
    CloudAssignedMdmId: identifiers.guid('mdm-account', ''),
    CloudAssignedDomainJoinMethod: VARIANTS['entra-join'].domainJoinMethod,
    CloudAssignedOobeConfig: encodeOobeConfig({
      userNotLocalAdmin: profile.standardUser,
      skipExpressSettings: profile.hidePrivacy,
      skipOemRegistration: profile.hideOemRegistration,
      skipEula: profile.hideLicence,
      skipKeyboard: profile.hideKeyboard,
      skipWindowsUpgrade: true,
      enablePatchDownload: group.updates.kind !== 'off',
    }),
    CloudAssignedForcedEnrollment: FORCED,
    CloudAssignedDeviceName: profile.deviceNameTemplate,
    CloudAssignedAutopilotUpdateDisabled: 1,
    CloudAssignedAutopilotUpdateTimeout: AUTOPILOT_UPDATE_TIMEOUT_MS,
    ...(profile.locale === null ? {} : { CloudAssignedLanguage: profile.locale, CloudAssignedRegion: profile.locale }),
    DeploymentProfileName: profile.name,
    IsExplicitProfileAssignment: group.assignment.by !== 'default',
    AutopilotMode: USER_DRIVEN,
    AutopilotCreationDate: isoTime(config.epochMs - group.assignment.profileAgeDays * DAY_MS),
    CloudAssignedAadServerData: writeAadServerData({
      CloudAssignedTenantUpn: registration.assignedUser,
      ForcedEnrollment: FORCED,
      CloudAssignedTenantDomain: config.domain,
    }),
  };
}

/** What a device gets that another tenant has registered: enough to send its person to the wrong tenant's sign-in. */
export function otherTenantsProfile(
  { identifiers, otherTenant }: Tenant,
  registration: Registration,
): AutopilotProfile {
  const { tenantId, domain } = otherTenant;
  return {
    AutopilotServiceCorrelationId: identifiers.guid('trace', registration.id),
    ZtdRegistrationId: registration.id,
    AadDeviceId: registration.entraDeviceId,
    CloudAssignedTenantId: tenantId,
    CloudAssignedTenantDomain: domain,
    CloudAssignedTenantUpn: '',
    CloudAssignedDomainJoinMethod: VARIANTS['entra-join'].domainJoinMethod,
    CloudAssignedOobeConfig: encodeOobeConfig({ skipExpressSettings: true, skipOemRegistration: true, skipEula: true }),
    CloudAssignedForcedEnrollment: FORCED,
    CloudAssignedDeviceName: '',
    DeploymentProfileName: `Profile of ${domain}`,
    IsExplicitProfileAssignment: true,
    AutopilotMode: USER_DRIVEN,
    CloudAssignedAadServerData: writeAadServerData({
      CloudAssignedTenantUpn: '',
      ForcedEnrollment: FORCED,
      CloudAssignedTenantDomain: domain,
    }),
  };
}
