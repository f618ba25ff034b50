// The applications and resources that the tenant's sign-in service knows (entra-join, 3). Ids are the public ones, so that a
// foreign client needs no change.
import {
  DEVICE_REGISTRATION_RESOURCE,
  JOIN_CLIENT_ID,
  JOIN_REDIRECT_URI,
  MDM_REDIRECT_URI,
} from '../../protocol/sign-in/oauth.ts';
import { WINDOWS_CLIENT_ID } from '../../protocol/sign-in/primary-refresh-token.ts';

/** Public clients and where their authorization codes may be sent; none: password and refresh grants only. */
const CLIENTS: Readonly<Record<string, readonly string[]>> = {
  [JOIN_CLIENT_ID]: [JOIN_REDIRECT_URI, MDM_REDIRECT_URI],
  // Device registration client, PowerShell, Company Portal, Windows sign-in.
  'dd762716-544d-4aeb-a526-687b73838a22': [JOIN_REDIRECT_URI],
  '1b730954-1685-4b74-9bfd-dac224a7b894': [],
  '9ba1a5c7-f17a-4de9-a1f1-6178c8d51223': [],
  [WINDOWS_CLIENT_ID]: [],
};

export function isClient(clientId: string): boolean {
  return Object.hasOwn(CLIENTS, clientId.toLowerCase());
}

export function mayRedirect(clientId: string, redirectUri: string): boolean {
  return CLIENTS[clientId.toLowerCase()]?.includes(redirectUri) ?? false;
}

/** Audience of tokens for MDM enrollment, as public clients ask for it. */
export const MDM_RESOURCE = 'https://enrollment.manage.microsoft.com/';
/** Audience of administrators' tokens: the registration service speaks in the shape of Microsoft Graph. */
export const GRAPH_RESOURCE = 'https://graph.microsoft.com';

/** Every audience, with the other names that requests give it (application ids, a slash more or less). */
const RESOURCES: Readonly<Record<string, readonly string[]>> = {
  [DEVICE_REGISTRATION_RESOURCE]: ['01cb2876-7ebd-4aa4-9cc9-d28bd4d359a9'],
  [MDM_RESOURCE]: ['d4ebce55-015a-49b5-a083-c84d1797ae8c', '0000000a-0000-0000-c000-000000000000'],
  [GRAPH_RESOURCE]: ['00000003-0000-0000-c000-000000000000'],
};

const AUDIENCES = new Map(
  Object.entries(RESOURCES).flatMap(([resource, others]) =>
    [resource, ...others].map((name) => [withoutSlash(name), resource] as const),
  ),
);

/** The audience of a resource as a version 1 request names it; undefined if there is none of the name. */
export function audienceOfResource(resource: string): string | undefined {
  return AUDIENCES.get(withoutSlash(resource));
}

// Scopes of OpenID Connect itself say nothing about a resource.
const OPENID_SCOPES = new Set(['openid', 'profile', 'email', 'offline_access', 'aza', 'ugs']);

/** The resource in a version 2 scope: what stands before the last slash of the first scope that has one. */
export function resourceOfScope(scope: string): string | undefined {
  for (const part of scope.split(/\s+/)) {
    if (part === '' || OPENID_SCOPES.has(part)) continue;
    const slash = part.lastIndexOf('/');
    return slash < 0 ? part : part.slice(0, slash);
  }
  return undefined;
}

function withoutSlash(text: string): string {
  return text.toLowerCase().replace(/\/+$/, '');
}
