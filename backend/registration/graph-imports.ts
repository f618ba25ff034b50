// Imported identities in the shape of Microsoft Graph (flow.md 0.1): an import is taken as `pending`, and some time later it is
// `complete`, or `error` with the service's code. Single imports are throttled after some 65 (realism.md, service limits).
import { LIMITS } from '../../kernel/limits.ts';
import { fail, ok } from '../../kernel/result.ts';
import type { Result } from '../../kernel/result.ts';
import { MINUTE_MS, SECOND_MS } from '../../kernel/units.ts';
import { isObject, Members, readJsonObject } from '../../protocol/encoding/json.ts';
import type { JsonObject } from '../../protocol/encoding/json.ts';
import { edmBinaryProblem } from '../../protocol/autopilot/registration-csv.ts';
import { errorReply, fullReply, jsonReply } from '../http/message.ts';
import type { BackendRequest, Reply } from '../http/message.ts';
import { BoundedMap } from '../stores/bounded-map.ts';
import type { Registration } from '../stores/registrations.ts';
import type { Tenant } from '../tenant.ts';
import { importDevice } from './imports.ts';
import type { ImportError, ImportRecord } from './imports.ts';
import { RequestWindow, retryAfter } from './request-window.ts';

interface ImportedIdentity {
  readonly id: string;
  readonly record: ImportRecord;
  readonly outcome: Result<Registration, ImportError>;
  /** When the outcome shows, milliseconds since the Unix epoch. */
  readonly doneMs: number;
}

/** Device time from an import to its outcome. "Several minutes" are documented; ours is at their lower end. */
export const IMPORT_TAKES_MS = 90 * SECOND_MS;
/** Sixty to seventy single imports were seen to pass before a 429; of what window is not published, so it is ours. */
export const SINGLE_IMPORTS_MAX = 65;
const WINDOW_MS = 1 * MINUTE_MS;

export class GraphImports {
  readonly #tenant: Tenant;
  readonly #imports = new BoundedMap<string, ImportedIdentity>(LIMITS.backendEntitiesMax);
  readonly #window: RequestWindow;

  constructor(tenant: Tenant) {
    this.#tenant = tenant;
    this.#window = new RequestWindow(SINGLE_IMPORTS_MAX, WINDOW_MS / tenant.config.speed);
  }

  /** POST .../importedWindowsAutopilotDeviceIdentities: 201 with the identity, its state still pending. */
  importOne(request: BackendRequest): Reply {
    const waitMs = this.#window.wait(this.#tenant.clock.nowMs());
    if (waitMs > 0) return errorReply(429, 'TooManyRequests', 'Too many imports in a short time.', retryAfter(waitMs));
    const body = readJsonObject(request.body.toString('utf8'));
    if (!body.ok) return errorReply(400, 'BadRequest', body.error.reason);
    const record = readRecord(body.value);
    if (!record.ok) return errorReply(400, 'BadRequest', record.error);
    const imported = this.#import(record.value);
    return imported === undefined ? fullReply() : jsonReply(201, this.#describe(imported));
  }

  /** POST .../import: many at once; one that cannot be read refuses them all. */
  importMany(request: BackendRequest): Reply {
    const body = readJsonObject(request.body.toString('utf8'));
    if (!body.ok) return errorReply(400, 'BadRequest', body.error.reason);
    const listed = body.value['importedWindowsAutopilotDeviceIdentities'];
    if (!Array.isArray(listed) || !listed.every(isObject) || listed.length > LIMITS.csvRowsMax) {
      const message = `importedWindowsAutopilotDeviceIdentities is not a list of at most ${LIMITS.csvRowsMax} identities.`;
      return errorReply(400, 'BadRequest', message);
    }
    const records: ImportRecord[] = [];
    for (const each of listed) {
      const record = readRecord(each);
      if (!record.ok) return errorReply(400, 'BadRequest', record.error);
      records.push(record.value);
    }
    const identities: object[] = [];
    for (const record of records) {
      const imported = this.#import(record);
      if (imported === undefined) return fullReply();
      identities.push(this.#describe(imported));
    }
    return jsonReply(200, { value: identities });
  }

  /** GET .../{id}: with the outcome once there is one. */
  findImport(request: BackendRequest): Reply {
    const identity = this.#imports.get((request.parameters['id'] ?? '').toLowerCase());
    if (identity === undefined) return errorReply(404, 'ResourceNotFound', 'There is no import of this id.');
    return jsonReply(200, this.#describe(identity));
  }

  #import(record: ImportRecord): ImportedIdentity | undefined {
    const { clock, config, identifiers } = this.#tenant;
    const doneMs = clock.wallMs() + IMPORT_TAKES_MS / config.speed;
    const outcome = importDevice(this.#tenant, record, { registeredMs: doneMs });
    const subject = [this.#imports.size, record.serialNumber, record.hardwareHash].join('\u0000');
    const identity = { id: identifiers.guid('import', subject), record, outcome, doneMs };
    return this.#imports.set(identity.id, identity) ? identity : undefined;
  }

  #describe({ id, record, outcome, doneMs }: ImportedIdentity): object {
    const done = doneMs <= this.#tenant.clock.wallMs();
    return {
      '@odata.type': '#microsoft.graph.importedWindowsAutopilotDeviceIdentity',
      id,
      serialNumber: record.serialNumber,
      productKey: record.productId,
      groupTag: record.groupTag,
      assignedUserPrincipalName: record.assignedUser,
      state: {
        deviceImportStatus: !done ? 'pending' : outcome.ok ? 'complete' : 'error',
        deviceRegistrationId: done && outcome.ok ? outcome.value.id : '',
        deviceErrorCode: done && !outcome.ok ? outcome.error.code : 0,
        deviceErrorName: done && !outcome.ok ? outcome.error.name : '',
      },
    };
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
  if (!read.ok) return fail(`${read.error.reason}.`);
  const problem = edmBinaryProblem(read.value.hardwareHash);
  return problem === undefined ? ok(read.value) : fail(`${problem}.`);
}
