// Registration as an OEM or partner does it before the devices are switched on: batches of rows, one order (group tag) a batch.
// It runs in the shard, not in a device, over a network of its own.
import type { StepFailure } from '../../catalog/failures.ts';
import { LIMITS } from '../../kernel/limits.ts';
import { ok } from '../../kernel/result.ts';
import type { Result } from '../../kernel/result.ts';
import { isObject, Members, readJsonObject } from '../../protocol/json.ts';
import { writeRegistrationCsv } from '../../protocol/registration-csv.ts';
import type { RegistrationRow } from '../../protocol/registration-csv.ts';
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

export async function importDevices(
  network: DeviceNetwork,
  { token, rows }: { readonly token: string; readonly rows: readonly RegistrationRow[] },
): Promise<Result<Import, StepFailure>> {
  let imported = 0;
  const rejected: RejectedRow[] = [];
  for (const [tag, ofTag] of Map.groupBy(rows, (row) => row.groupTag ?? '')) {
    for (let start = 0; start < ofTag.length; start += LIMITS.oemRowsMax) {
      const batch = await importBatch(network, token, tag, ofTag.slice(start, start + LIMITS.oemRowsMax));
      if (!batch.ok) return batch;
      imported += batch.value.imported;
      rejected.push(...batch.value.rejected);
    }
  }
  return ok({ imported, rejected });
}

async function importBatch(
  network: DeviceNetwork,
  token: string,
  groupTag: string,
  rows: readonly RegistrationRow[],
): Promise<Result<Import, StepFailure>> {
  const reply = await network.exchange('registration', 'import', {
    method: 'POST',
    target: `/registration/v1/devices${groupTag === '' ? '' : `?groupTag=${encodeURIComponent(groupTag)}`}`,
    headers: { 'Content-Type': 'text/csv', Authorization: `Bearer ${token}` },
    body: writeRegistrationCsv(rows, 'partner'),
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
