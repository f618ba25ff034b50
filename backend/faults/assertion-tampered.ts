// What AD FS signed is not what arrives, as with a signing certificate that the tenant does not know: AADSTS50013.
import { changedAssertion } from './changed-assertion.ts';
import type { ExchangeFault } from './fault.ts';

export const assertionTampered: ExchangeFault = {
  kind: 'exchange',
  operations: ['token', 'federated-return'],
  act: ({ request, answer }) => {
    const changed = changedAssertion(request, (assertion) => assertion.replace('urn:federation:', 'urn:simulated:'));
    return changed && answer(changed);
  },
};
