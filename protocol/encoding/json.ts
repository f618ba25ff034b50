// Reads JSON from strangers: bounded, and member by member with the type that the format says. The first problem is
// kept, so that a parser can read all members and ask once.
import { LIMITS } from '../../kernel/limits.ts';
import { malformed, ok } from '../../kernel/result.ts';
import type { FormatError, Result } from '../../kernel/result.ts';
import { jsonErrorOffset } from './json-error.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

/** The whole text as a JSON object. */
export function readJsonObject(input: string): Result<JsonObject> {
  const json = readJson(input);
  if (!json.ok) return json;
  return isObject(json.value) ? ok(json.value) : malformed(0, 'it is not a JSON object');
}

/** The whole text as a JSON array. */
export function readJsonArray(input: string): Result<readonly unknown[]> {
  const json = readJson(input);
  if (!json.ok) return json;
  return Array.isArray(json.value) ? ok(json.value as unknown[]) : malformed(0, 'it is not a JSON array');
}

function readJson(input: string): Result<unknown> {
  const text = input.charCodeAt(0) === 0xfeff ? input.slice(1) : input;
  if (text.length > LIMITS.jsonBytesMax) {
    return malformed(LIMITS.jsonBytesMax, `the document is longer than ${LIMITS.jsonBytesMax} characters`);
  }
  try {
    return ok(JSON.parse(text) as unknown);
  } catch {
    return malformed(jsonErrorOffset(text), 'it is not JSON');
  }
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * The members of one object. A required member that is missing or of another type is a problem and reads as an empty value;
 * an optional one that is missing or null reads as undefined. Members that nobody asks for are ignored.
 */
export class Members {
  readonly #path: string;
  readonly #object: JsonObject;
  #problem: FormatError | undefined;

  /** With `anyCase`, names are compared without regard to case: the device registration service is read so. */
  constructor(object: JsonObject, options: { path?: string; anyCase?: boolean } = {}) {
    this.#path = options.path ?? '';
    if (!options.anyCase) this.#object = object;
    else this.#object = Object.fromEntries(Object.entries(object).map(([name, value]) => [name.toLowerCase(), value]));
    this.#anyCase = options.anyCase ?? false;
  }

  readonly #anyCase: boolean;

  #value(name: string): unknown {
    const key = this.#anyCase ? name.toLowerCase() : name;
    const value = Object.hasOwn(this.#object, key) ? this.#object[key] : undefined;
    return value === null ? undefined : value;
  }

  #note(name: string, reason: string): void {
    this.#problem ??= { kind: 'format', offset: 0, reason: `"${this.#path}${name}" ${reason}` };
  }

  optionalString(name: string): string | undefined {
    const value = this.#value(name);
    if (value === undefined || typeof value === 'string') return value;
    this.#note(name, 'is not a string');
    return undefined;
  }

  string(name: string): string {
    const value = this.optionalString(name);
    if (value === undefined) this.#note(name, 'is missing');
    return value ?? '';
  }

  /** A whole number; digits in a string count, since services differ (`expires_in`). */
  optionalInteger(name: string): number | undefined {
    const value = this.#value(name);
    if (value === undefined) return undefined;
    const number = typeof value === 'string' && /^-?\d{1,15}$/.test(value) ? Number(value) : value;
    if (typeof number === 'number' && Number.isSafeInteger(number)) return number;
    this.#note(name, 'is not a whole number');
    return undefined;
  }

  integer(name: string): number {
    const value = this.optionalInteger(name);
    if (value === undefined) this.#note(name, 'is missing');
    return value ?? 0;
  }

  /** True and false, also as a string or 1 and 0. */
  optionalBoolean(name: string): boolean | undefined {
    const value = this.#value(name);
    if (value === undefined || typeof value === 'boolean') return value;
    const text = typeof value === 'string' || typeof value === 'number' ? String(value).toLowerCase() : '';
    if (text === 'true' || text === '1') return true;
    if (text === 'false' || text === '0') return false;
    this.#note(name, 'is neither true nor false');
    return undefined;
  }

  boolean(name: string): boolean {
    const value = this.optionalBoolean(name);
    if (value === undefined) this.#note(name, 'is missing');
    return value ?? false;
  }

  optionalObject(name: string): JsonObject | undefined {
    const value = this.#value(name);
    if (value === undefined || isObject(value)) return value;
    this.#note(name, 'is not an object');
    return undefined;
  }

  object(name: string): JsonObject {
    const value = this.optionalObject(name);
    if (value === undefined) this.#note(name, 'is missing');
    return value ?? {};
  }

  strings(name: string): string[] {
    const value = this.#value(name);
    if (value === undefined) return [];
    if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value;
    this.#note(name, 'is not a list of strings');
    return [];
  }

  /** Notes a problem that the caller found in a member's value. */
  refuse(name: string, reason: string): void {
    this.#note(name, reason);
  }

  /** What was read, unless there was a problem here or in the members of an inner object. */
  result<T>(value: T, ...inner: readonly Members[]): Result<T> {
    for (const members of [this, ...inner]) if (members.#problem) return { ok: false, error: members.#problem };
    return ok(value);
  }
}
