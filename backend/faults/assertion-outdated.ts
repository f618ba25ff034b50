// The clock of AD FS is wrong: its assertions are good no more when they come, though rightly signed. AADSTS50008.
import { isoTime } from '../../kernel/calendar.ts';
import { DAY_MS } from '../../kernel/units.ts';
import { readSignedAssertion, writeSignedAssertion } from '../../protocol/sign-in/saml.ts';
import { readXml } from '../../protocol/encoding/xml.ts';
import { changedAssertion } from './changed-assertion.ts';
import type { ExchangeFault } from './fault.ts';

export const assertionOutdated: ExchangeFault = {
  kind: 'exchange',
  operations: ['token', 'federated-return'],
  act: ({ tenant, request, answer }) => {
    const past = isoTime(tenant.clock.wallMs() - DAY_MS);
    const changed = changedAssertion(request, (text) => {
      const document = readXml(text);
      const read = document.ok ? readSignedAssertion(text, document.value) : document;
      if (!read.ok) return text;
      const { signer, certificate } = tenant.federation.identity;
      return writeSignedAssertion(
        { ...read.value.assertion, notBefore: past, notOnOrAfter: past },
        signer,
        certificate,
      );
    });
    return changed && answer(changed);
  },
};
