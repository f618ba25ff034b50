// A refusal of device registration, in the form of [MS-DVRJ] ErrorDetails.
import { isoTime } from '../../kernel/calendar.ts';
import { writeJoinError } from '../../protocol/device-registration.ts';
import { jsonTextReply } from '../http/message.ts';
import type { ExchangeFault } from './fault.ts';

export function joinRefusal(status: number, errorType: string, message: string): ExchangeFault {
  return {
    kind: 'exchange',
    operations: ['register'],
    act: ({ tenant }) => {
      const traceId = tenant.identifiers.guid('trace', message);
      const time = isoTime(tenant.clock.wallMs());
      return { ...jsonTextReply(writeJoinError({ errorType, message, traceId, time })), status };
    },
  };
}
