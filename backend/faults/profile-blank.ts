// A blank profile: the device is registered, and the service has nothing to give it yet (flow.md 0.3).
import { jsonTextReply } from '../http/message.ts';
import type { ExchangeFault } from './fault.ts';

export const profileBlank: ExchangeFault = {
  kind: 'exchange',
  operations: ['download'],
  act: () => jsonTextReply('{}'),
};
