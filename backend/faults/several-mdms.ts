// The user is in the scope of two MDMs, and the sign-in names both.
import { claimText } from '../tokens.ts';
import { changedClaims } from './changed-id-token.ts';
import type { ExchangeFault } from './fault.ts';

export const severalMdms: ExchangeFault = {
  kind: 'exchange',
  operations: ['token'],
  act: ({ tenant, answer }) =>
    changedClaims(tenant, answer(), (claims) => {
      const url = claimText(claims, 'mdm_enrollment_url');
      return url === undefined ? claims : { ...claims, mdm_enrollment_url: `${url} ${url}` };
    }),
};
