// Updates of Windows, critical ones in OOBE and quality updates at its end: which there are, and their content. The shape is ours (the real protocol is Windows Update's): JSON
// with what a device must know to install them and what a service must know to choose them.
import { stepFailure } from '../../catalog/failures.ts';
import type { StepFailure } from '../../catalog/failures.ts';
import { ok } from '../../kernel/result.ts';
import type { Result } from '../../kernel/result.ts';
import { HOUR_MS } from '../../kernel/units.ts';
import { DEVICE_TOKEN_HEADER } from '../../protocol/autopilot/autopilot-profile.ts';
import { isObject, Members, readJsonObject } from '../../protocol/encoding/json.ts';
import type { DeviceNetwork } from '../network/device-network.ts';
import { readAs, unexpectedReply } from './replies.ts';

export interface Update {
  readonly id: string;
  readonly title: string;
  readonly url: string;
  readonly sizeBytes: number;
  /** SHA-256 of the content, hex; absent where the service does not say. */
  readonly sha256: string | undefined;
  /** Whether the device must restart after it. */
  readonly restart: boolean;
}

/** `critical`: what OOBE installs before the sign-in; `quality`: what it installs after the status page. */
export type UpdateKind = 'critical' | 'quality';

/** What the check finds, in the order to install. */
export async function checkUpdates(
  network: DeviceNetwork,
  device: { readonly kind: UpdateKind; readonly deviceToken: string; readonly osVersion: string },
): Promise<Result<readonly Update[], StepFailure>> {
  const reply = await network.exchange('updates', 'check', {
    method: 'POST',
    target: '/v1/check',
    headers: { 'Content-Type': 'application/json', [DEVICE_TOKEN_HEADER]: device.deviceToken },
    body: JSON.stringify({ kind: device.kind, osVersion: device.osVersion }),
    idempotent: true,
  });
  if (!reply.ok) return reply;
  if (reply.value.status !== 200) return unexpectedReply(reply.value, 'update check');
  return readAs(parseUpdates(reply.value.text()), 'update check');
}

function parseUpdates(text: string): Result<readonly Update[]> {
  const json = readJsonObject(text);
  if (!json.ok) return json;
  const root = new Members(json.value);
  const listed = json.value['updates'];
  if (!Array.isArray(listed)) root.refuse('updates', 'is not a list');
  const entries = (Array.isArray(listed) ? listed.filter(isObject) : []).map(
    (entry) => new Members(entry, { path: 'updates.' }),
  );
  return root.result(
    entries.map((entry) => ({
      id: entry.string('id'),
      title: entry.optionalString('title') ?? '',
      url: entry.string('url'),
      sizeBytes: entry.optionalInteger('sizeBytes') ?? 0,
      sha256: entry.optionalString('sha256'),
      restart: entry.optionalBoolean('restart') ?? false,
    })),
    ...entries,
  );
}

/** A silence that only the watchdog of updates ends. */
const SILENCE_MS = HOUR_MS;

/** Fetches the content; it is counted and checked, not kept. `onPiece` is called as it comes. */
export async function downloadUpdate(
  network: DeviceNetwork,
  update: Update,
  onPiece: () => void,
): Promise<Result<{ readonly bytes: number }, StepFailure>> {
  const content = await network.download('updates', 'content', update.url, { onPiece, silenceMs: SILENCE_MS });
  if (!content.ok) return content;
  if (update.sha256 !== undefined && update.sha256.toLowerCase() !== content.value.sha256Hex) {
    return stepFailure('reply-malformed', `the content of update ${update.id} does not match its hash`);
  }
  return ok({ bytes: content.value.bytes });
}
