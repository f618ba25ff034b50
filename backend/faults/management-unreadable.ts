// The management server's message ends in the middle, though the reply that brings it is whole.
import type { ExchangeFault } from './fault.ts';

export const managementUnreadable: ExchangeFault = {
  kind: 'exchange',
  operations: ['message'],
  act: ({ answer }) => {
    const reply = answer();
    if (reply.status !== 200 || typeof reply.body !== 'string') return undefined;
    return { ...reply, body: reply.body.slice(0, reply.body.length / 2) };
  },
};
