// The sign-in service: the routes of one tenant's OpenID provider.
import type { BackendService, Route } from '../http/message.ts';
import type { Tenant } from '../tenant.ts';
import { RETURN_PATH } from '../federation/passive.ts';
import { authorize, changePassword, signIn } from './authorize.ts';
import { credentialType, keySet, openIdConfiguration, userRealm } from './discovery.ts';
import { federatedReturn } from './federated-return.ts';
import { afterMultifactor, multifactor } from './multifactor.ts';
import { logoSvg, MULTIFACTOR_PATHS } from './page.ts';
import { token } from './token-endpoint.ts';

const FORM_BYTES_MAX = 64 * 1024;

export function loginService(tenant: Tenant): BackendService {
  const logo = Buffer.from(logoSvg(tenant.config.displayName));
  const keys = keySet(tenant);
  const routes: Route[] = [
    {
      method: 'GET',
      path: '/:tenant/.well-known/openid-configuration',
      operation: 'openid-configuration',
      handle: openIdConfiguration(tenant, 'v1'),
    },
    {
      method: 'GET',
      path: '/:tenant/v2.0/.well-known/openid-configuration',
      operation: 'openid-configuration',
      handle: openIdConfiguration(tenant, 'v2'),
    },
    { method: 'GET', path: '/:tenant/discovery/keys', handle: keys },
    { method: 'GET', path: '/:tenant/discovery/v2.0/keys', handle: keys },
    {
      method: 'GET',
      path: '/common/UserRealm/:upn',
      operation: 'realm',
      handle: (request) => userRealm(tenant, request),
    },
    {
      method: 'POST',
      path: '/common/GetCredentialType',
      operation: 'realm',
      handle: (request) => credentialType(tenant, request),
    },
    {
      method: 'GET',
      path: '/:tenant/oauth2/authorize',
      operation: 'authorize',
      handle: (request) => authorize(tenant, request),
    },
    {
      method: 'GET',
      path: '/:tenant/oauth2/v2.0/authorize',
      operation: 'authorize',
      handle: (request) => authorize(tenant, request),
    },
    { method: 'POST', path: '/:tenant/login', operation: 'sign-in', handle: (request) => signIn(tenant, request) },
    {
      method: 'POST',
      path: '/:tenant/login/new-password',
      operation: 'sign-in',
      handle: (request) => changePassword(tenant, request),
    },
    ...[MULTIFACTOR_PATHS.begin, MULTIFACTOR_PATHS.poll].map((path): Route => ({
      method: 'POST',
      path,
      operation: 'multifactor',
      handle: (request) => multifactor(tenant, request),
    })),
    {
      method: 'POST',
      path: MULTIFACTOR_PATHS.process,
      operation: 'multifactor',
      handle: (request) => afterMultifactor(tenant, request),
    },
    {
      method: 'POST',
      path: RETURN_PATH,
      operation: 'federated-return',
      handle: (request) => federatedReturn(tenant, request),
    },
    { method: 'POST', path: '/:tenant/oauth2/token', operation: 'token', handle: (request) => token(tenant, request) },
    {
      method: 'POST',
      path: '/:tenant/oauth2/v2.0/token',
      operation: 'token',
      handle: (request) => token(tenant, request),
    },
    {
      method: 'GET',
      path: '/:tenant/branding/logo.svg',
      operation: 'logo',
      handle: () => ({
        status: 200,
        headers: { 'content-type': 'image/svg+xml', 'cache-control': 'max-age=86400' },
        body: logo,
      }),
    },
  ];
  return { name: 'login', routes, bodyBytesMax: FORM_BYTES_MAX };
}
