// What registration makes in the directory, in the shape of Microsoft Graph: a device object for each registered device, with the
// physical ids that rules of dynamic groups are written on (flow.md 0.2), and the groups with their rules.
import { membershipRuleOf, physicalIdsOf } from '../assignment.ts';
import { errorReply, jsonReply } from '../http/message.ts';
import type { BackendRequest, Reply } from '../http/message.ts';
import type { Registration } from '../stores/registrations.ts';
import type { Tenant } from '../tenant.ts';
import { listPage } from './graph-page.ts';

const BY_DEVICE_ID = /^deviceId\s+eq\s+'([^']*)'$/i;

/** GET /devices, in pages, or the one of `$filter=deviceId eq '...'`. */
export function listDevices(tenant: Tenant, request: BackendRequest): Reply {
  const filter = request.query.get('$filter');
  const deviceId = filter === null ? undefined : BY_DEVICE_ID.exec(filter.trim())?.[1];
  if (filter !== null && deviceId === undefined) {
    return errorReply(400, 'Request_UnsupportedQuery', "The only filter here is deviceId eq '...'.");
  }
  const found = deviceId === undefined ? undefined : tenant.registrations.ofEntraDevice(deviceId);
  const some = found === undefined ? [] : [found];
  const devices = withObject(tenant, deviceId === undefined ? tenant.registrations.all() : some);
  const url = `${tenant.endpoints.registration}/v1.0/devices`;
  return jsonReply(200, { ...listPage(devices, request, url, (registration) => describe(tenant, registration)) });
}

/**
 * DELETE /devices/:id: the object goes, the registration stays, and the device finds nothing to join to any more (flow.md 0.2). Only
 * registering it again would make a new one.
 */
export function deleteDevice(tenant: Tenant, request: BackendRequest): Reply {
  const id = (request.parameters['id'] ?? '').toLowerCase();
  for (const { entraDeviceId } of withObject(tenant, tenant.registrations.all())) {
    if (objectIdOf(tenant, entraDeviceId) !== id) continue;
    tenant.joinedDevices.deleteObject(entraDeviceId);
    return { status: 204 };
  }
  return errorReply(404, 'Request_ResourceNotFound', 'There is no device object of this id.');
}

function* withObject(tenant: Tenant, registrations: Iterable<Registration>): Generator<Registration> {
  for (const registration of registrations) {
    if (!tenant.joinedDevices.isDeleted(registration.entraDeviceId)) yield registration;
  }
}

function objectIdOf(tenant: Tenant, entraDeviceId: string): string {
  return tenant.identifiers.guid('entra-object', entraDeviceId);
}

/** Until it joins, the object is a placeholder that bears the serial number. Rules call `physicalIds` devicePhysicalIds. */
function describe(tenant: Tenant, registration: Registration): object {
  const { entraDeviceId, facts } = registration;
  const joined = tenant.joinedDevices.find(entraDeviceId) !== undefined;
  return {
    '@odata.type': '#microsoft.graph.device',
    id: objectIdOf(tenant, entraDeviceId),
    deviceId: entraDeviceId,
    displayName: facts.serialNumber,
    accountEnabled: true,
    operatingSystem: 'Windows',
    manufacturer: facts.manufacturer,
    model: facts.model,
    profileType: 'RegisteredDevice',
    trustType: joined ? 'AzureAd' : null,
    physicalIds: physicalIdsOf(registration),
  };
}

/** GET /groups: those that profiles are assigned to. */
export function listGroups(tenant: Tenant): Reply {
  const value = tenant.config.groups.flatMap((group) => {
    const rule = membershipRuleOf(group);
    if (rule === undefined && group.assignment.by !== 'static') return [];
    return {
      '@odata.type': '#microsoft.graph.group',
      id: tenant.identifiers.guid('group', group.tag),
      displayName: group.tag,
      securityEnabled: true,
      groupTypes: rule === undefined ? [] : ['DynamicMembership'],
      membershipRule: rule ?? null,
      membershipRuleProcessingState: rule === undefined ? null : 'On',
    };
  });
  return jsonReply(200, { value });
}
