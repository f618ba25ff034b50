// One foreign device's way through the backend, step by step: each step is a function, so that a test can do one of them wrong.
import { createHash, X509Certificate } from 'node:crypto';
import type { ServiceName } from '../../catalog/services.ts';
import {
  deviceAddRequest,
  deviceTicketRequest,
  elementText,
  hardware,
  hardwareHash,
  makeKey,
  pemOf,
  publicBlob,
} from './foreign-client.ts';
import type { ForeignClient, ForeignHardware, ForeignKey, ForeignReply } from './foreign-client.ts';

/** What `flotilla backend --json` prints, as far as a client needs it. */
export interface Target {
  readonly services: Readonly<Record<ServiceName, string>>;
  readonly tenant: { readonly id: string; readonly domain: string; readonly password: string };
  readonly admin: { readonly clientId: string; readonly clientSecret: string; readonly tokenUrl: string };
}

export const CLIENT_ID = '29d9ed98-a469-4536-ade2-f981bc1d605e';
export const REDIRECT_URI = 'ms-aadj-redir://auth/drs';
export const DRS = 'urn:ms-drs:enterpriseregistration.windows.net';
export const MDM = 'https://enrollment.manage.microsoft.com/';
const VERIFIER = 'foreign-verifier-0123456789-abcdefghijklmnopqrstuvwxyz';

export async function adminToken(client: ForeignClient, target: Target): Promise<string> {
  const reply = await client.form(target.admin.tokenUrl, {
    grant_type: 'client_credentials',
    client_id: target.admin.clientId,
    client_secret: target.admin.clientSecret,
    scope: 'https://graph.microsoft.com/.default',
  });
  return String(reply.json()['access_token']);
}

export async function importDevice(
  client: ForeignClient,
  target: Target,
  device: ForeignHardware,
  groupTag = '',
): Promise<ForeignReply> {
  const row = `${device.serialNumber},,${hardwareHash(device)},${groupTag},\n`;
  const csv = `Device Serial Number,Windows Product ID,Hardware Hash,Group Tag,Assigned User\n${row}`;
  return client.post(`${target.services.registration}/registration/v1/devices`, 'text/csv', csv, {
    authorization: `Bearer ${await adminToken(client, target)}`,
  });
}

/** Device credential, then ticket. */
export async function deviceToken(client: ForeignClient, target: Target, device: ForeignHardware): Promise<string> {
  const name = `02${device.serialNumber.toLowerCase()}`;
  const { profile } = target.services;
  await client.post(
    `${profile}/ppsecure/deviceaddcredential.srf`,
    'text/xml',
    deviceAddRequest(device, name, 'secret'),
  );
  const ticket = await client.post(`${profile}/RST2.srf`, 'application/soap+xml', deviceTicketRequest(name, 'secret'));
  return elementText(ticket.text, 'BinarySecurityToken') ?? '';
}

export function profile(client: ForeignClient, target: Target, ticket: string): Promise<ForeignReply> {
  return client.post(`${target.services.profile}/ztd/v1/profile`, 'application/json', '{}', {
    'x-device-token': ticket,
  });
}

/** The sign-in page, as the OpenID configuration leads to it. */
export async function signInPage(client: ForeignClient, target: Target): Promise<ForeignReply> {
  const { login } = target.services;
  const configuration = await client.send(`${login}/${target.tenant.domain}/.well-known/openid-configuration`);
  const challenge = createHash('sha256').update(VERIFIER).digest('base64url');
  const query = new URLSearchParams({
    client_id: CLIENT_ID,
    redirect_uri: REDIRECT_URI,
    response_type: 'code',
    resource: DRS,
    state: 'state-1',
    nonce: 'nonce-1',
    code_challenge: challenge,
    code_challenge_method: 'S256',
    ztd_tenant: target.tenant.domain,
  });
  return client.send(`${String(configuration.json()['authorization_endpoint'])}?${query.toString()}`);
}

/** Fills in the form of a page and sends it. */
export function signIn(
  client: ForeignClient,
  target: Target,
  page: ForeignReply,
  person: { readonly user: string; readonly password: string },
): Promise<ForeignReply> {
  const action = /<form[^>]* action="([^"]+)"/.exec(page.text)?.[1] ?? '';
  const ctx = /name="ctx" value="([^"]*)"/.exec(page.text)?.[1] ?? '';
  return client.form(`${target.services.login}${action}`, { login: person.user, passwd: person.password, ctx });
}

export function codeOf(redirect: ForeignReply): string {
  return new URL(redirect.headers.location ?? 'none://').searchParams.get('code') ?? '';
}

export function redeem(
  client: ForeignClient,
  target: Target,
  code: string,
  verifier = VERIFIER,
): Promise<ForeignReply> {
  return client.form(`${target.services.login}/${target.tenant.id}/oauth2/token`, {
    grant_type: 'authorization_code',
    client_id: CLIENT_ID,
    redirect_uri: REDIRECT_URI,
    code,
    code_verifier: verifier,
    resource: DRS,
  });
}

export async function refresh(client: ForeignClient, target: Target, token: string, resource: string): Promise<string> {
  const reply = await client.form(`${target.services.login}/${target.tenant.id}/oauth2/token`, {
    grant_type: 'refresh_token',
    client_id: CLIENT_ID,
    refresh_token: token,
    resource,
  });
  return String(reply.json()['access_token']);
}

export interface SignedIn {
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly claims: Readonly<Record<string, unknown>>;
}

/** Page, password, code, tokens. */
export async function signInAs(client: ForeignClient, target: Target, user: string): Promise<SignedIn> {
  const page = await signInPage(client, target);
  const redirect = await signIn(client, target, page, { user, password: target.tenant.password });
  const tokens = (await redeem(client, target, codeOf(redirect))).json();
  return {
    accessToken: String(tokens['access_token']),
    refreshToken: String(tokens['refresh_token']),
    claims: claimsOf(String(tokens['id_token'])),
  };
}

export function claimsOf(token: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8')) as Record<string, unknown>;
}

export async function join(
  client: ForeignClient,
  target: Target,
  bearer: string,
  body: Readonly<Record<string, unknown>>,
): Promise<ForeignReply> {
  const discovery = await client.send(
    `${target.services.join}/${target.tenant.domain}/Discover?api-version=1.9&managed=True`,
  );
  const service = discovery.json()['DeviceJoinService'] as { JoinEndpoint: string };
  return client.post(`${service.JoinEndpoint}?api-version=2.0`, 'application/json', JSON.stringify(body), {
    authorization: `Bearer ${bearer}`,
  });
}

export async function joinBody(key: ForeignKey, ticket: string): Promise<Record<string, unknown>> {
  return {
    CertificateRequest: { Type: 'pkcs10', Data: await key.request('CN=7E980AD9-B86D-4306-9425-9AC066FB014A') },
    TransportKey: publicBlob(key.modulus),
    TargetDomain: 'flotilla.example',
    DeviceType: 'Windows',
    OSVersion: '10.0.22631.3007',
    DeviceDisplayName: 'FOREIGN-1',
    JoinType: 0,
    Attributes: { ReuseDevice: 'true', ReturnClientSid: 'true', 'MSA-DDID': Buffer.from(ticket).toString('base64') },
  };
}

const ENROLLMENT = 'http://schemas.microsoft.com/windows/management/2012/01/enrollment';

export function discover(client: ForeignClient, url: string): Promise<ForeignReply> {
  return client.soap(
    url,
    `${ENROLLMENT}/IDiscoveryService/Discover`,
    `<Discover xmlns="${ENROLLMENT}"><request><EmailAddress>user0@flotilla.example</EmailAddress>` +
      '<RequestVersion>5.0</RequestVersion><DeviceType>CIMClient_Windows</DeviceType>' +
      '<ApplicationVersion>10.0.22631.0</ApplicationVersion><OSEdition>4</OSEdition><AuthPolicies>' +
      '<AuthPolicy>OnPremise</AuthPolicy><AuthPolicy>Federated</AuthPolicy></AuthPolicies></request></Discover>',
  );
}

const POLICY = 'http://schemas.microsoft.com/windows/pki/2009/01/enrollmentpolicy';

export function policies(client: ForeignClient, url: string, token: string): Promise<ForeignReply> {
  return client.soap(
    url,
    `${POLICY}/IPolicy/GetPolicies`,
    `<GetPolicies xmlns="${POLICY}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><client>` +
      '<lastUpdate xsi:nil="true"/><preferredLanguage xsi:nil="true"/></client><requestFilter xsi:nil="true"/></GetPolicies>',
    token,
  );
}

export type ContextItems = Readonly<Record<string, string>>;

export const CONTEXT: ContextItems = {
  DeviceType: 'CIMClient_Windows',
  EnrollmentType: 'Device',
  HWDevID: 'ab'.repeat(32),
  DeviceName: 'FOREIGN-1',
  OSEdition: '4',
  OSVersion: '10.0.22631.3007',
  NotInOobe: 'false',
  RequestVersion: '5.0',
  SomethingNobodyKnows: 'ignored',
};

const WSTEP = 'http://schemas.microsoft.com/windows/pki/2009/01/enrollment';
const WSSE = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd';

export function requestSecurityToken(
  client: ForeignClient,
  url: string,
  asked: { readonly token?: string; readonly request: string; readonly context: ContextItems },
): Promise<ForeignReply> {
  const items = Object.entries(asked.context)
    .map(([name, value]) => `<ac:ContextItem Name="${name}"><ac:Value>${value}</ac:Value></ac:ContextItem>`)
    .join('');
  const manager = 'http://schemas.microsoft.com/5.0.0.0/ConfigurationManager/Enrollment';
  return client.soap(
    url,
    `${WSTEP}/RST/wstep`,
    '<wst:RequestSecurityToken xmlns:wst="http://docs.oasis-open.org/ws-sx/ws-trust/200512">' +
      `<wst:TokenType>${manager}/DeviceEnrollmentToken</wst:TokenType>` +
      '<wst:RequestType>http://docs.oasis-open.org/ws-sx/ws-trust/200512/Issue</wst:RequestType>' +
      `<wsse:BinarySecurityToken xmlns:wsse="${WSSE}" ValueType="${WSTEP}#PKCS10" ` +
      `EncodingType="${WSSE}#base64binary">${asked.request}</wsse:BinarySecurityToken>` +
      `<ac:AdditionalContext xmlns:ac="http://schemas.xmlsoap.org/ws/2006/12/authorization">${items}` +
      '</ac:AdditionalContext></wst:RequestSecurityToken>',
    asked.token,
  );
}

/** The provisioning document in an RSTRC. */
export function provisioningOf(reply: ForeignReply): string {
  return Buffer.from(elementText(reply.text, 'BinarySecurityToken') ?? '', 'base64').toString('utf8');
}

/** The first message of an OMA-DM session. */
export function firstMessage(address: string, deviceId: string): string {
  return (
    '<SyncML xmlns="SYNCML:SYNCML1.2"><SyncHdr><VerDTD>1.2</VerDTD><VerProto>DM/1.2</VerProto><SessionID>1</SessionID>' +
    `<MsgID>1</MsgID><Target><LocURI>${address}</LocURI></Target><Source><LocURI>${deviceId}</LocURI></Source></SyncHdr>` +
    '<SyncBody><Alert><CmdID>2</CmdID><Data>1201</Data></Alert><Alert><CmdID>3</CmdID><Data>1224</Data><Item><Meta>' +
    '<Type xmlns="syncml:metinf">com.microsoft/MDM/LoginStatus</Type></Meta><Data>none</Data></Item></Alert>' +
    '<Replace><CmdID>4</CmdID>' +
    [
      ['DevId', deviceId],
      ['Man', 'Foreign Devices'],
      ['Mod', 'Model F'],
      ['DmV', '1.3'],
      ['Lang', 'en-US'],
    ]
      .map(([name, value]) => `<Item><Source><LocURI>./DevInfo/${name}</LocURI></Source><Data>${value}</Data></Item>`)
      .join('') +
    '</Replace><Final/></SyncBody></SyncML>'
  );
}

export function manage(client: ForeignClient, address: string, body: string): Promise<ForeignReply> {
  return client.post(address, 'application/vnd.syncml.dm+xml', body, { 'user-agent': 'MSFT OMA DM Client/1.2.0.1' });
}

/** Everything up to a joined device, whose session's tokens name it. */
export async function joined(
  client: ForeignClient,
  target: Target,
  number: number,
): Promise<{
  readonly ticket: string;
  readonly profile: Record<string, unknown>;
  readonly deviceId: string;
  readonly certificate: string;
  readonly signedIn: SignedIn;
}> {
  const device = hardware(number);
  await importDevice(client, target, device);
  const ticket = await deviceToken(client, target, device);
  const assigned = (await profile(client, target, ticket)).json();
  const signedIn = await signInAs(client, target, `user${number}@${target.tenant.domain}`);
  const key = await makeKey();
  const reply = await join(client, target, signedIn.accessToken, await joinBody(key, ticket));
  const certificate = pemOf((reply.json()['Certificate'] as { RawBody: string }).RawBody);
  const deviceId = new X509Certificate(certificate).subject.replace('CN=', '');
  return { ticket, profile: assigned, deviceId, certificate, signedIn };
}
