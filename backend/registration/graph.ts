// The registration of devices in the shape of Microsoft Graph: imported identities with their state, registered identities with
// their profile's assignment, profiles, and the sync action (flow.md 0.1). An import is done when its reply is sent.
import { LIMITS } from '../../kernel/limits.ts';
import { fail, ok } from '../../kernel/result.ts';
import type { Result } from '../../kernel/result.ts';
import { isObject, Members, readJsonObject } from '../../protocol/json.ts';
import type { JsonObject } from '../../protocol/json.ts';
import { errorReply, jsonReply } from '../http/message.ts';
import type { BackendRequest, Reply } from '../http/message.ts';
import { isoTime } from '../iso-time.ts';
import { BoundedMap } from '../stores/bounded-map.ts';
import type { Registration } from '../stores/registrations.ts';
import type { Tenant } from '../tenant.ts';
import { importDevice } from './imports.ts';
import type { ImportError, ImportRecord } from './imports.ts';

interface ImportedIdentity {
  readonly id: string;
  readonly record: ImportRecord;
  readonly outcome: Result<Registration, ImportError>;
}

const PAGE_ENTRIES = 1_000;
/** Windows product type of a profile that Graph calls user-driven Entra join. */
const PROFILE_TYPE = '#microsoft.graph.azureADWindowsAutopilotDeploymentProfile';

export class GraphRegistration {
  readonly #tenant: Tenant;
  readonly #imports = new BoundedMap<string, ImportedIdentity>(LIMITS.backendEntitiesMax);

  constructor(tenant: Tenant) {
    this.#tenant = tenant;
  }

  /** POST .../importedWindowsAutopilotDeviceIdentities: 201 with the identity, its state still pending. */
  importOne(request: BackendRequest): Reply {
    const body = readJsonObject(request.body.toString('utf8'));
    if (!body.ok) return errorReply(400, 'BadRequest', body.error.reason);
    const imported = this.#import(body.value);
    return imported.ok ? jsonReply(201, pending(imported.value)) : imported.error;
  }

  /** POST .../import: many at once. */
  importMany(request: BackendRequest): Reply {
    const body = readJsonObject(request.body.toString('utf8'));
    if (!body.ok) return errorReply(400, 'BadRequest', body.error.reason);
    const listed = body.value['importedWindowsAutopilotDeviceIdentities'];
    if (!Array.isArray(listed) || !listed.every(isObject) || listed.length > LIMITS.csvRowsMax) {
      const message = `importedWindowsAutopilotDeviceIdentities is not a list of at most ${LIMITS.csvRowsMax} identities.`;
      return errorReply(400, 'BadRequest', message);
    }
    const identities: unknown[] = [];
    for (const each of listed) {
      const imported = this.#import(each);
      if (!imported.ok) return imported.error;
      identities.push(pending(imported.value));
    }
    return jsonReply(200, { value: identities });
  }

  /** GET .../{id}: with the outcome. */
  findImport(request: BackendRequest): Reply {
    const identity = this.#imports.get((request.parameters['id'] ?? '').toLowerCase());
    if (identity === undefined) return errorReply(404, 'ResourceNotFound', 'There is no import of this id.');
    return jsonReply(200, described(identity, stateOf(identity.outcome)));
  }

  #import(json: JsonObject): Result<ImportedIdentity, Reply> {
    const record = readRecord(json);
    if (!record.ok) return fail(errorReply(400, 'BadRequest', record.error));
    const subject = `${record.value.serialNumber}\u0000${record.value.hardwareHash}`;
    const id = this.#tenant.identifiers.guid('import', subject);
    const identity = { id, record: record.value, outcome: importDevice(this.#tenant, record.value) };
    return this.#imports.set(id, identity)
      ? ok(identity)
      : fail(errorReply(503, 'ServiceUnavailable', 'No room for another import.', { 'retry-after': '30' }));
  }

  /** GET .../windowsAutopilotDeviceIdentities, in pages. */
  listDevices(request: BackendRequest): Reply {
    const skip = Math.max(0, Number(request.query.get('$skip') ?? 0) || 0);
    const value: unknown[] = [];
    let more = false;
    for (const registration of this.#tenant.registrations.all()) {
      if (registration.number < skip) continue;
      if (value.length === PAGE_ENTRIES) {
        more = true;
        break;
      }
      value.push(this.#describeDevice(registration));
    }
    const url = `${this.#tenant.endpoints.registration}/deviceManagement/windowsAutopilotDeviceIdentities`;
    const link = more ? { '@odata.nextLink': `${url}?$skip=${skip + PAGE_ENTRIES}` } : {};
    return jsonReply(200, { '@odata.count': this.#tenant.registrations.count, value, ...link });
  }

  #describeDevice(registration: Registration): object {
    const group = this.#tenant.groupOf(registration);
    const { facts } = registration;
    return {
      id: registration.id,
      serialNumber: facts.serialNumber,
      manufacturer: facts.manufacturer,
      model: facts.model,
      productKey: facts.productId,
      groupTag: registration.groupTag,
      userPrincipalName: registration.assignedUser,
      azureActiveDirectoryDeviceId: registration.entraDeviceId,
      deploymentProfileAssignmentStatus: group === undefined ? 'notAssigned' : 'assignedInSync',
      enrollmentState:
        this.#tenant.joinedDevices.find(registration.entraDeviceId) === undefined ? 'notContacted' : 'enrolled',
    };
  }

  /** GET .../windowsAutopilotDeploymentProfiles: one for each group. */
  listProfiles(): Reply {
    const { config, identifiers } = this.#tenant;
    const value = config.groups.map(({ tag, profile }) => ({
      '@odata.type': PROFILE_TYPE,
      id: identifiers.guid('profile', tag),
      displayName: profile.name,
      deviceNameTemplate: profile.deviceNameTemplate,
      language: profile.locale ?? '',
      createdDateTime: isoTime(config.epochMs),
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
}

function readRecord(json: JsonObject): Result<ImportRecord, string> {
  const members = new Members(json);
  const read = members.result({
    serialNumber: members.optionalString('serialNumber') ?? '',
    productId: members.optionalString('productKey') ?? '',
    hardwareHash: members.string('hardwareIdentifier'),
    manufacturer: '',
    model: '',
    groupTag: members.optionalString('groupTag') ?? members.optionalString('orderIdentifier') ?? '',
    assignedUser: members.optionalString('assignedUserPrincipalName') ?? '',
  });
  if (!read.ok) return fail(read.error.reason);
  // The service's own words for a hash that lost its padding.
  const { hardwareHash } = read.value;
  if (hardwareHash.length % 4 !== 0 || !/^[A-Za-z0-9+/]+={0,2}$/.test(hardwareHash)) {
    return fail("Cannot convert the literal of hardwareIdentifier to the expected type 'Edm.Binary'.");
  }
  return ok(read.value);
}

function pending(identity: ImportedIdentity): object {
  return described(identity, { deviceImportStatus: 'pending', deviceErrorCode: 0, deviceErrorName: '' });
}

function stateOf(outcome: ImportedIdentity['outcome']): object {
  if (!outcome.ok) {
    return { deviceImportStatus: 'error', deviceErrorCode: outcome.error.code, deviceErrorName: outcome.error.name };
  }
  return {
    deviceImportStatus: 'complete',
    deviceRegistrationId: outcome.value.id,
    deviceErrorCode: 0,
    deviceErrorName: '',
  };
}

function described(identity: ImportedIdentity, state: object): object {
  const { id, record } = identity;
  return {
    '@odata.type': '#microsoft.graph.importedWindowsAutopilotDeviceIdentity',
    id,
    serialNumber: record.serialNumber,
    productKey: record.productId,
    groupTag: record.groupTag,
    assignedUserPrincipalName: record.assignedUser,
    state,
  };
}
