// Whose request it is: by client certificate, bearer token, device ticket, or what the body or the path says. Nothing is
// verified: a stranger who makes up a token only chooses which simulated fault it meets.
import { groupOfUser } from '../../catalog/tenant.ts';
import { DEVICE_TOKEN_HEADER } from '../../protocol/autopilot/autopilot-profile.ts';
import { parseCertificate } from '../../protocol/pki/certificate.ts';
import { parseDeviceAddRequest } from '../../protocol/autopilot/device-token.ts';
import { parseDiscoverRequest } from '../../protocol/enrollment/enrollment-discovery.ts';
import { readJsonObject } from '../../protocol/encoding/json.ts';
import { parseScepMessage } from '../../protocol/pki/scep.ts';
import { readSoap } from '../../protocol/enrollment/soap.ts';
import type { SecurityToken } from '../../protocol/enrollment/soap.ts';
import { readToken } from '../../protocol/sign-in/token.ts';
import { factsOfDevice } from '../hardware-facts.ts';
import { bearerOf, hasMediaType, headerOf } from '../http/message.ts';
import type { BackendRequest } from '../http/message.ts';
import { accountOfTicket } from '../profile/device-tickets.ts';
import type { HardwareFacts } from '../stores/registrations.ts';
import type { Tenant } from '../tenant.ts';

export interface Caller {
  /** The same for each request of a device to one service; undefined where only the cohort is known. */
  readonly device: string | undefined;
  /** Of its group; undefined for a device or user of none. */
  readonly groupTag: string | undefined;
}

/** Undefined: nobody in particular. */
export function callerOf(tenant: Tenant, request: BackendRequest): Caller | undefined {
  const { clientCertificate, parameters, query } = request;
  if (clientCertificate !== undefined) {
    const enrollment = tenant.enrollments.ofCertificate(clientCertificate.thumbprint);
    if (enrollment !== undefined) return userAt(tenant, enrollment.userIndex);
  }
  const bearer = bearerOf(request);
  if (bearer !== undefined) return ofToken(tenant, bearer);
  const ticket = headerOf(request, DEVICE_TOKEN_HEADER);
  if (ticket !== undefined) return ofFacts(tenant, accountOfTicket(tenant, ticket)?.facts);
  const puid = query.get('device');
  if (puid !== null) return ofFacts(tenant, tenant.deviceAccounts.find(puid)?.facts);
  const named = parameters['upn'] ?? query.get('login_hint') ?? query.get('username');
  if (typeof named === 'string') return ofUser(tenant, named);
  return request.body.length === 0 ? ofContent(tenant, request) : ofBody(tenant, request);
}

function ofBody(tenant: Tenant, request: BackendRequest): Caller | undefined {
  if (hasMediaType(request, 'application/x-www-form-urlencoded')) return ofForm(tenant, request);
  if (hasMediaType(request, 'application/json')) {
    const json = readJsonObject(request.body.toString('utf8'));
    const { Username, FlowToken } = json.ok ? json.value : {};
    if (typeof FlowToken === 'string') return ofFlow(tenant, FlowToken);
    return typeof Username === 'string' ? ofUser(tenant, Username) : undefined;
  }
  if (hasMediaType(request, 'application/xml', 'text/xml')) {
    const asked = parseDeviceAddRequest(request.body.toString('utf8'));
    const facts = asked.ok ? factsOfDevice(asked.value) : undefined;
    return ofFacts(tenant, facts?.ok === true ? facts.value : undefined);
  }
  if (hasMediaType(request, 'application/x-pki-message')) return ofPkiMessage(tenant, request);
  return hasMediaType(request, 'application/soap+xml') ? ofSoap(tenant, request) : undefined;
}

/** The certificate that a SCEP client signs with has the subject that it asks for: the device's id, or the user's name. */
function ofPkiMessage(tenant: Tenant, request: BackendRequest): Caller | undefined {
  const message = parseScepMessage(request.body);
  const [der] = message.ok ? message.value.signed.certificates : [];
  const own = der === undefined ? undefined : parseCertificate(der);
  const named = own?.ok === true ? (own.value.subject.find(({ type }) => type === 'CN')?.value ?? '') : '';
  const device = tenant.joinedDevices.find(named);
  return device === undefined ? ofUser(tenant, named) : userAt(tenant, device.userIndex);
}

/** Fields that name a person, a sign-in session or a device in the forms of sign-in and tokens. */
function ofForm(tenant: Tenant, request: BackendRequest): Caller | undefined {
  const form = new URLSearchParams(request.body.toString('utf8'));
  for (const name of ['login', 'loginfmt', 'username', 'UserName']) {
    const value = form.get(name);
    if (value !== null) return ofUser(tenant, value.trim());
  }
  const signed = readToken(form.get('request') ?? '');
  const { username, refresh_token: inside } = signed.ok ? signed.value.claims : {};
  if (typeof username === 'string') return ofUser(tenant, username);
  const refreshToken = form.get('refresh_token') ?? (typeof inside === 'string' ? inside : '');
  const sealed =
    tenant.seal.open('authorization-code', form.get('code') ?? '') ?? tenant.seal.open('refresh-token', refreshToken);
  const session = sealed === undefined ? undefined : tenant.sessions.find(sealed);
  if (session !== undefined) return userAt(tenant, session.userIndex);
  const assertion = form.get('wresult') ?? Buffer.from(form.get('assertion') ?? '', 'base64url').toString('utf8');
  return ofAssertion(tenant, assertion) ?? ofFlow(tenant, form.get('flowToken') ?? '');
}

/** The user principal name in an assertion of AD FS, wherever it stands. */
function ofAssertion(tenant: Tenant, text: string): Caller | undefined {
  const named = />\s*([^<>\s@]+@[^<>\s]+)\s*</.exec(text)?.[1];
  return named === undefined ? undefined : ofUser(tenant, named);
}

/** Whose sign-in is in between two pages. */
function ofFlow(tenant: Tenant, token: string): Caller | undefined {
  const flow = readJsonObject(tenant.seal.open('sign-in-flow', token) ?? '');
  const index = flow.ok ? flow.value['user'] : undefined;
  return typeof index === 'number' ? userAt(tenant, index) : undefined;
}

function ofSoap(tenant: Tenant, request: BackendRequest): Caller | undefined {
  const message = readSoap(request.body.toString('utf8'));
  if (!message.ok) return undefined;
  const { security, body } = message.value;
  if (security !== undefined) return ofSecurity(tenant, security);
  // Discover has no credential, but says for whom it asks.
  const asked = parseDiscoverRequest(body);
  return asked.ok ? ofUser(tenant, asked.value.emailAddress) : undefined;
}

function ofSecurity(tenant: Tenant, security: SecurityToken): Caller | undefined {
  if (security.kind !== 'username') return ofToken(tenant, security.token);
  const account = tenant.deviceAccounts.ofMember(security.username);
  return account === undefined ? ofUser(tenant, security.username) : ofFacts(tenant, account.facts);
}

function ofToken(tenant: Tenant, text: string): Caller | undefined {
  const token = readToken(text);
  const upn = token.ok ? token.value.claims['upn'] : undefined;
  return typeof upn === 'string' ? ofUser(tenant, upn) : undefined;
}

function ofUser(tenant: Tenant, upn: string): Caller | undefined {
  const user = tenant.directory.find(upn);
  return user === undefined ? undefined : userAt(tenant, user.index);
}

function userAt({ config }: Tenant, index: number): Caller {
  return { device: `user ${index}`, groupTag: groupOfUser(config, index)?.tag };
}

/** Hardware that is registered; other hardware is nobody's in particular. */
function ofFacts(tenant: Tenant, facts: HardwareFacts | undefined): Caller | undefined {
  const match = facts === undefined ? undefined : tenant.registrations.match(facts);
  if (match?.ok !== true) return undefined;
  return { device: `registration ${match.value.id}`, groupTag: tenant.groupOf(match.value)?.tag };
}

/** Content is fetched by whoever has its address: the cohort is known where only one has the app. */
function ofContent({ config, content }: Tenant, { path }: BackendRequest): Caller | undefined {
  const groups = config.groups.filter(({ esp }) =>
    [esp.device, esp.user].some(
      ({ msiApps, modernApps, win32Apps }) =>
        [...msiApps, ...modernApps].some((app) => content.app(app).url.endsWith(path)) ||
        win32Apps.some((app) => content.win32App(app).url.endsWith(path)),
    ),
  );
  const [only] = groups;
  return only !== undefined && groups.length === 1 ? { device: undefined, groupTag: only.tag } : undefined;
}
