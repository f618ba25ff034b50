import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  basicConstraints,
  buildCertificate,
  extendedKeyUsage,
  keyUsage,
  rawExtension,
  subjectAltNames,
} from '../pki/certificate.ts';
import { buildCertificateRequest } from '../pki/certificate-request.ts';
import { OID } from '../encoding/object-identifiers.ts';
import { encodeRsaPublicKeyInfo } from '../pki/public-key-info.ts';
import type { Signer } from '../pki/signer.ts';
import { signToken } from '../sign-in/token.ts';
import {
  enrollmentContextItems,
  writeRequestSecurityToken,
  writeRequestSecurityTokenResponse,
} from '../enrollment/enrollment-token.ts';
import { writeGetPoliciesRequest } from '../enrollment/enrollment-policy.ts';
import { toPem } from '../encoding/pem.ts';
import { writeProvisioningDocument } from '../enrollment/provisioning-document.ts';
import { encodeTpm2bPublic, rsaEkPublic } from '../autopilot/tpm-public.ts';
import { PROTOCOL_EXPLAINERS } from './explain.ts';
import type { InspectKind } from './explainer.ts';
import { guessKind } from './guess.ts';

const modulus = new Uint8Array(256).fill(0xc1);
const signer: Signer = {
  algorithm: 'RS256',
  publicKeyInfo: encodeRsaPublicKeyInfo(modulus),
  sign: () => new Uint8Array(256).fill(1),
};
const certificate = buildCertificate(
  {
    serial: Uint8Array.of(0x12, 0x34),
    subject: [{ type: 'CN', value: 'device' }],
    issuer: [
      { type: 'O', value: 'Contoso' },
      { type: 'CN', value: 'CA' },
    ],
    notBeforeMs: 1_767_225_600_000,
    notAfterMs: 2_082_758_400_000,
    publicKeyInfo: signer.publicKeyInfo,
    extensions: [
      basicConstraints(true, 1),
      keyUsage('digitalSignature', 'keyCertSign'),
      extendedKeyUsage(OID.clientAuth),
      subjectAltNames([
        { type: 'dns', value: 'a.example' },
        { type: 'ip', value: '127.0.0.1' },
      ]),
      rawExtension(OID.deviceId, Buffer.from('ff19966f868b11d0b42d00c04fc964ff', 'hex')),
      rawExtension('1.2.3.4', Uint8Array.of(5, 0)),
    ],
  },
  signer,
);
const request = buildCertificateRequest(
  { subject: [{ type: 'CN', value: '{guid}!hwdevid' }], publicKeyInfo: signer.publicKeyInfo },
  signer,
);
const token = signToken({ upn: 'ada@contoso.example', exp: 1_767_225_600, aud: 'urn:a' }, signer, 'key-1');

const provisioning = writeProvisioningDocument({
  rootCertificates: [],
  intermediateCertificates: [],
  clientCertificate: { store: 'System', certificate },
  renew: { roboSupport: true, renewPeriodDays: 60, retryIntervalDays: 4 },
  application: {
    providerId: 'P',
    name: 'N',
    address: 'https://manage.example/',
    clientCertificateSearch: { subject: 'CN=device', stores: 'My\\System' },
    authentications: [{ level: 'APPSRV', type: 'BASIC', name: 'dummy', secret: 'hidden-secret' }],
  },
  dmClient: { providerId: 'P' },
});

/** JSON whose members a test names as it goes. */
interface Shown {
  readonly [member: string]: Shown;
}

/** As JSON shows it. */
function explain(kind: Exclude<InspectKind, 'frame'>, input: string | Uint8Array): Shown {
  const explained = PROTOCOL_EXPLAINERS[kind](typeof input === 'string' ? Buffer.from(input) : input);
  if (!explained.ok) throw new Error(`${explained.error.offset}: ${explained.error.reason}`);
  expect(Object.keys(explained.value)[0]).toBe('kind');
  expect(explained.value.kind).toBe(kind);
  return JSON.parse(JSON.stringify(explained.value)) as Shown;
}

/** The member at the end of a path. */
function at(shown: Shown, path: string): Shown {
  let found = shown;
  for (const name of path.split('/')) found = found[name]!;
  return found;
}

describe('certificate', () => {
  it('is explained with the names of RFC 5280', () => {
    const explained = explain('certificate', certificate);
    expect(explained).toMatchObject({
      serialNumber: '1234',
      signatureAlgorithm: 'sha256WithRsaEncryption',
      issuer: 'O=Contoso, CN=CA',
      validity: { notBefore: '2026-01-01T00:00:00Z', notAfter: '2036-01-01T00:00:00Z' },
      subject: 'CN=device',
      subjectPublicKeyInfo: { algorithm: 'rsaEncryption', keyBits: 2048, publicExponent: 65537 },
    });
    const extensions = Object.values(at(explained, 'extensions'));
    expect(extensions.map((extension) => [extension['name'], extension['extnValue']])).toEqual([
      ['basicConstraints', { cA: true, pathLenConstraint: 1 }],
      ['keyUsage', ['digitalSignature', 'keyCertSign']],
      ['extendedKeyUsage', ['clientAuth']],
      ['subjectAltName', [{ dNSName: 'a.example' }, { iPAddress: '127.0.0.1' }]],
      ['deviceId', '6f9619ff-8b86-d011-b42d-00c04fc964ff'],
      [undefined, '0500'],
    ]);
  });

  it('is taken as DER, base64 and PEM, a chain too', () => {
    const pem = toPem('CERTIFICATE', certificate);
    const same = explain('certificate', certificate);
    expect(explain('certificate', Buffer.from(certificate).toString('base64'))).toEqual(same);
    expect(explain('certificate', pem)).toEqual(same);
    expect(explain('certificate', `${pem}\n${pem}`)['chain']).toEqual([same]);
    const key = PROTOCOL_EXPLAINERS.certificate(Buffer.from(toPem('PRIVATE KEY', certificate)));
    expect(key).toMatchObject({
      error: { reason: 'no PEM block is labelled CERTIFICATE or X509 CERTIFICATE or TRUSTED CERTIFICATE' },
    });
  });
});

describe('certificate-request', () => {
  it('shows the subject that Windows makes', () => {
    expect(explain('certificate-request', request)).toMatchObject({
      subject: 'CN={guid}!hwdevid',
      subjectPKInfo: { keyBits: 2048 },
    });
  });
});

describe('tpm-public', () => {
  it('has the fields of TPMT_PUBLIC', () => {
    expect(explain('tpm-public', encodeTpm2bPublic(rsaEkPublic(modulus)))).toMatchObject({
      type: 'TPM_ALG_RSA',
      nameAlg: 'TPM_ALG_SHA256',
      objectAttributes: {
        value: '0x000300b2',
        set: ['fixedTPM', 'fixedParent', 'sensitiveDataOrigin', 'adminWithPolicy', 'restricted', 'decrypt'],
      },
      parameters: {
        symmetric: { algorithm: 'TPM_ALG_AES', keyBits: 128, mode: 'TPM_ALG_CFB' },
        keyBits: 2048,
        exponent: 65537,
      },
      unique: 'c1'.repeat(256),
      name: expect.stringMatching(/^000b[0-9a-f]{64}$/),
    });
  });
});

describe('token', () => {
  it('shows header, claims and dates but no signature', () => {
    const explained = explain('token', `${token}\n`);
    expect(explained).toMatchObject({
      header: { alg: 'RS256', kid: 'key-1' },
      claims: { upn: 'ada@contoso.example' },
      times: { exp: '2026-01-01T00:00:00Z' },
    });
    expect(JSON.stringify(explained)).not.toContain(token.slice(token.lastIndexOf('.') + 1));
  });
});

describe('soap', () => {
  const to = { messageId: 'urn:uuid:1', to: 'https://enroll.example/' };
  const contextItems = enrollmentContextItems({
    applicationVersion: '10.0',
    osVersion: '10.0',
    osEdition: 4,
    deviceName: 'DESKTOP-1',
    deviceId: 'd',
    hardwareDeviceId: 'h',
    macAddresses: ['a', 'b'],
    locale: 'en-US',
    requestVersion: '5.0',
  });

  it('explains a request with what is embedded in it', () => {
    const envelope = writeRequestSecurityToken(
      { token: { kind: 'jwt', token }, certificateRequest: request, contextItems },
      to,
    );
    const explained = explain('soap', envelope);
    expect(explained).toMatchObject({
      Action: 'http://schemas.microsoft.com/windows/pki/2009/01/enrollment/RST/wstep',
      MessageID: 'urn:uuid:1',
      ReplyTo: { Address: 'http://www.w3.org/2005/08/addressing/anonymous' },
      To: 'https://enroll.example/',
      Security: { BinarySecurityToken: { Token: { kind: 'token', claims: { upn: 'ada@contoso.example' } } } },
      Body: {
        RequestSecurityToken: {
          BinarySecurityToken: { CertificateRequest: { kind: 'certificate-request', subject: 'CN={guid}!hwdevid' } },
          AdditionalContext: { ContextItem: { DeviceName: 'DESKTOP-1', MAC: ['a', 'b'], NotInOobe: 'false' } },
        },
      },
    });
    expect(JSON.stringify(explained)).not.toContain(Buffer.from(token).toString('base64').slice(40, 80));
  });

  it('explains a response down to the issued certificate', () => {
    const envelope = writeRequestSecurityTokenResponse(
      { provisioningDocument: provisioning, requestId: '0' },
      { relatesTo: 'urn:uuid:1' },
    );
    const document = at(
      explain('soap', envelope),
      'Body/RequestSecurityTokenResponseCollection/RequestSecurityTokenResponse/RequestedSecurityToken' +
        '/BinarySecurityToken/ProvisioningDocument',
    );
    expect(document['kind']).toBe('provisioning-document');
    const [issued] = Object.values(at(document, 'CertificateStore/My/System'));
    expect(at(issued!, 'EncodedCertificate')).toMatchObject({
      kind: 'certificate',
      subject: 'CN=device',
    });
  });

  it('masks passwords and names the HRESULT of a fault', () => {
    const security = { kind: 'username' as const, username: 'ada', password: 'open sesame' };
    const explained = explain('soap', writeGetPoliciesRequest({}, { ...to, security }));
    expect(at(explained, 'Security/UsernameToken')).toEqual({
      Username: 'ada',
      Password: '(11 characters, not shown)',
    });
    expect(at(explained, 'Body/GetPolicies')).toEqual({
      client: { lastUpdate: null, preferredLanguage: null },
      requestFilter: null,
    });
    const fault = readFileSync(new URL('../fixtures/golden-fault.xml', import.meta.url), 'utf8');
    expect(at(explain('soap', fault), 'Body/Fault')).toMatchObject({
      Code: { Subcode: { Value: 's:Authorization' } },
      Detail: { DeviceEnrollmentServiceError: { ErrorType: 'DeviceCapReached' } },
      HRESULT: '0x80180013',
    });
  });

  it('says of a broken embedded artefact what is wrong and explains the rest', () => {
    const envelope = writeRequestSecurityToken(
      { token: { kind: 'jwt', token: 'x' }, certificateRequest: Uint8Array.of(1), contextItems },
      to,
    );
    const explained = explain('soap', envelope);
    expect(at(explained, 'Security/BinarySecurityToken/Token/malformed')).toContain('exactly three parts');
    expect(at(explained, 'Body/RequestSecurityToken/BinarySecurityToken/CertificateRequest/malformed')).toContain(
      'offset',
    );
  });
});

describe('provisioning-document', () => {
  it('shows characteristics by type, numbers as numbers, and no secret', () => {
    const explained = explain('provisioning-document', provisioning);
    expect(explained).toMatchObject({
      version: '1.1',
      CertificateStore: { My: { WSTEP: { Renew: { ROBOSupport: true, RenewPeriod: 60, RetryInterval: 4 } } } },
      APPLICATION: {
        'PROVIDER-ID': 'P',
        ADDR: 'https://manage.example/',
        APPAUTH: { AAUTHSECRET: '(13 characters, not shown)' },
      },
    });
    expect(JSON.stringify(explained)).not.toContain('hidden-secret');
  });

  it("keeps what the typed parser ignores, in another server's document", () => {
    const foreign = readFileSync(new URL('../fixtures/foreign-provisioning-document.xml', import.meta.url), 'utf8');
    const explained = explain('provisioning-document', foreign);
    expect(at(explained, 'DMClient/Provider/Fabrikam MDM/CustomEnrollmentCompletePage')).toEqual({ Title: 'Welcome' });
    expect(explained['APPLICATION']).toHaveLength(2);
  });
});

describe('syncml', () => {
  const job = readFileSync(new URL('../fixtures/golden-msi-job.xml', import.meta.url), 'utf8');
  const escaped = job.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  const message =
    '<SyncML xmlns="SYNCML:SYNCML1.2"><SyncHdr><VerDTD>1.2</VerDTD><VerProto>DM/1.2</VerProto><SessionID>1</SessionID>' +
    '<MsgID>2</MsgID><Target><LocURI>server</LocURI></Target><Source><LocURI>device</LocURI></Source></SyncHdr><SyncBody>' +
    '<Status><CmdID>1</CmdID><MsgRef>1</MsgRef><CmdRef>0</CmdRef><Cmd>SyncHdr</Cmd><Data>200</Data></Status>' +
    '<Alert><CmdID>2</CmdID><Data>1224</Data><Item><Meta><Type xmlns="syncml:metinf">com.microsoft/MDM/AADUserToken</Type></Meta>' +
    `<Data>${Buffer.from(token).toString('base64')}</Data></Item></Alert>` +
    `<Exec><CmdID>3</CmdID><Item><Target><LocURI>./x</LocURI></Target><Data>${escaped}</Data></Item></Exec>` +
    '<Atomic><CmdID>4</CmdID><Get><CmdID>5</CmdID><Item><Target><LocURI>./y</LocURI></Target></Item></Get></Atomic>' +
    '<Final/></SyncBody></SyncML>';

  it('shows header and commands by name, embedded artefacts in words, and no token', () => {
    const explained = explain('syncml', message);
    expect(explained['SyncHdr']).toMatchObject({ VerDTD: '1.2', MsgID: 2, Source: { LocURI: 'device' } });
    expect(explained['SyncBody']).toMatchObject({
      Status: [{ CmdID: '1', Cmd: 'SyncHdr', Data: 200 }],
      Alert: [{ CmdID: '2', Data: 1224, Item: [{ Data: { kind: 'token', claims: { aud: 'urn:a' } } }] }],
      Exec: [{ CmdID: '3', Item: [{ Target: { LocURI: './x' }, Data: { kind: 'msi-job' } }] }],
      Atomic: [{ CmdID: '4', Get: [{ CmdID: '5', Item: [{ Target: { LocURI: './y' } }] }] }],
      Final: true,
    });
    expect(JSON.stringify(explained)).not.toContain(Buffer.from(token).toString('base64').slice(40, 80));
  });
});

describe('profile', () => {
  it('names the bits and opens the nested JSON', () => {
    const text = readFileSync(new URL('../fixtures/golden-profile.txt', import.meta.url), 'utf8');
    expect(explain('profile', text)).toMatchObject({
      CloudAssignedTenantDomain: 'contoso.example',
      CloudAssignedOobeConfig: { value: 1310, set: expect.arrayContaining(['skipEula', 'skipKeyboard']) },
      CloudAssignedAadServerData: { ZeroTouchConfig: { ForcedEnrollment: 1 } },
    });
  });

  it('takes the offline file, with a byte order mark, and refuses other JSON', () => {
    expect(explain('profile', '\ufeff{"CloudAssignedTenantId":"t","Version":2049}')).toMatchObject({ Version: 2049 });
    const utf16 = Buffer.concat([Buffer.of(0xff, 0xfe), Buffer.from('{"CloudAssignedTenantId":"t"}', 'utf16le')]);
    expect(explain('profile', utf16)).toMatchObject({ CloudAssignedTenantId: 't' });
    expect(PROTOCOL_EXPLAINERS.profile(Buffer.from('{}'))).toMatchObject({ ok: false });
    expect(
      PROTOCOL_EXPLAINERS.profile(Buffer.from('{"ZtdRegistrationId":1,"CloudAssignedTenantId":"t"}')),
    ).toMatchObject({
      error: { reason: '"ZtdRegistrationId" is not a string' },
    });
  });
});

describe('guessKind', () => {
  const hash = Buffer.concat([Buffer.of(0x4f, 0x41, 8, 0, 1, 0, 0x1c, 0), Buffer.alloc(64)]);
  const cases: readonly (readonly [InspectKind | undefined, string | Uint8Array])[] = [
    ['soap', '<?xml version="1.0"?><!-- <SyncML> --><s:Envelope xmlns:s="x"/>'],
    ['syncml', '\ufeff  <SyncML xmlns="SYNCML:SYNCML1.2">'],
    ['provisioning-document', '<wap-provisioningdoc version="1.1"/>'],
    ['msi-job', '<MsiInstallJob id="x">'],
    ['profile', ' { "CloudAssignedTenantId": "t" }'],
    ['certificate', certificate],
    ['certificate', Buffer.from(certificate).toString('base64')],
    ['certificate', toPem('CERTIFICATE', certificate)],
    ['certificate-request', request],
    ['certificate-request', toPem('NEW CERTIFICATE REQUEST', request)],
    ['certificate', certificate.subarray(0, 100)],
    ['tpm-public', encodeTpm2bPublic(rsaEkPublic(modulus))],
    ['tpm-public', Buffer.from(encodeTpm2bPublic(rsaEkPublic(modulus))).toString('base64')],
    ['token', token],
    ['registration-csv', 'Device Serial Number,Windows Product ID,Hardware Hash\n'],
    ['hardware-hash', hash],
    ['hardware-hash', hash.toString('base64')],
    ['hardware-hash', `${hash.toString('base64').slice(0, 30)}*`],
    ['frame', Buffer.of(0x9b, 1, 0)],
    [undefined, ''],
    [undefined, 'OAuth is text'],
    [undefined, '{"a":1}'],
    [undefined, '<html>'],
    [undefined, 'hello world'],
  ];

  it.each(cases)('says %s', (kind, input) => {
    expect(guessKind(typeof input === 'string' ? Buffer.from(input) : input)).toBe(kind);
  });
});
