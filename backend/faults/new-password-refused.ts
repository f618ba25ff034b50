// The sign-in service does not take the new password in place of an expired one: AADSTS50055.
import { changedForm } from './changed-form.ts';
import type { ExchangeFault } from './fault.ts';

export const newPasswordRefused: ExchangeFault = {
  kind: 'exchange',
  operations: ['sign-in'],
  act: ({ request, answer }) => {
    const changed = changedForm(request, { confirmnewpasswd: 'another password' });
    return changed && answer(changed);
  },
};
