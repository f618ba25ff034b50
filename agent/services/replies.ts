// From a reply to a value or a failure code, the same way for every service: what could not be read is `reply-malformed`, a status
// that the flow has no use for is `reply-unexpected`.
import { FAILURES, stepFailure } from '../../catalog/failures.ts';
import type { FailureCode, StepFailure } from '../../catalog/failures.ts';
import type { FormatError, Result } from '../../kernel/result.ts';
import type { Reply } from '../network/reply.ts';

type Failed = ReturnType<typeof stepFailure>;

/** Characters of a body that go into a failure's detail: enough to recognise an error page. */
const EXCERPT_CHARACTERS = 200;

export function unexpectedReply(reply: Reply, what: string): Failed {
  return stepFailure(
    'reply-unexpected',
    `${what}: status ${reply.status} ${reply.text().slice(0, EXCERPT_CHARACTERS)}`,
  );
}

export function malformedReply(error: FormatError, what: string): Failed {
  return stepFailure('reply-malformed', `${what}: ${error.reason} (at ${error.offset})`);
}

/** The value of a parser, its error as a failure of the step. */
export function readAs<T>(parsed: Result<T>, what: string): Result<T, StepFailure> {
  return parsed.ok ? parsed : malformedReply(parsed.error, what);
}

/** A code from the wire if the catalogue has it. */
export function knownCode(code: string): FailureCode | undefined {
  return Object.hasOwn(FAILURES, code) ? (code as FailureCode) : undefined;
}
