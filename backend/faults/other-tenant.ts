// The user turns out to be of another tenant than the profile (TenantMatched=0).
import { changedClaims } from './changed-id-token.ts';
import type { ExchangeFault } from './fault.ts';

export const otherTenant: ExchangeFault = {
  kind: 'exchange',
  operations: ['token'],
  act: ({ tenant, answer }) => {
    const tid = tenant.identifiers.guid('trace', 'another tenant');
    return changedClaims(tenant, answer(), (claims) => ({ ...claims, tid }));
  },
};
