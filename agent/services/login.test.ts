import { constants, createCipheriv, createPublicKey, publicEncrypt } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { FailureCode } from '../../catalog/failures.ts';
import { RandomStream } from '../../kernel/random.ts';
import { ok } from '../../kernel/result.ts';
import { toBase64Url } from '../../protocol/encoding/base64.ts';
import { encryptWithSessionKey } from '../../protocol/sign-in/session-key.ts';
import {
  writePassiveResult,
  writeTrustFault,
  writeTrustMetadata,
  writeTrustResponse,
} from '../../protocol/sign-in/ws-trust.ts';
import { keyPool } from '../identity/keys.ts';
import { codeOf, scripted } from './fixtures/scripted-network.ts';
import type { Scripted } from './fixtures/scripted-network.ts';
import { openFederatedPage, requestAssertion, signInByTrust, submitFederatedCredentials } from './federation.ts';
import { discoverRealm, refreshAccessToken, submitCredentials, submitNewPassword } from './login.ts';
import type { SignInPage } from './login.ts';
import { beginMultifactor, completeMultifactor, pollMultifactor } from './login-multifactor.ts';
import { signInToWindows } from './login-windows.ts';

const field = (name: string, type: string, value = '') => ({ name, type, value, readonly: false });
const PAGE: SignInPage = {
  tenantName: '',
  text: '',
  url: 'https://sts.example/authorize',
  form: {
    id: 'sign-in',
    action: 'https://sts.example/login',
    fields: [field('ctx', 'hidden', 'context'), field('login', 'email'), field('passwd', 'password')],
  },
  fixedUserName: undefined,
  tokenEndpoint: 'https://sts.example/token',
  state: 's',
  codeVerifier: 'v',
};
const PERSON = { userName: 'u@federated.example', password: 'p&w' };
const METADATA = { body: writeTrustMetadata('https://adfs.example/usernamemixed') };
const REALM = { metadataUrl: 'https://adfs.example/mex', redirectUrl: undefined };
const MOMENT = { stream: new RandomStream('trust'), wallMs: 1_767_225_600_000 };
const ASSERTION = '<saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:1.0:assertion">x</saml:Assertion>';
const CODE = { status: 302, headers: ['location', 'ms-aadj-redir://auth/drs?code=abc&state=s'] };
const XML = ['content-type', 'application/soap+xml; charset=utf-8'];

describe('the realm of an account', () => {
  const federated = {
    body: '{"ver":"1.0","account_type":"Federated","federation_metadata_url":"https://adfs.example/mex"}',
  };
  const type = (url?: string) => ({
    body: JSON.stringify({ IfExistsResult: 0, Credentials: { FederationRedirectUrl: url }, EstsProperties: {} }),
  });

  it('that AD FS has is asked for its page, with what the sign-in page carries', async () => {
    const { network, sent } = scripted(federated, type('https://adfs.example/adfs/ls'));
    const realm = await discoverRealm(network, PERSON.userName, PAGE);
    expect(realm).toEqual(ok({ metadataUrl: REALM.metadataUrl, redirectUrl: 'https://adfs.example/adfs/ls' }));
    expect(JSON.parse(String(sent[1]?.body))).toMatchObject({ Username: PERSON.userName, originalRequest: 'context' });
    const without = scripted(federated, type());
    expect(await discoverRealm(without.network, PERSON.userName, PAGE)).toEqual(ok(REALM));
  });

  it('is one exchange where there is no page', async () => {
    const { network, sent } = scripted(federated);
    expect(await discoverRealm(network, PERSON.userName)).toEqual(ok(REALM));
    expect(sent).toHaveLength(1);
  });

  it('needs its metadata and an answer', async () => {
    const bare = scripted({ body: '{"ver":"1.0","account_type":"Federated"}' });
    expect(codeOf(await discoverRealm(bare.network, 'u@x', PAGE))).toBe('reply-malformed');
    const refused = scripted(federated, { status: 500 });
    expect(codeOf(await discoverRealm(refused.network, 'u@x', PAGE))).toBe('reply-unexpected');
  });
});

describe('WS-Trust', () => {
  const ask = (...replies: readonly (Scripted | FailureCode)[]) =>
    requestAssertion(scripted(...replies).network, REALM, { ...PERSON, ...MOMENT });

  it('brings the assertion as it was signed, and the tokens for it', async () => {
    const answer = { body: writeTrustResponse(ASSERTION, {}), headers: XML };
    expect(await ask(METADATA, answer)).toEqual(ok(ASSERTION));
    const { network, sent } = scripted(METADATA, answer, { status: 400, body: '{"error":"x","error_codes":[50076]}' });
    expect(codeOf(await signInByTrust(network, PAGE, REALM, { ...PERSON, ...MOMENT }))).toBe('50076');
    expect(sent.map(({ operation }) => operation)).toEqual(['metadata', 'ws-trust', 'token']);
    expect(sent[1]).toMatchObject({ target: 'https://adfs.example/usernamemixed' });
    const grant = new URLSearchParams(String(sent[2]?.body));
    expect(grant.get('grant_type')).toBe('urn:ietf:params:oauth:grant-type:saml1_1-bearer');
    expect(Buffer.from(grant.get('assertion')!, 'base64url').toString()).toBe(ASSERTION);
  });

  it.each<[FailureCode, readonly (Scripted | FailureCode)[]]>([
    ['50126', [METADATA, { status: 500, body: writeTrustFault('ID3242', {}), headers: XML }]],
    ['OOBEIDPS', ['connect-refused']],
    ['OOBEIDPS', ['name-not-resolved']],
    ['OOBEIDPS', ['throttled']],
    ['OOBEIDPS', [{ status: 503 }]],
    ['OOBEIDPS', [METADATA, 'connection-reset']],
    ['OOBEIDPS', [METADATA, { status: 500, body: '<html>' }]],
    ['abandoned', ['abandoned']],
    ['target-refused', ['target-refused']],
    ['reply-malformed', [{ body: '<x/>' }]],
    ['reply-unexpected', [{ status: 404 }]],
    ['reply-unexpected', [METADATA, { body: 'nonsense' }]],
    ['reply-malformed', [METADATA, { body: writeTrustResponse('', {}), headers: XML }]],
  ])('ends with %s', async (code, replies) => {
    expect(codeOf(await ask(...replies))).toBe(code);
  });
});

describe('the page of AD FS', () => {
  const form =
    '<form id="loginForm" action="/adfs/ls/?a=1"><input type="email" name="UserName" value="u@x"><input type="password" name="Password"><input type="hidden" name="AuthMethod" value="Forms"></form>';
  const answer = `<form action="https://sts.example/login.srf"><input type="hidden" name="wresult" value="${writePassiveResult('x').replaceAll('"', '&quot;').replaceAll('<', '&lt;')}"></form>`;

  it('is filled in, and its answer goes back to the sign-in service', async () => {
    const opened = await openFederatedPage(scripted({ body: form }).network, 'https://adfs.example/adfs/ls/?a=1');
    if (!opened.ok) expect.unreachable(opened.error.detail);
    const { network, sent } = scripted({ body: answer }, CODE);
    expect(await submitFederatedCredentials(network, PAGE, opened.value, PERSON)).toEqual(ok('abc'));
    expect(sent[0]).toMatchObject({
      service: 'federation',
      target: 'https://adfs.example/adfs/ls/?a=1',
      body: 'UserName=u%40federated.example&Password=p%26w&AuthMethod=Forms',
    });
    expect(sent[1]).toMatchObject({ operation: 'federated-return', target: 'https://sts.example/login.srf' });
    expect(new URLSearchParams(String(sent[1]?.body)).get('wresult')).toContain('RequestSecurityTokenResponse');
    const again = scripted({ body: `<span id="errorText">Incorrect</span>${form}` });
    expect(codeOf(await submitFederatedCredentials(again.network, PAGE, opened.value, PERSON))).toBe('50126');
    const refused = scripted({ body: answer }, { body: '<div id="error" data-code="53003">no</div>' });
    expect(codeOf(await submitFederatedCredentials(refused.network, PAGE, opened.value, PERSON))).toBe('53003');
  });

  it('may not be there', async () => {
    expect(codeOf(await openFederatedPage(scripted('connect-timeout').network, 'https://adfs.example/'))).toBe(
      'OOBEIDPS',
    );
    expect(codeOf(await openFederatedPage(scripted({ body: 'no form' }).network, 'https://adfs.example/'))).toBe(
      'reply-malformed',
    );
  });
});

const MULTIFACTOR =
  '<form id="multifactor" action="/process" data-begin="/begin" data-poll="/poll"><input type="hidden" name="request" value="c"><input type="hidden" name="flowToken" value="f0"><input type="hidden" name="mfaAuthMethod" value="Phone"></form>';

describe('pages that ask for more', () => {
  it('ask for a new password', async () => {
    const html =
      '<div id="error" data-code="50055">expired</div><form id="new-password" action="/new"><input type="hidden" name="ctx" value="c"><input type="password" name="newpasswd"><input type="password" name="confirmnewpasswd"></form>';
    const answer = await submitCredentials(scripted({ body: html }).network, PAGE, PERSON);
    const page = answer.ok && typeof answer.value !== 'string' ? answer.value : expect.unreachable();
    if (page.kind !== 'new-password') expect.unreachable(page.kind);
    const { network, sent } = scripted(CODE);
    expect(await submitNewPassword(network, PAGE, page, 'new')).toEqual(ok('abc'));
    expect(sent[0]).toMatchObject({
      target: 'https://sts.example/new',
      body: 'ctx=c&newpasswd=new&confirmnewpasswd=new',
    });
  });

  it('ask for a second factor, which is begun, polled and completed', async () => {
    const answer = await submitCredentials(scripted({ body: MULTIFACTOR }).network, PAGE, PERSON);
    const page = answer.ok && typeof answer.value !== 'string' ? answer.value : expect.unreachable();
    if (page.kind !== 'multifactor') expect.unreachable(page.kind);
    const says = (more: object) => ({ body: JSON.stringify({ Success: true, ResultValue: 'Success', ...more }) });
    const begun = scripted(says({ FlowToken: 'f1', SessionId: 'i' }));
    const pending = await beginMultifactor(begun.network, page);
    if (!pending.ok) expect.unreachable(pending.error.detail);
    expect(begun.sent[0]?.target).toBe('https://sts.example/begin');
    expect(JSON.parse(String(begun.sent[0]?.body))).toEqual({
      Method: 'BeginAuth',
      FlowToken: 'f0',
      Ctx: 'c',
      AuthMethodId: 'Phone',
    });
    const polls = scripted(
      says({ Success: false, ResultValue: 'AuthenticationPending', Retry: true, FlowToken: 'f2' }),
      says({ FlowToken: 'f3' }),
    );
    expect(await pollMultifactor(polls.network, page, pending.value)).toEqual(ok('pending'));
    expect(await pollMultifactor(polls.network, page, pending.value)).toEqual(ok('approved'));
    expect(polls.sent.map(({ body }) => (JSON.parse(String(body)) as { PollCount: number }).PollCount)).toEqual([1, 2]);
    const completed = scripted(CODE);
    expect(await completeMultifactor(completed.network, PAGE, page, pending.value)).toEqual(ok('abc'));
    expect(completed.sent[0]?.body).toBe('request=c&flowToken=f3&mfaAuthMethod=Phone');
    const denied = scripted(says({ Success: false, ResultValue: 'PhoneAppDenied', Retry: false }));
    expect(codeOf(await pollMultifactor(denied.network, page, pending.value))).toBe('500121');
    const never = scripted(says({ Success: false }));
    expect(codeOf(await beginMultifactor(never.network, page))).toBe('500121');
    expect(codeOf(await beginMultifactor(scripted({ body: 'x' }).network, page))).toBe('reply-malformed');
  });

  it('are told from errors', async () => {
    const broken = scripted({ body: MULTIFACTOR.replace('data-begin="/begin"', 'data-begin="http://["') });
    expect(codeOf(await submitCredentials(broken.network, PAGE, PERSON))).toBe('reply-unexpected');
    const locked = scripted({ body: '<form id="sign-in"></form><div id="error" data-code="50053">no</div>' });
    expect(codeOf(await submitCredentials(locked.network, PAGE, PERSON))).toBe('50053');
  });
});

describe('the sign-in to Windows', () => {
  const KEYS = keyPool('pool');
  const key = (purpose: 'device' | 'transport') => KEYS.deviceKey('login test', 0, purpose);
  const SESSION_KEY = Buffer.alloc(32, 7);
  const ID_TOKEN =
    `e30.${toBase64Url(Buffer.from('{"upn":"u","sid":"S","tid":"t","tenant_display_name":"T"}'))}.c2ln`.replace(
      'e30',
      toBase64Url(Buffer.from('{"alg":"RS256"}')),
    );
  const signingIn = {
    ...MOMENT,
    userName: 'u@x',
    password: 'p',
    certificate: Uint8Array.of(1),
    deviceKey: key('device'),
    transportKey: key('transport'),
    osVersion: '10.0.1.2',
  };
  const managed = { body: '{"ver":"1.0","account_type":"Managed"}' };
  const nonce = { body: '{"Nonce":"n"}' };

  function primary(recipient: Uint8Array, sessionKey: Uint8Array = SESSION_KEY): Scripted {
    const publicKey = createPublicKey({ key: Buffer.from(recipient), format: 'der', type: 'spki' });
    const padding = constants.RSA_PKCS1_OAEP_PADDING;
    const encrypted = publicEncrypt({ key: publicKey, padding, oaepHash: 'sha1' }, sessionKey);
    const cipher = createCipheriv('aes-256-gcm', Buffer.alloc(32), Buffer.alloc(12));
    cipher.final();
    const jwe = `e30.${toBase64Url(encrypted)}.AAAA..${toBase64Url(cipher.getAuthTag())}`;
    const body = {
      token_type: 'pop',
      refresh_token: 'prt',
      refresh_token_expires_in: 9,
      session_key_jwe: jwe,
      id_token: ID_TOKEN,
    };
    return { body: JSON.stringify(body) };
  }

  it('asks with nonce, certificate and password, and later requests prove the session key', async () => {
    const { network, sent } = scripted(managed, nonce, primary(key('transport').publicKeyInfo));
    const signedIn = await signInToWindows(network, signingIn);
    if (!signedIn.ok) expect.unreachable(signedIn.error.detail);
    expect(sent.map(({ operation }) => operation)).toEqual(['realm', 'nonce', 'token']);
    const { session, claims } = signedIn.value;
    expect([session.refreshToken, claims.upn]).toEqual(['prt', 'u']);
    expect(Buffer.from(session.sessionKey?.bytes ?? [])).toEqual(SESSION_KEY);

    const token = JSON.stringify({ token_type: 'Bearer', expires_in: 1, access_token: 'a' });
    const fresh = { context: new Uint8Array(24), iv: new Uint8Array(12) };
    const later = scripted(
      { body: encryptWithSessionKey(token, SESSION_KEY, fresh) },
      { body: encryptWithSessionKey(token, Buffer.alloc(32), fresh) },
      { status: 400, body: '{"error":"invalid_grant","error_codes":[140001]}' },
    );
    expect(await refreshAccessToken(later.network, session, 'management-user')).toEqual(ok('a'));
    expect(codeOf(await refreshAccessToken(later.network, session, 'management-user'))).toBe('reply-malformed');
    expect(codeOf(await refreshAccessToken(later.network, session, 'windows-hello'))).toBe('140001');
    const requests = later.sent.map(({ body }) => new URLSearchParams(String(body)).get('request') ?? '');
    const contexts = requests.map((jwt) => Buffer.from(jwt.split('.')[0]!, 'base64url').toString());
    expect(new Set(contexts).size).toBe(3);
    const claimed = (jwt: string): unknown => JSON.parse(Buffer.from(jwt.split('.')[1]!, 'base64url').toString());
    expect(claimed(requests[2]!)).toMatchObject({ refresh_token: 'prt', amr_values: 'ngcmfa' });
  });

  it.each<[FailureCode, readonly (Scripted | FailureCode)[]]>([
    ['50034', [{ body: '{"ver":"1.0","account_type":"Unknown"}' }]],
    ['reply-malformed', [managed, { body: '{}' }]],
    ['50155', [managed, nonce, { status: 400, body: '{"error":"invalid_grant","error_codes":[50155]}' }]],
    ['reply-malformed', [managed, nonce, { body: '{"token_type":"Bearer"}' }]],
    ['reply-malformed', [managed, nonce, primary(KEYS.deviceKey('login test', 0, 'device').publicKeyInfo)]],
    [
      'reply-malformed',
      [managed, nonce, primary(KEYS.deviceKey('login test', 0, 'transport').publicKeyInfo, Buffer.alloc(16))],
    ],
  ])('ends with %s', async (code, replies) => {
    expect(codeOf(await signInToWindows(scripted(...replies).network, signingIn))).toBe(code);
  });

  it('brings the assertion of AD FS for a federated user', async () => {
    const realm = {
      body: '{"ver":"1.0","account_type":"Federated","federation_metadata_url":"https://adfs.example/mex"}',
    };
    const answer = { body: writeTrustResponse(ASSERTION, {}), headers: XML };
    const { network, sent } = scripted(realm, METADATA, answer, nonce, primary(key('transport').publicKeyInfo));
    expect(codeOf(await signInToWindows(network, signingIn))).toBe('ok');
    const request = new URLSearchParams(String(sent.at(-1)?.body)).get('request')!;
    const claims = JSON.parse(Buffer.from(request.split('.')[1]!, 'base64url').toString()) as Record<string, string>;
    expect(claims).toMatchObject({ grant_type: 'urn:ietf:params:oauth:grant-type:saml1_1-bearer', request_nonce: 'n' });
    expect(Buffer.from(claims['assertion']!, 'base64url').toString()).toBe(ASSERTION);
    expect(claims['password']).toBeUndefined();
  });
});
