// A JSON reply with other members.
import { readJsonObject } from '../../protocol/encoding/json.ts';
import type { JsonObject } from '../../protocol/encoding/json.ts';
import type { Reply } from '../http/message.ts';

/** Undefined where the reply is not a 200 with a JSON object, or nothing is to be changed. */
export function changedJson(reply: Reply, change: (json: JsonObject) => JsonObject | undefined): Reply | undefined {
  if (reply.status !== 200 || typeof reply.body !== 'string') return undefined;
  const json = readJsonObject(reply.body);
  const changed = json.ok ? change(json.value) : undefined;
  return changed && { ...reply, body: JSON.stringify(changed) };
}
