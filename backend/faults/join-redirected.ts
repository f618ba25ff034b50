// Something on the way to device registration sends the device elsewhere, where it does not go.
import { redirectReply } from '../http/message.ts';
import type { ExchangeFault } from './fault.ts';

export const joinRedirected: ExchangeFault = {
  kind: 'exchange',
  operations: ['register'],
  act: () => redirectReply('https://proxy.elsewhere.example/'),
};
