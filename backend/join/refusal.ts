// A refusal of the device registration service in the form of [MS-DVRJ] ErrorDetails. Which words the cloud service has for each is
// only partly public (entra-join.md 4.2); what is not is ours.
import { fail } from '../../kernel/result.ts';
import { writeJoinError } from '../../protocol/sign-in/device-registration.ts';
import { jsonTextReply } from '../http/message.ts';
import type { Reply } from '../http/message.ts';
import { isoTime } from '../iso-time.ts';
import type { Tenant } from '../tenant.ts';

export interface JoinRefusal {
  readonly status: number;
  readonly errorType:
    | 'AuthenticationError'
    | 'AuthorizationError'
    | 'InvalidParameter'
    | 'DirectoryError'
    | 'ServiceUnavailable'
    /** In newer clients' words: the tenant's settings do not let the user join a device. */
    | 'invalid_request';
  readonly subcode?: 'error_missing_device' | 'error_device_not_authorized';
  readonly message: string;
}

export function refuse(
  status: number,
  errorType: JoinRefusal['errorType'],
  message: string,
  subcode?: JoinRefusal['subcode'],
): ReturnType<typeof fail<JoinRefusal>> {
  return fail({ status, errorType, message, ...(subcode !== undefined && { subcode }) });
}

export function refusalReply(tenant: Tenant, refusal: JoinRefusal): Reply {
  const { status, message } = refusal;
  const traceId = tenant.identifiers.guid('trace', message);
  const reply = jsonTextReply(writeJoinError({ ...refusal, traceId, time: isoTime(tenant.clock.wallMs()) }));
  const headers = {
    ...reply.headers,
    ...(status === 401 ? { 'www-authenticate': 'Bearer' } : {}),
    ...(status === 503 ? { 'retry-after': '30' } : {}),
  };
  return { ...reply, status, headers };
}
