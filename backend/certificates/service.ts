// Certificate enrollment by SCEP (RFC 8894, 4) at the paths of NDES, with the page that gives an administrator a challenge: an
// MDM other than the embedded one gets them there.
import { LIMITS } from '../../kernel/limits.ts';
import { fromBase64 } from '../../protocol/encoding/base64.ts';
import { writeCertificates } from '../../protocol/pki/cms-signed.ts';
import { sha1Thumbprint } from '../../protocol/encoding/digest.ts';
import { SCEP_CONTENT_TYPE } from '../../protocol/pki/scep.ts';
import { bearerOf, errorReply, fullReply, htmlReply, textReply } from '../http/message.ts';
import type { BackendRequest, BackendService, Reply, Route } from '../http/message.ts';
import { GRAPH_RESOURCE } from '../login/clients.ts';
import type { Tenant } from '../tenant.ts';
import { scepChallenge } from './challenge.ts';
import { answerPkiMessage } from './enroll.ts';
import { registrationAuthorityOf } from './registration-authority.ts';
import type { RegistrationAuthority } from './registration-authority.ts';

/** Below the origin; the second is where older clients look. */
export const SCEP_PATHS = ['/certsrv/mscep/mscep.dll', '/certsrv/mscep/mscep.dll/pkiclient.exe'] as const;
const ADMIN_PATH = '/certsrv/mscep_admin';
const CAPABILITIES = ['POSTPKIOperation', 'SHA-256', 'SHA-384', 'SHA-512', 'AES', 'SCEPStandard'].join('\n');
/** Owner of the certificates whose challenge came from the administrator's page. */
const ADMINISTRATOR = 'administrator';

export function certificatesService(tenant: Tenant): BackendService {
  const authority = registrationAuthorityOf(tenant);
  const certificates = writeCertificates([
    authority.certificate,
    tenant.certificates.authority.certificate,
    tenant.authorities.root.certificate,
  ]);
  const get = (request: BackendRequest): Reply => {
    switch (request.query.get('operation')?.toLowerCase() ?? '') {
      case 'getcacaps':
        return textReply(200, CAPABILITIES);
      case 'getcacert':
        return { status: 200, headers: { 'content-type': SCEP_CONTENT_TYPE.caCertificates }, body: certificates };
      case 'pkioperation': {
        // An unescaped plus sign of base64 is a space in a query.
        const message = fromBase64((request.query.get('message') ?? '').replaceAll(' ', '+'));
        return message === undefined ? unreadable('The message is not base64.') : enroll(tenant, authority, message);
      }
      default:
        return errorReply(400, 'BadRequest', 'The operations are GetCACaps, GetCACert and PKIOperation.');
    }
  };
  const post = (request: BackendRequest): Reply =>
    request.query.get('operation')?.toLowerCase() === 'pkioperation'
      ? enroll(tenant, authority, request.body)
      : errorReply(400, 'BadRequest', 'Only PKIOperation is posted.');
  const routes: Route[] = SCEP_PATHS.flatMap((path) => [
    { method: 'GET', path, handle: get },
    { method: 'POST', path, operation: 'enroll', handle: post },
  ]);
  routes.push({ method: 'GET', path: ADMIN_PATH, handle: (request) => challengePage(tenant, request) });
  return { name: 'certificates', bodyBytesMax: LIMITS.derBytesMax, routes };
}

function enroll(tenant: Tenant, authority: RegistrationAuthority, message: Uint8Array): Reply {
  const answer = answerPkiMessage(tenant, authority, message);
  if (answer.ok) return { status: 200, headers: { 'content-type': SCEP_CONTENT_TYPE.message }, body: answer.value };
  return answer.error.kind === 'full' ? fullReply() : unreadable(answer.error.text);
}

function unreadable(text: string): Reply {
  return errorReply(400, 'BadRequest', text);
}

/** A new challenge for an administrator, and the thumbprint that a client compares. */
function challengePage(tenant: Tenant, request: BackendRequest): Reply {
  const bearer = bearerOf(request);
  const claims = bearer === undefined ? undefined : tenant.tokens.verify(bearer, [GRAPH_RESOURCE]);
  if (claims?.ok !== true || claims.value['idtyp'] !== 'app') {
    return errorReply(401, 'Unauthorized', "This page wants an administrator's token.", {
      'www-authenticate': 'Bearer',
    });
  }
  const order = { managedDeviceId: ADMINISTRATOR, scope: 'device', number: 0 } as const;
  const thumbprint = sha1Thumbprint(tenant.authorities.root.certificate);
  return htmlReply(
    200,
    `<!DOCTYPE html><title>Certificate enrollment (simulated)</title>` +
      `<p>Thumbprint of the root CA certificate: <b id="thumbprint">${thumbprint}</b></p>` +
      `<p>Enrollment challenge: <b id="challenge">${scepChallenge(tenant, order)}</b></p>` +
      `<p>It is good once, for an hour.</p>`,
  );
}
