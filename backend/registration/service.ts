// The registration service: the CSV batches of OEMs, partners and administrators, and what administrators have in Microsoft Graph:
// imports, registered devices, profiles, the sync, device objects and groups. All of it needs an administrator's token.
import { LIMITS } from '../../kernel/limits.ts';
import { bearerOf, errorReply } from '../http/message.ts';
import type { BackendService, Handler, Route } from '../http/message.ts';
import { GRAPH_RESOURCE } from '../login/clients.ts';
import { ADMIN_ROLES } from '../login/token-endpoint.ts';
import type { Tenant } from '../tenant.ts';
import { importCsv } from './csv-import.ts';
import { deleteDevice, listDevices, listGroups } from './entra-devices.ts';
import { assignUser, findIdentity, listIdentities, listProfiles, unassignUser } from './graph-devices.ts';
import { GraphImports } from './graph-imports.ts';
import { GraphSync } from './graph-sync.ts';

export function registrationService(tenant: Tenant): BackendService {
  const imports = new GraphImports(tenant);
  const sync = new GraphSync(tenant);
  const routes = [...csvRoutes(tenant)];
  for (const version of ['', '/v1.0', '/beta']) {
    routes.push(
      ...importRoutes(imports, `${version}/deviceManagement/importedWindowsAutopilotDeviceIdentities`),
      ...identityRoutes(tenant, `${version}/deviceManagement/windowsAutopilotDeviceIdentities`),
      ...settingsRoutes(sync, `${version}/deviceManagement/windowsAutopilotSettings`),
      {
        method: 'GET',
        path: `${version}/deviceManagement/windowsAutopilotDeploymentProfiles`,
        handle: () => listProfiles(tenant),
      },
      {
        method: 'GET',
        path: `${version}/devices`,
        operation: 'devices',
        handle: (request) => listDevices(tenant, request),
      },
      { method: 'DELETE', path: `${version}/devices/:id`, handle: (request) => deleteDevice(tenant, request) },
      { method: 'GET', path: `${version}/groups`, handle: () => listGroups(tenant) },
    );
  }
  return {
    name: 'registration',
    bodyBytesMax: LIMITS.requestBytesMax,
    routes: routes.map((route) => ({ ...route, handle: forAdministrators(tenant, route.handle) })),
  };
}

function csvRoutes(tenant: Tenant): Route[] {
  const paths = ['/registration/v1/devices', '/registration/v1/customers/:customer/devices'];
  const handle: Handler = (request) => importCsv(tenant, request);
  return paths.map((path) => ({ method: 'POST', path, operation: 'import', handle }));
}

function importRoutes(imports: GraphImports, path: string): Route[] {
  return [
    { method: 'POST', path, operation: 'import', handle: (request) => imports.importOne(request) },
    { method: 'POST', path: `${path}/import`, operation: 'import', handle: (request) => imports.importMany(request) },
    { method: 'GET', path: `${path}/:id`, operation: 'import-state', handle: (request) => imports.findImport(request) },
  ];
}

function identityRoutes(tenant: Tenant, path: string): Route[] {
  return [
    { method: 'GET', path, operation: 'identities', handle: (request) => listIdentities(tenant, request) },
    { method: 'GET', path: `${path}/:id`, handle: (request) => findIdentity(tenant, request) },
    {
      method: 'POST',
      path: `${path}/:id/assignUserToDevice`,
      operation: 'assign-user',
      handle: (request) => assignUser(tenant, request),
    },
    { method: 'POST', path: `${path}/:id/unassignUserFromDevice`, handle: (request) => unassignUser(tenant, request) },
  ];
}

function settingsRoutes(sync: GraphSync, path: string): Route[] {
  return [
    { method: 'GET', path, handle: () => sync.settings() },
    { method: 'POST', path: `${path}/sync`, operation: 'sync', handle: () => sync.sync() },
  ];
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
