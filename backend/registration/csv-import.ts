// POST /registration/v1/devices and /registration/v1/customers/{tenant}/devices: a batch of registration rows as OEMs, partners and
// administrators send them; a partner has several customers. Paths and reply are ours; the file is theirs (hardware-hash.md 4).
import { parseRegistrationCsv } from '../../protocol/autopilot/registration-csv.ts';
import type { RegistrationRow } from '../../protocol/autopilot/registration-csv.ts';
import { errorReply, hasMediaType, jsonReply } from '../http/message.ts';
import type { BackendRequest, Reply } from '../http/message.ts';
import { namesTenant } from '../tenant.ts';
import type { Tenant } from '../tenant.ts';
import { importDevice } from './imports.ts';
import type { ImportError, ImportOptions, ImportRecord } from './imports.ts';

export interface FailedRow {
  /** From 1, without the header. */
  readonly row: number;
  readonly serialNumber: string;
  readonly errorCode: ImportError['code'];
  readonly errorName: string;
  readonly message: string;
}

export interface BatchOutcome {
  readonly imported: number;
  readonly failed: number;
  /** Those that failed. */
  readonly rows: readonly FailedRow[];
}

/** 200 with the outcome: good rows are taken, bad ones listed. A file that is not one at all: 400 with every problem. */
export function importCsv(tenant: Tenant, request: BackendRequest): Reply {
  const { customer } = request.parameters;
  const foreign = customer !== undefined && !tenant.names(customer);
  if (foreign && !namesTenant(tenant.otherTenant, customer)) {
    return errorReply(404, 'CustomerNotFound', 'The partner has no customer of this name.');
  }
  if (!hasMediaType(request, 'text/csv')) return errorReply(415, 'UnsupportedMediaType', 'The batch is not text/csv.');
  const parsed = parseRegistrationCsv(request.body.toString('latin1'));
  if (!parsed.ok) {
    const [first] = parsed.error;
    const message = `Line ${first?.line}, column ${first?.column}: ${first?.reason}.`;
    return jsonReply(400, { error: { code: 'BadRequest', message, problems: parsed.error } });
  }
  const groupTag = request.query.get('groupTag') ?? '';
  return jsonReply(200, importRows(tenant, parsed.value.rows, groupTag, { foreign }));
}

/** Rows without a group tag of their own get the batch's. */
export function importRows(
  tenant: Tenant,
  rows: readonly RegistrationRow[],
  groupTag: string,
  options: ImportOptions = {},
): BatchOutcome {
  const failed: FailedRow[] = [];
  for (const [index, row] of rows.entries()) {
    const record: ImportRecord = {
      serialNumber: row.serialNumber,
      productId: row.productId,
      hardwareHash: row.hardwareHash,
      manufacturer: row.manufacturer ?? '',
      model: row.model ?? '',
      groupTag: row.groupTag ?? groupTag,
      assignedUser: row.assignedUser ?? '',
    };
    const imported = importDevice(tenant, record, options);
    if (imported.ok) continue;
    const { code, name, message } = imported.error;
    failed.push({ row: index + 1, serialNumber: row.serialNumber, errorCode: code, errorName: name, message });
  }
  return { imported: rows.length - failed.length, failed: failed.length, rows: failed };
}
