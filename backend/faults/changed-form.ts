// A request with other values in fields of its form: what a service then refuses, it refuses in its own words.
import type { BackendRequest } from '../http/message.ts';

/** Undefined where the form has none of the fields. */
export function changedForm(
  request: BackendRequest,
  fields: Readonly<Record<string, string>>,
): BackendRequest | undefined {
  const form = new URLSearchParams(request.body.toString('utf8'));
  const changed = Object.entries(fields).filter(([name]) => form.has(name));
  for (const [name, value] of changed) form.set(name, value);
  return changed.length === 0 ? undefined : { ...request, body: Buffer.from(form.toString()) };
}
