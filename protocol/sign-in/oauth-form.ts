// Forms and queries (application/x-www-form-urlencoded) as OAuth has them.
import { LIMITS } from '../../kernel/limits.ts';
import { malformed, ok } from '../../kernel/result.ts';
import type { Result } from '../../kernel/result.ts';

/** Members that are undefined are left out. */
export function writeForm(fields: object): string {
  const form = new URLSearchParams();
  for (const [name, value] of Object.entries(fields)) if (value !== undefined) form.append(name, String(value));
  return form.toString();
}

/** Fields of a form or query; one that is sent twice is refused (RFC 6749, 3.1). */
export function readForm(text: string): Result<Record<string, string>> {
  if (text.length > LIMITS.formCharactersMax) {
    return malformed(LIMITS.formCharactersMax, `the form is longer than ${LIMITS.formCharactersMax} characters`);
  }
  const fields: Record<string, string> = Object.create(null);
  for (const [name, value] of new URLSearchParams(text)) {
    if (name in fields) return malformed(text.indexOf(name), 'a field of the form is repeated');
    fields[name] = value;
  }
  return ok(fields);
}
