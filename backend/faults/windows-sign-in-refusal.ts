// A refusal of requests of the Windows sign-in ([MS-OAPXBC]): for a primary refresh token, which the device signs with the key of
// its certificate, or with one, which it signs with the session key.
import { readToken } from '../../protocol/sign-in/token.ts';
import type { BackendRequest } from '../http/message.ts';
import type { SignInErrorCode } from '../login/errors.ts';
import { refuse } from '../login/token-reply.ts';
import type { ExchangeFault } from './fault.ts';

export function windowsSignInRefusal(of: 'device' | 'session', code: SignInErrorCode): ExchangeFault {
  return {
    kind: 'exchange',
    operations: ['token'],
    act: ({ tenant, request }) => (signedBy(request) === of ? refuse(tenant, code) : undefined),
  };
}

function signedBy(request: BackendRequest): 'device' | 'session' | undefined {
  const signed = new URLSearchParams(request.body.toString('utf8')).get('request');
  const token = signed === null ? undefined : readToken(signed);
  if (token?.ok !== true) return undefined;
  return token.value.header['x5c'] === undefined ? 'session' : 'device';
}
