// A refusal of device registration, in the form of [MS-DVRJ] ErrorDetails with the subcode that newer clients log.
import { isoTime } from '../../kernel/calendar.ts';
import { writeJoinError } from '../../protocol/sign-in/device-registration.ts';
import { jsonTextReply } from '../http/message.ts';
import type { ExchangeFault } from './fault.ts';

export function joinRefusal(
  status: number,
  error: { readonly errorType: string; readonly subcode?: string },
  sentence: string,
): ExchangeFault {
  const message = `${sentence} (SIMULATED)`;
  return {
    kind: 'exchange',
    operations: ['register'],
    act: ({ tenant }) => {
      const traceId = tenant.identifiers.guid('trace', message);
      const time = isoTime(tenant.clock.wallMs());
      return { ...jsonTextReply(writeJoinError({ ...error, message, traceId, time })), status };
    },
  };
}
