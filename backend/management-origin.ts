// The management origin: OMA-DM over mutual TLS. It lets in the certificates that MDM enrollment issued, and no others; what the
// messages say is backend/management's.
import { userTrait } from '../catalog/accounts.ts';
import { accountsOf } from '../catalog/tenant.ts';
import { LIMITS } from '../kernel/limits.ts';
import { mdmAudiences } from './enrollment/authentication.ts';
import { bearerOf, errorReply, fullReply, hasMediaType, headerOf } from './http/message.ts';
import type { BackendRequest, BackendService, Reply } from './http/message.ts';
import type { DeviceDescription } from './management/managed-device.ts';
import { MANAGEMENT_PATH } from './management-path.ts';
import type { Enrollment } from './stores/enrollments.ts';
import type { Tenant } from './tenant.ts';
import { claimText } from './tokens.ts';

const SYNCML_TYPE = 'application/vnd.syncml.dm+xml';
const REPLY_HEADERS = { 'content-type': `${SYNCML_TYPE}; charset=utf-8`, 'cache-control': 'no-store' };

export function managementService(tenant: Tenant): BackendService {
  return {
    name: 'management',
    bodyBytesMax: LIMITS.xmlCharactersMax,
    routes: [
      { method: 'POST', path: MANAGEMENT_PATH, operation: 'message', handle: (request) => manage(tenant, request) },
    ],
  };
}

function manage(tenant: Tenant, request: BackendRequest): Reply {
  const certificate = request.clientCertificate;
  if (certificate === undefined) {
    return errorReply(403, 'ClientCertificateRequired', 'The TLS connection has no certificate of the MDM authority.');
  }
  const enrollment = tenant.enrollments.ofCertificate(certificate.thumbprint);
  if (enrollment === undefined) {
    return errorReply(403, 'ClientCertificateUnknown', 'No enrollment of this tenant has the client certificate.');
  }
  if (!hasMediaType(request, SYNCML_TYPE)) {
    return errorReply(415, 'UnsupportedMediaType', `This service takes ${SYNCML_TYPE}.`);
  }
  const refusal = refuseToken(tenant, request, enrollment);
  if (refusal !== undefined) return errorReply(401, 'InvalidAuthenticationToken', refusal);
  const { status, body } = tenant.management.handle({
    managedDeviceId: enrollment.managedDeviceId,
    describe: () => descriptionOf(tenant, enrollment),
    userToken: bearerOf(request) !== undefined,
    body: request.body.toString('utf8'),
  });
  if (status === 503) return fullReply();
  return status === 200
    ? { status, headers: REPLY_HEADERS, body }
    : errorReply(status, 'BadRequest', 'The message is not SyncML that can be read.');
}

function descriptionOf(tenant: Tenant, enrollment: Enrollment): DeviceDescription {
  const { managedDeviceId, entraDeviceId, upn, userIndex } = enrollment;
  const { config } = tenant;
  const accounts = accountsOf(config, userIndex);
  const licensed = accounts === undefined || userTrait(config.seed, accounts, userIndex) !== 'unlicensed';
  return { managedDeviceId, entraDeviceId, upn, licensed, groupTag: tenant.groupOfDevice(entraDeviceId)?.tag };
}

/** Why a user's token is not good here; nothing where there is none, as in the device phase, or it is. */
function refuseToken(tenant: Tenant, request: BackendRequest, enrollment: Enrollment): string | undefined {
  if (headerOf(request, 'authorization') === undefined) return undefined;
  const claims = tenant.tokens.verify(bearerOf(request) ?? '', mdmAudiences(tenant));
  if (!claims.ok) return `The user token was refused: ${claims.error}.`;
  if (claimText(claims.value, 'deviceid') !== enrollment.entraDeviceId) return 'The user token is of another device.';
  return undefined;
}
