// The page holds the sign-in to the user that the device is assigned to, and this is another: AADSTS50020.
import { changedForm } from './changed-form.ts';
import type { ExchangeFault } from './fault.ts';

export const userNotAssigned: ExchangeFault = {
  kind: 'exchange',
  operations: ['sign-in'],
  act: ({ request, answer }) => {
    const changed = changedForm(request, { login: 'somebody.else@nowhere.example' });
    return changed && answer(changed);
  },
};
