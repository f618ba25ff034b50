// Registered devices and their profiles in the shape of Microsoft Graph (windowsAutopilotDeviceIdentity): an administrator looks
// here for the status "Assigned" before a device may be switched on.
import { LIMITS } from '../../kernel/limits.ts';
import { DAY_MS } from '../../kernel/units.ts';
import { Members, readJsonObject } from '../../protocol/encoding/json.ts';
import type { Assignment } from '../assignment.ts';
import { errorReply, jsonReply } from '../http/message.ts';
import type { BackendRequest, Reply } from '../http/message.ts';
import { isoTime } from '../iso-time.ts';
import type { Registration } from '../stores/registrations.ts';
import type { Tenant } from '../tenant.ts';
import { listPage } from './graph-page.ts';

/** Graph's type of a profile for user-driven Entra join. */
const PROFILE_TYPE = '#microsoft.graph.azureADWindowsAutopilotDeploymentProfile';
/** Graph's word for a time that has not come. */
const NEVER = '0001-01-01T00:00:00Z';

/** GET .../windowsAutopilotDeviceIdentities, in pages. */
export function listIdentities(tenant: Tenant, request: BackendRequest): Reply {
  const url = `${tenant.endpoints.registration}/deviceManagement/windowsAutopilotDeviceIdentities`;
  const page = listPage(tenant.registrations.all(), request, url, (registration) => describe(tenant, registration));
  return jsonReply(200, { '@odata.count': tenant.registrations.count, ...page });
}

/** GET .../windowsAutopilotDeviceIdentities/{id}. */
export function findIdentity(tenant: Tenant, request: BackendRequest): Reply {
  const registration = tenant.registrations.find(request.parameters['id'] ?? '');
  return registration === undefined ? notFound() : jsonReply(200, describe(tenant, registration));
}

/** POST .../{id}/assignUserToDevice: 204. Of the name only the domain is checked, as at an upload. */
export function assignUser(tenant: Tenant, request: BackendRequest): Reply {
  const registration = tenant.registrations.find(request.parameters['id'] ?? '');
  if (registration === undefined) return notFound();
  const body = readJsonObject(request.body.toString('utf8'));
  if (!body.ok) return errorReply(400, 'BadRequest', body.error.reason);
  const members = new Members(body.value);
  const read = members.result(members.string('userPrincipalName'));
  if (!read.ok) return errorReply(400, 'BadRequest', read.error.reason);
  if (read.value.length > LIMITS.textCharactersMax || tenant.directory.realm(read.value) === undefined) {
    return errorReply(400, 'BadRequest', 'The domain of the user is not one of the tenant.');
  }
  tenant.registrations.assignUser(registration, read.value);
  return { status: 204 };
}

/** POST .../{id}/unassignUserFromDevice: 204. */
export function unassignUser(tenant: Tenant, request: BackendRequest): Reply {
  const registration = tenant.registrations.find(request.parameters['id'] ?? '');
  if (registration === undefined) return notFound();
  tenant.registrations.assignUser(registration, '');
  return { status: 204 };
}

function notFound(): Reply {
  return errorReply(404, 'ResourceNotFound', 'There is no device of this id.');
}

function describe(tenant: Tenant, registration: Registration): object {
  const { facts } = registration;
  const assignment = tenant.assignments.of(registration);
  return {
    '@odata.type': '#microsoft.graph.windowsAutopilotDeviceIdentity',
    id: registration.id,
    serialNumber: facts.serialNumber,
    manufacturer: facts.manufacturer,
    model: facts.model,
    productKey: facts.productId,
    groupTag: registration.groupTag,
    userPrincipalName: registration.assignedUser,
    azureActiveDirectoryDeviceId: registration.entraDeviceId,
    azureAdDeviceId: registration.entraDeviceId,
    deploymentProfileAssignmentStatus: statusOf(assignment),
    deploymentProfileAssignedDateTime: assignment.status === 'assigned' ? isoTime(assignment.atMs) : NEVER,
    enrollmentState: tenant.joinedDevices.find(registration.entraDeviceId) === undefined ? 'notContacted' : 'enrolled',
  };
}

/** windowsAutopilotProfileAssignmentStatus. A profile that is gone is still what the deployment service has on its side. */
function statusOf(assignment: Assignment): string {
  if (assignment.status === 'unassigned') return 'notAssigned';
  if (assignment.status === 'pending') return 'pending';
  return assignment.group.assignment.profileDeleted ? 'assignedOutOfSync' : 'assignedInSync';
}

/** GET .../windowsAutopilotDeploymentProfiles: one for each group, but those that were deleted. */
export function listProfiles(tenant: Tenant): Reply {
  const { config, identifiers } = tenant;
  const value = config.groups
    .filter(({ assignment }) => !assignment.profileDeleted)
    .map(({ tag, profile, assignment }) => ({
      '@odata.type': PROFILE_TYPE,
      id: identifiers.guid('profile', tag),
      displayName: profile.name,
      deviceNameTemplate: profile.deviceNameTemplate,
      language: profile.locale ?? '',
      createdDateTime: isoTime(config.epochMs - assignment.profileAgeDays * DAY_MS),
      outOfBoxExperienceSettings: {
        hidePrivacySettings: profile.hidePrivacy,
        hideEULA: profile.hideLicence,
        skipKeyboardSelectionPage: profile.hideKeyboard,
        userType: profile.standardUser ? 'standard' : 'administrator',
        deviceUsageType: 'singleUser',
        hideEscapeLink: true,
      },
    }));
  return jsonReply(200, { value });
}
