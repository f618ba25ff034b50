// The device registration service: discovery, nonce, the join itself and its end, and keys for Windows Hello.
import {
  writeJoinResponse,
  writeNonce,
  writeRegistrationDiscovery,
} from '../../protocol/sign-in/device-registration.ts';
import { DEVICE_REGISTRATION_RESOURCE } from '../../protocol/sign-in/oauth.ts';
import { errorReply, hasMediaType, jsonTextReply } from '../http/message.ts';
import type { BackendRequest, BackendService, Reply } from '../http/message.ts';
import type { Tenant } from '../tenant.ts';
import { refusalReply } from './refusal.ts';
import { registerDevice } from './register-device.ts';
import { registerKey } from './register-key.ts';
import { unregisterDevice } from './unregister-device.ts';

const BODY_BYTES_MAX = 64 * 1024;
const JOIN_PATH = '/EnrollmentServer/device';
const KEY_PATH = '/EnrollmentServer/key';
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
      {
        method: 'DELETE',
        path: `${JOIN_PATH}/:device`,
        operation: 'unregister',
        handle: (request) => unregisterDevice(tenant, request),
      },
      { method: 'POST', path: KEY_PATH, operation: 'key', handle: (request) => registerKey(tenant, request) },
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
    KeyProvisioningService: {
      KeyProvisionEndpoint: `${endpoints.join}${KEY_PATH}/`,
      KeyProvisionResourceId: DEVICE_REGISTRATION_RESOURCE,
      ServiceVersion: '1.0',
    },
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
  const refuse = (status: number, message: string): Reply =>
    refusalReply(tenant, { status, errorType: 'InvalidParameter', message });
  if (!VERSIONS.has(request.query.get('api-version') ?? '')) return refuse(400, 'api-version is neither 1.0 nor 2.0.');
  if (!hasMediaType(request, 'application/json')) return refuse(415, 'The request is not application/json.');
  const joined = registerDevice(tenant, request);
  return joined.ok ? jsonTextReply(writeJoinResponse(joined.value)) : refusalReply(tenant, joined.error);
}
