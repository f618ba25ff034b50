// The sign-in session is gone when a further token is asked for: AADSTS70000.
import { changedForm } from './changed-form.ts';
import type { ExchangeFault } from './fault.ts';

export const sessionLost: ExchangeFault = {
  kind: 'exchange',
  operations: ['token'],
  act: ({ request, answer }) => {
    const changed = changedForm(request, { refresh_token: 'revoked' });
    return changed && answer(changed);
  },
};
