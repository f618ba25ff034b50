// The password of the account is another one than the person knows: AADSTS50126.
import { changedForm } from './changed-form.ts';
import type { ExchangeFault } from './fault.ts';

export const passwordRefused: ExchangeFault = {
  kind: 'exchange',
  operations: ['sign-in'],
  act: ({ request, answer }) => {
    const changed = changedForm(request, { passwd: 'another password' });
    return changed && answer(changed);
  },
};
