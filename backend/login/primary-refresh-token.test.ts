import { constants, generateKeyPairSync, privateDecrypt, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { compactDecrypt } from 'jose';
import { describe, expect, it } from 'vitest';
import { MINUTE_MS } from '../../kernel/units.ts';
import { sha1Thumbprint } from '../../protocol/encoding/digest.ts';
import { encryptedKeyOf, writePrimaryTokenRequest } from '../../protocol/sign-in/primary-refresh-token.ts';
import type { UserGrant } from '../../protocol/sign-in/primary-refresh-token.ts';
import { decodeRsaPublicKeyInfo } from '../../protocol/pki/public-key-info.ts';
import { encodeRsaPublicBlob } from '../../protocol/pki/rsa-blob.ts';
import { decryptWithSessionKey, signWithSessionKey } from '../../protocol/sign-in/session-key.ts';
import { AUTHORIZATION, accountsTenant, Browser, shows, textOf } from '../fixtures/browser.ts';
import { issueDeviceCertificate } from '../join/device-certificate.ts';
import type { Tenant } from '../tenant.ts';

const DEVICE_ID = '0a0b0c0d-0000-4000-8000-000000000001';
const PASSWORD = 'Correct-Horse-9';
const KEYS = { device: rsaPair(), other: rsaPair(), transport: rsaPair() };

interface Pair {
  readonly algorithm: 'RS256';
  readonly publicKeyInfo: Uint8Array;
  readonly privateKey: KeyObject;
  sign(bytes: Uint8Array): Uint8Array;
}

function rsaPair(): Pair {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const publicKeyInfo = publicKey.export({ format: 'der', type: 'spki' });
  return { algorithm: 'RS256', publicKeyInfo, privateKey, sign: (bytes) => sign('sha256', bytes, privateKey) };
}

/** A joined device of the tenant; its certificate. */
function join(tenant: Tenant, pair = KEYS.device, deviceId = DEVICE_ID): Uint8Array {
  const user = tenant.directory.user(3);
  const { publicKeyInfo } = pair;
  const certificate = issueDeviceCertificate(tenant, { deviceId, userObjectId: user.objectId, publicKeyInfo });
  const key = decodeRsaPublicKeyInfo(KEYS.transport.publicKeyInfo);
  tenant.joinedDevices.add({
    deviceId,
    displayName: 'PC',
    osVersion: '10.0.1.2',
    userIndex: user.index,
    thumbprint: sha1Thumbprint(certificate),
    registrationId: undefined,
    transportKey: key.ok ? encodeRsaPublicBlob(key.value) : undefined,
  });
  return certificate;
}

class Device {
  readonly browser: Browser;
  readonly tenant: Tenant;
  readonly #upn: string;

  constructor(tenant: Tenant) {
    this.tenant = tenant;
    this.browser = new Browser(tenant);
    this.#upn = tenant.directory.user(3).upn;
  }

  nonce(): string {
    const reply = this.browser.post('/common/oauth2/token', 'grant_type=srv_challenge');
    return (JSON.parse(textOf(reply)) as { Nonce: string }).Nonce;
  }

  ask(
    certificate: Uint8Array,
    options: { signer?: Pair; nonce?: string; grant?: UserGrant; change?: (form: string) => string } = {},
  ): Record<string, unknown> {
    const { signer = KEYS.device, nonce = this.nonce(), change = (form: string) => form } = options;
    const grant = options.grant ?? { grant_type: 'password', username: this.#upn, password: PASSWORD };
    const form = writePrimaryTokenRequest({ nonce, osVersion: '10.0.1.2', grant }, signer, certificate);
    const reply = this.browser.post('/common/oauth2/token', change(form));
    return { status: reply.status, ...(JSON.parse(textOf(reply)) as Record<string, unknown>) };
  }
}

describe('a primary refresh token', () => {
  it('is given to a user at a joined device, with a session key for its transport key', async () => {
    const { tenant } = accountsTenant({});
    const answer = new Device(tenant).ask(join(tenant));
    expect(answer).toMatchObject({ status: 200, token_type: 'pop', refresh_token_expires_in: 1_209_600 });
    expect(answer['access_token']).toBeUndefined();
    const jwe = String(answer['session_key_jwe']);
    const { plaintext, protectedHeader } = await compactDecrypt(jwe, KEYS.transport.privateKey);
    expect([plaintext.length, protectedHeader]).toEqual([0, { alg: 'RSA-OAEP', enc: 'A256GCM' }]);
    expect(tenant.sessions.find('0')).toMatchObject({ userIndex: 3, deviceId: DEVICE_ID, primary: true });
  });

  it('is for federated users, too, by the assertion of AD FS', () => {
    const { tenant } = accountsTenant({ kind: 'ws-trust' });
    const device = new Device(tenant);
    const certificate = join(tenant);
    const saml = tenant.federation.issueAssertion(tenant.directory.user(3));
    const assertion = Buffer.from(saml).toString('base64url');
    const grant = { grant_type: 'urn:ietf:params:oauth:grant-type:saml1_1-bearer', assertion } as const;
    expect(device.ask(certificate, { grant })).toMatchObject({ status: 200, token_type: 'pop' });
    const changed = Buffer.from(saml.replaceAll('user3@', 'user4@')).toString('base64url');
    expect(device.ask(certificate, { grant: { ...grant, assertion: changed } })).toMatchObject({
      error_codes: [50013],
    });
    expect(device.ask(certificate)).toMatchObject({ error_codes: [50126] });
  });

  it('is not given without the key of the certificate, or with a certificate that is not one of the directory', () => {
    const { tenant } = accountsTenant({});
    const device = new Device(tenant);
    const certificate = join(tenant);
    const refused = { status: 400, error_codes: [50155] };
    expect(device.ask(certificate, { signer: KEYS.other })).toMatchObject(refused);
    expect(device.ask(Uint8Array.of(1, 2, 3))).toMatchObject(refused);
    // The certificate of another tenant, under the same names.
    expect(device.ask(join(accountsTenant({}).tenant))).toMatchObject(refused);
    // One that a later join of the device has replaced.
    join(tenant, KEYS.other);
    expect(device.ask(certificate)).toMatchObject(refused);
    // One that TLS servers or MDM clients have, from another authority of the same tenant.
    const { publicKeyInfo } = KEYS.device;
    const name = [{ type: 'CN', value: DEVICE_ID }];
    const issued = tenant.authorities.mdm.issue({ name, publicKeyInfo, days: 1, serialOf: 'x', extensions: [] });
    expect(device.ask(issued)).toMatchObject(refused);
  });

  it('takes each nonce once and in time', async () => {
    const { tenant, clock } = accountsTenant({});
    const device = new Device(tenant);
    const certificate = join(tenant);
    const nonce = device.nonce();
    expect(device.ask(certificate, { nonce })).toMatchObject({ status: 200 });
    expect(device.ask(certificate, { nonce })).toMatchObject({ error_codes: [140000] });
    expect(device.ask(certificate, { nonce: 'x' })).toMatchObject({ error_codes: [140000] });
    const late = device.nonce();
    await clock.advance(5 * MINUTE_MS);
    expect(device.ask(certificate, { nonce: late })).toMatchObject({ error_codes: [140000] });
  });

  it('wants the password of a user that is as it should be', () => {
    for (const [trait, code] of [
      ['locked', 50053],
      ['disabled', 50057],
      ['password-expired', 50055],
    ] as const) {
      const { tenant } = accountsTenant({ traits: { [trait]: 1 } });
      expect(new Device(tenant).ask(join(tenant)), trait).toMatchObject({ error_codes: [code] });
    }
    const { tenant } = accountsTenant({});
    const device = new Device(tenant);
    const certificate = join(tenant);
    const grant = { grant_type: 'password', username: 'user3@flotilla.example', password: 'wrong' } as const;
    expect(device.ask(certificate, { grant })).toMatchObject({ error_codes: [50126] });
    expect(device.ask(certificate, { grant: { ...grant, username: 'x' } })).toMatchObject({ error_codes: [50034] });
  });

  it.each(['grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer', 'request=x'])(
    'is not given for half a request: %s',
    (form) => {
      const { tenant } = accountsTenant({});
      expect(new Device(tenant).ask(join(tenant), { change: () => form })).toMatchObject({ error_codes: [900144] });
    },
  );
});

describe('with a primary refresh token', () => {
  const { tenant } = accountsTenant({});
  const device = new Device(tenant);
  const answer = device.ask(join(tenant));
  const refresh_token = String(answer['refresh_token']);
  const encrypted = encryptedKeyOf(String(answer['session_key_jwe']));
  const sessionKey = privateDecrypt(
    { key: KEYS.transport.privateKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha1' },
    Buffer.from(encrypted.ok ? encrypted.value : []),
  );
  const { client_id, resource } = AUTHORIZATION;
  const request = { client_id, resource, grant_type: 'refresh_token', refresh_token };

  function ask(claims: object, key: Uint8Array): ReturnType<Browser['post']> {
    const jwt = signWithSessionKey({ ...claims }, key, new Uint8Array(24));
    const grant_type = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
    return device.browser.post('/common/oauth2/token', new URLSearchParams({ grant_type, request: jwt }).toString());
  }

  it('and its session key there are tokens that name the device, encrypted for it', () => {
    const reply = ask(request, sessionKey);
    expect(reply.status).toBe(200);
    const text = decryptWithSessionKey(textOf(reply), sessionKey);
    const tokens = JSON.parse(text.ok ? text.value : '{}') as { access_token: string; refresh_token?: string };
    const verified = tenant.tokens.verify(tokens.access_token, [resource]);
    expect(verified).toMatchObject({ value: { upn: 'user3@flotilla.example', deviceid: DEVICE_ID, amr: ['pwd'] } });
    expect(tokens.refresh_token).toBeUndefined();
  });

  it('alone there is nothing', () => {
    const plain = device.browser.post('/common/oauth2/token', new URLSearchParams(request).toString());
    expect(JSON.parse(textOf(plain))).toMatchObject({ error_codes: [140001] });
    for (const [claims, key] of [
      [request, Buffer.alloc(32)],
      [{ ...request, refresh_token: 'x' }, sessionKey],
    ] as const) {
      expect(JSON.parse(textOf(ask(claims, key)))).toMatchObject({ error_codes: [140001] });
    }
    expect(JSON.parse(textOf(ask({ ...request, client_id: 'x' }, sessionKey)))).toMatchObject({
      error_codes: [700016],
    });
    expect(JSON.parse(textOf(ask({ ...request, resource: 'urn:x' }, sessionKey)))).toMatchObject({
      error_codes: [500011],
    });
  });

  it('a page knows who is signed in, by a header that the session key signed', () => {
    const header = (key: Uint8Array, request_nonce = device.nonce()): Record<string, string> => ({
      'x-ms-refreshtokencredential': signWithSessionKey({ refresh_token, request_nonce }, key, new Uint8Array(24)),
    });
    const hello = { amr_values: 'ngcmfa' };
    expect(shows(device.browser.authorize(hello, header(sessionKey)))).toBe('multifactor');
    expect(shows(device.browser.authorize(hello, header(Buffer.alloc(32))))).toBe('sign-in');
    const used = header(sessionKey);
    expect(shows(device.browser.authorize(hello, used))).toBe('multifactor');
    expect(shows(device.browser.authorize(hello, used))).toBe('sign-in');
    expect(shows(device.browser.authorize(hello, { 'x-ms-refreshtokencredential': refresh_token }))).toBe('sign-in');
  });
});
