// An id_token of two parts, at which OOBE stops (flow.md 4.4).
import { changedIdToken } from './changed-id-token.ts';
import type { ExchangeFault } from './fault.ts';

export const idTokenBroken: ExchangeFault = {
  kind: 'exchange',
  operations: ['token'],
  act: ({ answer }) => changedIdToken(answer(), (idToken) => idToken.slice(0, idToken.lastIndexOf('.'))),
};
