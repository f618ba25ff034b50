// Registration as an OEM or partner does it before the devices are switched on: batches of rows, one order (group tag) a batch.
// It runs in the shard, not in a device, over a network of its own.
import type { StepFailure } from '../../catalog/failures.ts';
import { LIMITS } from '../../kernel/limits.ts';
import { ok } from '../../kernel/result.ts';
import type { Result } from '../../kernel/result.ts';
import { isObject, Members, readJsonObject } from '../../protocol/encoding/json.ts';
import { writeRegistrationCsv } from '../../protocol/autopilot/registration-csv.ts';
import type { RegistrationKind, RegistrationRow } from '../../protocol/autopilot/registration-csv.ts';
import type { DeviceNetwork } from '../network/device-network.ts';
import { readAs, unexpectedReply } from './replies.ts';

export interface RejectedRow {
  readonly serialNumber: string;
  /** 806 already registered, 808 registered by another tenant, ... */
  readonly errorCode: number;
  readonly errorName: string;
}

export interface Import {
  readonly imported: number;
  readonly rejected: readonly RejectedRow[];
}

export interface Batch {
  readonly token: string;
  readonly rows: readonly RegistrationRow[];
  /** The file: a partner's names no group tag and no user, that of an administrator's hand both. */
  readonly kind?: RegistrationKind;
  /** Tenant for which a partner registers, by id or domain; without it, the tenant of the token. */
  readonly customer?: string;
}

/** Imports any number of rows, in files as long as their kind may be. */
export async function importDevices(network: DeviceNetwork, batch: Batch): Promise<Result<Import, StepFailure>> {
  const { token, rows, kind = 'partner', customer } = batch;
  const path = `/registration/v1${customer === undefined ? '' : `/customers/${encodeURIComponent(customer)}`}/devices`;
  let imported = 0;
  const rejected: RejectedRow[] = [];
  // A partner's file has no column for the tag, so each tag has its own files.
  for (const [tag, ofTag] of Map.groupBy(rows, (row) => (kind === 'partner' ? (row.groupTag ?? '') : ''))) {
    const target = `${path}${tag === '' ? '' : `?groupTag=${encodeURIComponent(tag)}`}`;
    for (let start = 0; start < ofTag.length; start += ROWS_MAX[kind]) {
      const file = writeRegistrationCsv(ofTag.slice(start, start + ROWS_MAX[kind]), kind);
      const reply = await importFile(network, token, target, file);
      if (!reply.ok) return reply;
      imported += reply.value.imported;
      rejected.push(...reply.value.rejected);
    }
  }
  return ok({ imported, rejected });
}

/** Rows of one file. */
export const ROWS_MAX: Readonly<Record<RegistrationKind, number>> = {
  intune: LIMITS.csvRowsMax,
  partner: LIMITS.oemRowsMax,
};

async function importFile(
  network: DeviceNetwork,
  token: string,
  target: string,
  file: string,
): Promise<Result<Import, StepFailure>> {
  const reply = await network.exchange('registration', 'import', {
    method: 'POST',
    target,
    headers: { 'Content-Type': 'text/csv', Authorization: `Bearer ${token}` },
    body: Buffer.from(file, 'latin1'),
  });
  if (!reply.ok) return reply;
  if (reply.value.status !== 200) return unexpectedReply(reply.value, 'device import');
  return readAs(parseImport(reply.value.text()), 'device import');
}

function parseImport(text: string): Result<Import> {
  const json = readJsonObject(text);
  if (!json.ok) return json;
  const root = new Members(json.value);
  const listed = json.value['rows'];
  const rows = (Array.isArray(listed) ? listed.filter(isObject) : []).map((row) => new Members(row, { path: 'rows.' }));
  return root.result(
    {
      imported: root.integer('imported'),
      rejected: rows.map((row) => ({
        serialNumber: row.optionalString('serialNumber') ?? '',
        errorCode: row.optionalInteger('errorCode') ?? 0,
        errorName: row.optionalString('errorName') ?? '',
      })),
    },
    ...rows,
  );
}
