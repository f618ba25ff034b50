// The registration service: the CSV batch of OEMs and partners, and the Graph-shaped import of administrators. Both need an
// administrator's token.
import { LIMITS } from '../../kernel/limits.ts';
import { bearerOf, errorReply } from '../http/message.ts';
import type { BackendService, Handler, Route } from '../http/message.ts';
import { GRAPH_RESOURCE } from '../login/clients.ts';
import { ADMIN_ROLES } from '../login/token-endpoint.ts';
import type { Tenant } from '../tenant.ts';
import { importCsv } from './csv-import.ts';
import { GraphRegistration } from './graph.ts';

export function registrationService(tenant: Tenant): BackendService {
  const graph = new GraphRegistration(tenant);
  const routes: Route[] = [
    {
      method: 'POST',
      path: '/registration/v1/devices',
      operation: 'import',
      handle: (request) => importCsv(tenant, request),
    },
  ];
  for (const version of ['', '/v1.0', '/beta']) {
    const imports = `${version}/deviceManagement/importedWindowsAutopilotDeviceIdentities`;
    routes.push(
      { method: 'POST', path: imports, handle: (request) => graph.importOne(request) },
      { method: 'POST', path: `${imports}/import`, handle: (request) => graph.importMany(request) },
      { method: 'GET', path: `${imports}/:id`, handle: (request) => graph.findImport(request) },
      {
        method: 'GET',
        path: `${version}/deviceManagement/windowsAutopilotDeviceIdentities`,
        handle: (request) => graph.listDevices(request),
      },
      {
        method: 'GET',
        path: `${version}/deviceManagement/windowsAutopilotDeploymentProfiles`,
        handle: () => graph.listProfiles(),
      },
      {
        method: 'POST',
        path: `${version}/deviceManagement/windowsAutopilotSettings/sync`,
        handle: () => ({ status: 204 }),
      },
    );
  }
  return {
    name: 'registration',
    bodyBytesMax: LIMITS.requestBytesMax,
    routes: routes.map((route) => ({ ...route, handle: forAdministrators(tenant, route.handle) })),
  };
}

function forAdministrators(tenant: Tenant, handle: Handler): Handler {
  return (request) => {
    const bearer = bearerOf(request);
    if (bearer === undefined) return unauthorized('The request has no bearer token.');
    const claims = tenant.tokens.verify(bearer, [GRAPH_RESOURCE]);
    if (!claims.ok) return unauthorized(`The token was refused: ${claims.error}.`);
    const roles = claims.value['roles'];
    if (!Array.isArray(roles) || !roles.includes(ADMIN_ROLES[0])) {
      return errorReply(403, 'Forbidden', `The token has not the role ${ADMIN_ROLES[0]}.`);
    }
    return handle(request);
  };
}

function unauthorized(message: string): ReturnType<Handler> {
  return errorReply(401, 'InvalidAuthenticationToken', message, { 'www-authenticate': 'Bearer' });
}
