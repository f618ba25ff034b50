// An id_token without the claim `sid`, one of the four that OOBE must have (flow.md 4.4).
import { changedClaims } from './changed-id-token.ts';
import type { ExchangeFault } from './fault.ts';

export const idTokenIncomplete: ExchangeFault = {
  kind: 'exchange',
  operations: ['token'],
  act: ({ tenant, answer }) => changedClaims(tenant, answer(), (claims) => ({ ...claims, sid: undefined })),
};
