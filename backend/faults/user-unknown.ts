// The sign-in service does not know the account that it is asked for.
import type { ExchangeFault } from './fault.ts';

const NOBODY = 'nobody@nowhere.example';

export const userUnknown: ExchangeFault = {
  kind: 'exchange',
  operations: ['realm'],
  act: ({ request, answer }) =>
    answer({
      ...request,
      parameters: { ...request.parameters, upn: NOBODY },
      body: request.body.length === 0 ? request.body : Buffer.from(JSON.stringify({ Username: NOBODY })),
    }),
};
