import { constants, createPrivateKey, generateKeyPairSync, privateDecrypt, sign, X509Certificate } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { HOUR_MS } from '../../kernel/units.ts';
import {
  basicConstraints,
  buildCertificate,
  extendedKeyUsage,
  extensionValue,
  keyUsage,
  parseCertificate,
  subjectAltNames,
} from '../../protocol/pki/certificate.ts';
import type { Extension } from '../../protocol/pki/certificate.ts';
import { buildCertificateRequest } from '../../protocol/pki/certificate-request.ts';
import { openEnvelopedData, parseEnvelopedData, writeEnvelopedData } from '../../protocol/pki/cms-enveloped.ts';
import { isSignedWith } from '../../protocol/pki/cms-signed.ts';
import { OID } from '../../protocol/encoding/object-identifiers.ts';
import { openPkcs12, parsePkcs12 } from '../../protocol/pki/pkcs12.ts';
import { rsaPublicKey } from '../../protocol/pki/rsa.ts';
import {
  FAIL_INFO,
  MESSAGE_TYPE,
  parseScepCapabilities,
  parseScepCertificates,
  parseScepMessage,
  PKI_STATUS,
  writeScepMessage,
} from '../../protocol/pki/scep.ts';
import type { ScepMessage } from '../../protocol/pki/scep.ts';
import type { Signer } from '../../protocol/pki/signer.ts';
import { testRequest, testTenant } from '../fixtures/tenant.ts';
import type { TestTenant } from '../fixtures/tenant.ts';
import type { BackendService, Reply } from '../http/message.ts';
import { adminToken } from '../login/token-endpoint.ts';
import { scepChallenge } from './challenge.ts';
import { pfxFor } from './pfx.ts';
import { certificatesService, SCEP_PATHS } from './service.ts';

const ORDER = { managedDeviceId: 'device-1', scope: 'device', number: 1 } as const;

function makeClientKey(): { signer: Signer; decrypt: (bytes: Uint8Array) => Uint8Array } {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return {
    signer: {
      algorithm: 'RS256',
      publicKeyInfo: publicKey.export({ type: 'spki', format: 'der' }),
      sign: (bytes) => sign('sha256', bytes, privateKey),
    },
    decrypt: (bytes) => privateDecrypt({ key: privateKey, padding: constants.RSA_PKCS1_PADDING }, bytes),
  };
}

const client = makeClientKey();
const other = makeClientKey();
let test: TestTenant;
let service: BackendService;
let authority: Uint8Array;

beforeAll(() => {
  test = testTenant();
  service = certificatesService(test.tenant);
  const bag = parseScepCertificates(call('GET', 'operation=GetCACert').body as Uint8Array);
  if (!bag.ok) throw new Error(bag.error.reason);
  authority = bag.value[0]!;
});

function call(method: 'GET' | 'POST', query: string, body?: Uint8Array, path: string = SCEP_PATHS[0]): Reply {
  const route = service.routes.find((candidate) => candidate.method === method && candidate.path === path)!;
  const text = body === undefined ? {} : { body: Buffer.from(body).toString('latin1') };
  return route.handle(testRequest({ method, path, query: new URLSearchParams(query), ...text }));
}

function selfSigned(key: Signer): Uint8Array {
  const name = [{ type: 'CN', value: 'client' }];
  const validity = { notBeforeMs: 0, notAfterMs: HOUR_MS };
  return buildCertificate(
    {
      serial: Uint8Array.of(1),
      subject: name,
      issuer: name,
      ...validity,
      publicKeyInfo: key.publicKeyInfo,
      extensions: [],
    },
    key,
  );
}

interface Asking {
  readonly challenge?: string;
  readonly key?: Signer;
  readonly sender?: Signer;
  readonly extensions?: readonly Extension[];
  readonly transactionId?: string;
  readonly messageType?: string;
  readonly recipient?: Uint8Array;
}

function ask(asking: Asking): Uint8Array {
  const { key = client.signer, sender = key, recipient = authority } = asking;
  const request = buildCertificateRequest(
    {
      subject: [{ type: 'CN', value: 'asked for' }],
      publicKeyInfo: key.publicKeyInfo,
      extensions: asking.extensions ?? [],
      challengePassword: asking.challenge ?? scepChallenge(test.tenant, ORDER),
    },
    key,
  );
  const certificate = parseCertificate(authority);
  if (!certificate.ok) throw new Error(certificate.error.reason);
  const envelope = writeEnvelopedData({
    content: request,
    recipient: { certificate: recipient, key: rsaPublicKey(certificate.value.publicKeyInfo)! },
    cipher: 'aes-256-cbc',
    random: (length) => new Uint8Array(length).fill(7),
  });
  const { messageType = MESSAGE_TYPE.pkcsReq, transactionId = 'transaction' } = asking;
  return writeScepMessage(
    {
      messageType,
      transactionId,
      senderNonce: new Uint8Array(16).fill(9),
      envelope,
      signerCertificate: selfSigned(sender),
    },
    sender,
  );
}

function enroll(asking: Asking = {}): ScepMessage {
  const reply = call('POST', 'operation=PKIOperation', ask(asking));
  expect(reply).toMatchObject({ status: 200, headers: { 'content-type': 'application/x-pki-message' } });
  const message = parseScepMessage(reply.body as Uint8Array);
  if (!message.ok) throw new Error(message.error.reason);
  return message.value;
}

function certificateOf({ envelope }: ScepMessage, key = client): Uint8Array {
  const enveloped = parseEnvelopedData(envelope!);
  if (!enveloped.ok) throw new Error(enveloped.error.reason);
  const opened = openEnvelopedData(enveloped.value, selfSigned(key.signer), key);
  if (!opened.ok) throw new Error(opened.error.reason);
  const bag = parseScepCertificates(opened.value);
  if (!bag.ok) throw new Error(bag.error.reason);
  return bag.value[0]!;
}

describe('the SCEP service', () => {
  it('says what it can, and who it is', () => {
    const capabilities = parseScepCapabilities(call('GET', 'operation=GetCACaps').body as string);
    for (const name of ['postpkioperation', 'sha-256', 'aes']) expect(capabilities.has(name)).toBe(true);
    const reply = call('GET', 'operation=GetCACert&message=x', undefined, SCEP_PATHS[1]);
    expect(reply.headers?.['content-type']).toBe('application/x-x509-ca-ra-cert');
    const bag = parseScepCertificates(reply.body as Uint8Array);
    const [own, issuing, root] = bag.ok ? bag.value.map((der) => new X509Certificate(der)) : [];
    expect(own!.checkIssued(issuing!) && own!.verify(issuing!.publicKey)).toBe(true);
    expect(issuing!.checkIssued(root!) && issuing!.verify(root!.publicKey)).toBe(true);
    expect(Buffer.from(test.tenant.authorities.root.certificate)).toEqual(root!.raw);
  });

  it('issues what the request asks for, signed by the tenant and sealed for the key', () => {
    const extensions = [
      extendedKeyUsage(OID.clientAuth, '1.2.3'),
      subjectAltNames([{ type: 'dns', value: 'a.example' }]),
      keyUsage('digitalSignature'),
      basicConstraints(true),
    ];
    const message = enroll({ extensions });
    expect(message).toMatchObject({ messageType: '3', pkiStatus: '0', transactionId: 'transaction' });
    expect(message.recipientNonce).toEqual(new Uint8Array(16).fill(9));
    const own = parseCertificate(authority);
    expect(own.ok && isSignedWith(message.signer, message.signed, rsaPublicKey(own.value.publicKeyInfo)!)).toBe(true);
    const issued = new X509Certificate(certificateOf(message));
    expect(issued.verify(new X509Certificate(test.tenant.certificates.authority.certificate).publicKey)).toBe(true);
    expect(issued.subject).toBe('CN=asked for');
    expect(issued.subjectAltName).toBe('DNS:a.example');
    expect(issued.ca).toBe(false);
    expect(issued.keyUsage).toEqual([OID.clientAuth, '1.2.3']);
    const parsed = parseCertificate(issued.raw);
    const usage = parsed.ok && extensionValue(parsed.value.extensions, OID.keyUsage);
    expect(Buffer.from(usage as Uint8Array).toString('hex')).toBe('03020780');
  });

  it('takes requests in the query, too', () => {
    const message = encodeURIComponent(Buffer.from(ask({ transactionId: 'by get' })).toString('base64'));
    expect(call('GET', `operation=PKIOperation&message=${message}`)).toMatchObject({ status: 200 });
    expect(call('GET', 'operation=PKIOperation&message=*')).toMatchObject({ status: 400 });
    expect(call('GET', 'operation=GetNextCACert')).toMatchObject({ status: 400 });
    expect(call('POST', 'operation=PKIOperation', Buffer.from('no message'))).toMatchObject({ status: 400 });
  });

  it.each<[string, () => Asking, string, RegExp]>([
    ['a made-up challenge', () => ({ challenge: 'made-up' }), FAIL_INFO.badRequest, /challenge password is wrong/],
    [
      'another key than the sender has',
      () => ({ sender: other.signer }),
      FAIL_INFO.badMessageCheck,
      /not signed by the key/,
    ],
    [
      'an authority',
      () => ({ extensions: [keyUsage('keyCertSign')] }),
      FAIL_INFO.badRequest,
      /key usage of an authority/,
    ],
    ['another message type', () => ({ messageType: '22' }), FAIL_INFO.badRequest, /type 22/],
    [
      'an envelope for another',
      () => ({ recipient: selfSigned(other.signer) }),
      FAIL_INFO.badMessageCheck,
      /somebody else/,
    ],
  ])('refuses %s', (_name, asking, failInfo, text) => {
    const message = enroll(asking());
    expect(message).toMatchObject({ pkiStatus: PKI_STATUS.failure, failInfo, envelope: undefined });
    expect(message.failInfoText).toMatch(text);
  });

  it('takes a challenge once, but answers a lost reply again', () => {
    const challenge = scepChallenge(test.tenant, ORDER);
    const first = enroll({ challenge, transactionId: 'once' });
    const again = enroll({ challenge, transactionId: 'once' });
    const serial = (message: ScepMessage): string => new X509Certificate(certificateOf(message)).serialNumber;
    expect(serial(again)).toBe(serial(first));
    expect(enroll({ challenge, transactionId: 'twice' }).failInfoText).toMatch(/used before/);
    expect(challenge.length).toBeLessThanOrEqual(255);
  });

  it('gives a key to one device only', () => {
    const challenge = scepChallenge(test.tenant, { ...ORDER, managedDeviceId: 'device-2' });
    expect(enroll({ challenge }).failInfoText).toMatch(/Another device/);
    expect(enroll({ challenge, key: other.signer }).pkiStatus).toBe('0');
  });

  it('takes no challenge after an hour', async () => {
    const challenge = scepChallenge(test.tenant, ORDER);
    await test.clock.advance(HOUR_MS + 1);
    expect(enroll({ challenge })).toMatchObject({ pkiStatus: '2', failInfo: FAIL_INFO.badTime });
  });

  it('gives an administrator a challenge, and nobody else', () => {
    const page = service.routes.find(({ path }) => path.endsWith('mscep_admin'))!;
    const reply = page.handle(testRequest({ headers: { authorization: `Bearer ${adminToken(test.tenant)}` } }));
    const [, challenge = ''] = /id="challenge">([^<]+)</.exec(reply.body as string) ?? [];
    expect(enroll({ challenge, key: makeClientKey().signer, transactionId: 'admin' }).pkiStatus).toBe('0');
    expect(page.handle(testRequest()).status).toBe(401);
  });
});

describe('pfxFor', () => {
  const order = { ...ORDER, upn: 'user1@x.example' };

  it('makes a key with its certificate, under a password of its own', () => {
    const { blob, password } = pfxFor(test.tenant, order);
    const parsed = parsePkcs12(blob);
    const opened = parsed.ok ? openPkcs12(parsed.value, password) : undefined;
    if (opened?.ok !== true) throw new Error('not opened');
    const [own, issuing] = opened.value.certificates.map((der) => new X509Certificate(der));
    const key = createPrivateKey({ key: Buffer.from(opened.value.privateKeys[0]!), format: 'der', type: 'pkcs8' });
    expect(own!.checkPrivateKey(key)).toBe(true);
    expect(own!.checkIssued(issuing!)).toBe(true);
    expect(own!.subject).toContain('SIMULATED');
    expect(pfxFor(test.tenant, { ...order, number: 2 }).password).not.toBe(password);
    expect(pfxFor(test.tenant, order).password).toBe(password);
  });

  it('names the user in the user scope', () => {
    const { blob, password } = pfxFor(test.tenant, { ...order, scope: 'user' });
    const parsed = parsePkcs12(blob);
    const opened = parsed.ok ? openPkcs12(parsed.value, password) : undefined;
    expect(opened?.ok === true && new X509Certificate(opened.value.certificates[0]!).subject).toContain(order.upn);
  });
});
