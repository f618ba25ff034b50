// Two outcomes as a value: what can go wrong in operation is returned, never thrown.
// A programmer's error is thrown by `assert` and stops the run.

export type Result<T, E = FormatError> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: E };

/** Why a piece of input could not be read: where (byte or character offset) and the reason, as a sentence's end. */
export interface FormatError {
  readonly kind: 'format';
  /** Offset into the input: bytes for binary formats, UTF-16 units for text; 0 where the whole is at fault. */
  readonly offset: number;
  readonly reason: string;
}

export function ok<T>(value: T): { readonly ok: true; readonly value: T } {
  return { ok: true, value };
}

export function fail<E>(error: E): { readonly ok: false; readonly error: E } {
  return { ok: false, error };
}

/** Malformed input: `reason` completes "cannot read it: ...". */
export function malformed(offset: number, reason: string): { readonly ok: false; readonly error: FormatError } {
  return { ok: false, error: { kind: 'format', offset, reason } };
}

/** A programmer's error: a state that our own code rules out. */
export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Error(`assertion failed: ${message}`);
}

/** Closes an exhaustive `switch`: does not compile while a variant is missing. */
export function never(value: never): never {
  throw new Error(`assertion failed: unexpected variant ${JSON.stringify(value)}`);
}

/** The text of anything that was thrown: error messages cross threads and logs as strings. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
