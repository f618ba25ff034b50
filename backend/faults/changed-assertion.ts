// A sign-in with another assertion of AD FS: in the grant of a token request, or in what AD FS's page posts.
import { assertionOf } from '../../protocol/sign-in/ws-trust.ts';
import { readXml } from '../../protocol/encoding/xml.ts';
import type { BackendRequest } from '../http/message.ts';
import { changedForm } from './changed-form.ts';

/** Undefined where the request brings no assertion. */
export function changedAssertion(
  request: BackendRequest,
  change: (assertion: string) => string,
): BackendRequest | undefined {
  const form = new URLSearchParams(request.body.toString('utf8'));
  const granted = form.get('assertion');
  if (granted !== null) {
    const assertion = change(Buffer.from(granted, 'base64url').toString('utf8'));
    return changedForm(request, { assertion: Buffer.from(assertion).toString('base64url') });
  }
  const result = form.get('wresult') ?? '';
  const document = readXml(result);
  const posted = document.ok ? assertionOf(result, document.value) : undefined;
  return posted === undefined
    ? undefined
    : changedForm(request, { wresult: result.replace(posted, () => change(posted)) });
}
