// Device registration joins the device, and its answer is not in the form that the protocol says.
import { changedJson } from './changed-json.ts';
import type { ExchangeFault } from './fault.ts';

export const joinReplyInvalid: ExchangeFault = {
  kind: 'exchange',
  operations: ['register'],
  act: ({ answer }) => changedJson(answer(), () => ({ Certificate: 'SIMULATED' })),
};
