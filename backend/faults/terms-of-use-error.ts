// The terms of use send the web view back with an error in place of an acceptance (mde2.md 2).
import { redirectReply } from '../http/message.ts';
import type { ExchangeFault } from './fault.ts';

export const termsOfUseError: ExchangeFault = {
  kind: 'exchange',
  operations: ['terms-of-use'],
  act: ({ request }) => {
    const sent = request.method === 'POST' ? new URLSearchParams(request.body.toString('utf8')) : request.query;
    const uri = sent.get('redirect_uri') ?? '';
    // Only a web view of Windows is sent on, as by the page itself.
    if (!uri.startsWith('ms-appx-web://')) return undefined;
    const error = new URLSearchParams({ error: 'server_error', error_description: 'The terms are not available.' });
    return redirectReply(`${uri}${uri.includes('?') ? '&' : '?'}${error.toString()}`);
  },
};
