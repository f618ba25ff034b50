// An id_token whose claim `tid` is there and empty: OOBE takes it, and the join does not.
import { changedClaims } from './changed-id-token.ts';
import type { ExchangeFault } from './fault.ts';

export const idTokenTenantEmpty: ExchangeFault = {
  kind: 'exchange',
  operations: ['token'],
  act: ({ tenant, answer }) => changedClaims(tenant, answer(), (claims) => ({ ...claims, tid: '' })),
};
