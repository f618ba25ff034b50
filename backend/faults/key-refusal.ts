// A refusal of the key service, in the form of [MS-KPP].
import { isoTime } from '../../kernel/calendar.ts';
import { writeKeyError } from '../../protocol/sign-in/windows-hello.ts';
import { jsonTextReply } from '../http/message.ts';
import type { ExchangeFault } from './fault.ts';

export function keyRefusal(status: number, code: string, sentence: string): ExchangeFault {
  return {
    kind: 'exchange',
    operations: ['key'],
    act: ({ tenant }) => {
      const time = isoTime(tenant.clock.wallMs());
      return { ...jsonTextReply(writeKeyError({ code, message: `${sentence} (SIMULATED)`, time })), status };
    },
  };
}
