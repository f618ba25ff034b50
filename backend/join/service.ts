// The device registration service: discovery, nonce, and the join itself.
import {
  writeJoinError,
  writeJoinResponse,
  writeNonce,
  writeRegistrationDiscovery,
} from '../../protocol/device-registration.ts';
import { DEVICE_REGISTRATION_RESOURCE } from '../../protocol/oauth.ts';
import { errorReply, hasMediaType, jsonTextReply } from '../http/message.ts';
import type { BackendRequest, BackendService, Reply } from '../http/message.ts';
import { isoTime } from '../iso-time.ts';
import type { Tenant } from '../tenant.ts';
import { registerDevice } from './register-device.ts';
import type { JoinRefusal } from './register-device.ts';

const BODY_BYTES_MAX = 64 * 1024;
const JOIN_PATH = '/EnrollmentServer/device';
const NONCE_PATH = '/EnrollmentServer/nonce';

export function joinService(tenant: Tenant): BackendService {
  const discovery = discoveryText(tenant);
  return {
    name: 'join',
    bodyBytesMax: BODY_BYTES_MAX,
    routes: [
      {
        method: 'GET',
        path: '/:domain/Discover',
        operation: 'discover',
        handle: (request) => discover(tenant, request, discovery),
      },
      {
        method: 'GET',
        path: `${NONCE_PATH}/:tenant`,
        handle: (request) => jsonTextReply(writeNonce(tenant.identifiers.guid('trace', request.path))),
      },
      { method: 'POST', path: JOIN_PATH, operation: 'register', handle: (request) => register(tenant, request) },
    ],
  };
}

function discoveryText(tenant: Tenant): string {
  const { endpoints, config } = tenant;
  const login = `${endpoints.login}/${config.tenantId}/oauth2`;
  const join = `${endpoints.join}${JOIN_PATH}/`;
  return writeRegistrationDiscovery({
    DeviceRegistrationService: {
      RegistrationEndpoint: join,
      RegistrationResourceId: DEVICE_REGISTRATION_RESOURCE,
      ServiceVersion: '1.0',
    },
    AuthenticationService: { OAuth2: { AuthCodeEndpoint: `${login}/authorize`, TokenEndpoint: `${login}/token` } },
    DeviceJoinService: { JoinEndpoint: join, JoinResourceId: DEVICE_REGISTRATION_RESOURCE, ServiceVersion: '2.0' },
    TenantInfo: { TenantId: config.tenantId, TenantName: config.domain, DisplayName: config.displayName },
    NonceService: {
      Endpoint: `${endpoints.join}${NONCE_PATH}/`,
      ResourceId: DEVICE_REGISTRATION_RESOURCE,
      ServiceVersion: '1.0',
    },
  });
}

function discover(tenant: Tenant, request: BackendRequest, text: string): Reply {
  if (request.query.get('api-version') === null) return errorReply(400, 'BadRequest', 'api-version is missing.');
  const domain = request.parameters['domain'] ?? '';
  if (!tenant.isAuthority(domain)) return errorReply(404, 'NotFound', 'The tenant of this domain is not here.');
  return jsonTextReply(text);
}

/** The versions of the join that clients of Windows speak; 3.0 is macOS'. */
const VERSIONS = new Set(['1.0', '2.0']);

function register(tenant: Tenant, request: BackendRequest): Reply {
  if (!VERSIONS.has(request.query.get('api-version') ?? '')) {
    return refuse(tenant, {
      status: 400,
      errorType: 'InvalidParameter',
      message: 'api-version is neither 1.0 nor 2.0.',
    });
  }
  if (!hasMediaType(request, 'application/json')) {
    return refuse(tenant, {
      status: 415,
      errorType: 'InvalidParameter',
      message: 'The request is not application/json.',
    });
  }
  const joined = registerDevice(tenant, request);
  return joined.ok ? jsonTextReply(writeJoinResponse(joined.value)) : refuse(tenant, joined.error);
}

function refuse(tenant: Tenant, refusal: JoinRefusal): Reply {
  const { status, errorType, message } = refusal;
  const nowMs = tenant.clock.wallMs();
  const traceId = tenant.identifiers.guid('trace', message);
  const reply = jsonTextReply(writeJoinError({ errorType, message, traceId, time: isoTime(nowMs) }));
  const headers = {
    ...reply.headers,
    ...(status === 401 ? { 'www-authenticate': 'Bearer' } : {}),
    ...(status === 503 ? { 'retry-after': '30' } : {}),
  };
  return { ...reply, status, headers };
}
