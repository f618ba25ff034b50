// AD FS by WS-Trust 1.3: its metadata, and a signed assertion for a user name and a password.
import { SOAP_CONTENT_TYPE, readSoap } from '../../protocol/enrollment/soap.ts';
import { ENTRA_REALM } from '../../protocol/sign-in/saml.ts';
import {
  parseTrustRequest,
  TRUST_ISSUE_ACTION,
  writeTrustFault,
  writeTrustMetadata,
  writeTrustResponse,
} from '../../protocol/sign-in/ws-trust.ts';
import { errorReply, hasMediaType } from '../http/message.ts';
import type { BackendRequest, Handler, Reply } from '../http/message.ts';
import type { Tenant } from '../tenant.ts';
import { assertionFor } from './passive.ts';

export const METADATA_PATH = '/adfs/services/trust/mex';
export const USER_NAME_PATH = '/adfs/services/trust/13/usernamemixed';

/** The words of AD FS for whoever it does not know. */
const NOT_AUTHENTICATED = 'ID3242: The security token could not be authenticated or authorized.';
const NOT_A_REALM = 'MSIS3020: The relying party trust with the identifier of the request could not be located.';

export function trustMetadata(tenant: Tenant): Handler {
  const body = writeTrustMetadata(`${tenant.endpoints.federation}${USER_NAME_PATH}`);
  return () => ({ status: 200, headers: { 'content-type': 'text/xml; charset=utf-8' }, body });
}

export function issueByTrust(tenant: Tenant, request: BackendRequest): Reply {
  if (!hasMediaType(request, 'application/soap+xml')) {
    return errorReply(415, 'UnsupportedMediaType', 'The request is not application/soap+xml.');
  }
  const message = readSoap(request.body.toString('utf8'));
  if (!message.ok || message.value.action !== TRUST_ISSUE_ACTION) {
    return errorReply(400, 'BadRequest', message.ok ? 'The action is not Issue.' : message.error.reason);
  }
  const { body, security, messageId: relatesTo } = message.value;
  const asked = parseTrustRequest(body);
  if (!asked.ok) return errorReply(400, 'BadRequest', asked.error.reason);
  if (asked.value.appliesTo !== ENTRA_REALM) return fault(NOT_A_REALM, relatesTo);
  if (security?.kind !== 'username') return fault(NOT_AUTHENTICATED, relatesTo);
  const assertion = assertionFor(tenant, security.username.trim(), security.password);
  if (assertion === undefined) return fault(NOT_AUTHENTICATED, relatesTo);
  return soapReply(200, writeTrustResponse(assertion, { relatesTo }));
}

function fault(reason: string, relatesTo: string | undefined): Reply {
  return soapReply(500, writeTrustFault(reason, { relatesTo }));
}

function soapReply(status: number, body: string): Reply {
  return { status, headers: { 'content-type': SOAP_CONTENT_TYPE, 'cache-control': 'no-store' }, body };
}
