// Device registration answers with a status that says nothing to a client, and no error body.
import type { ExchangeFault } from './fault.ts';

export const joinStatusInvalid: ExchangeFault = {
  kind: 'exchange',
  operations: ['register'],
  act: () => ({ status: 410, body: '' }),
};
