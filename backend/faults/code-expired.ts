// The authorization code is good no more when it is redeemed: AADSTS70000.
import { changedForm } from './changed-form.ts';
import type { ExchangeFault } from './fault.ts';

export const codeExpired: ExchangeFault = {
  kind: 'exchange',
  operations: ['token'],
  act: ({ request, answer }) => {
    const changed = changedForm(request, { code: 'expired' });
    return changed && answer(changed);
  },
};
