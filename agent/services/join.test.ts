// The clients of device registration against scripted replies: what they send, and the HRESULT that Windows shows.
import { describe, expect, it } from 'vitest';
import { DEVICE_MODELS } from '../../catalog/device-models.ts';
import { writeRegistrationDiscovery } from '../../protocol/sign-in/device-registration.ts';
import { encodeRsaPublicBlob } from '../../protocol/pki/rsa-blob.ts';
import { deviceIdentity } from '../identity/device-identity.ts';
import { keyPool } from '../identity/keys.ts';
import { codeOf, scripted } from './fixtures/scripted-network.ts';
import { discoverJoin, registerDevice, unregisterDevice } from './join.ts';
import { registerHelloKey } from './windows-hello.ts';

const IDENTITY = deviceIdentity('join test', 0, DEVICE_MODELS['simbook-15'], 0);
const key = (purpose: 'device' | 'transport' | 'hello') => keyPool('pool').deviceKey('join test', 0, purpose);

describe('discovery', () => {
  const service = { JoinEndpoint: 'https://drs/device/', JoinResourceId: 'r', ServiceVersion: '2.0' };
  const discovery = {
    AuthenticationService: { OAuth2: { AuthCodeEndpoint: 'https://a', TokenEndpoint: 'https://t' } },
    DeviceJoinService: service,
  };
  const keys = { KeyProvisionEndpoint: 'https://drs/key/', KeyProvisionResourceId: 'r', ServiceVersion: '1.0' };

  it('finds where to join and where keys go', async () => {
    const found = async (text: string) => discoverJoin(scripted({ body: text }).network, 'x');
    expect(await found(writeRegistrationDiscovery({ ...discovery, KeyProvisioningService: keys }))).toMatchObject({
      value: { endpoint: 'https://drs/device/', keyEndpoint: 'https://drs/key/' },
    });
    expect(await found(writeRegistrationDiscovery(discovery))).toMatchObject({
      value: { keyEndpoint: '/EnrollmentServer/key/' },
    });
  });

  it.each([
    [404, '0x801c000c'],
    [500, '0x801c000c'],
    [200, '0x801c000c'],
    [400, '0x801c0012'],
    [302, '0x801c000b'],
  ])('takes status %i without a document for %s', async (status, code) => {
    expect(codeOf(await discoverJoin(scripted({ status, body: '{}' }).network, 'x'))).toBe(code);
  });
});

describe('the join', () => {
  it.each([
    [401, '', '0x801c0002'],
    [400, '{"ErrorType":"AuthenticationError","Message":"m"}', '0x801c0002'],
    [403, '{"ErrorType":"AuthorizationError","Message":"m"}', '0x801c0003'],
    [403, '', '0x801c0003'],
    [500, '{"ErrorType":"SqlError","Message":"m"}', '0x801c0006'],
    [500, '{"ErrorType":"CertificateAuthorityError","Message":"m"}', '0x801c0006'],
    [400, '{"ErrorType":"UnknownError","Message":"m"}', '0x801c0006'],
    [302, '', '0x801c000b'],
    [400, '{"ErrorType":"AuthorizationError","Message":"DeviceCapReached"}', '0x801c000e'],
    [400, '{"ErrorType":"DeviceCapReached"}', '0x801c000e'],
    [400, '{"ErrorType":"invalid_request","Subcode":"error_aik_certificate"}', '0x801c0010'],
    [400, '{"ErrorType":"invalid_request","Subcode":"error_transport_key_attestation"}', '0x801c0011'],
    [403, '{"ErrorType":"AuthorizationError","Subcode":"error_device_not_authorized"}', '0x801c03ea'],
    [500, 'oops', '0x801c03eb'],
    [500, '{"ErrorType":"SomethingNew"}', '0x801c03eb'],
    [500, '{"ErrorType":"constructor"}', '0x801c03eb'],
    [500, '{"ErrorType":"internal_server_error","Message":"m"}', '0x801c03ec'],
    [400, '{"ErrorType":"InvalidParameter","Message":"m"}', '0x801c03ed'],
    [400, '{"ErrorType":"invalid_request","Message":"m"}', '0x801c03ed'],
    [403, '{"ErrorType":"AuthorizationError","Message":"Administrator policy does not allow user"}', '0x801c03ed'],
    [400, '{"ErrorType":"invalid_request","Subcode":"error_attestation"}', '0x801c03ee'],
    [400, '{"ErrorType":"invalid_request","Subcode":"error_aik_certificate_expired"}', '0x801c03ef'],
    [400, '{"ErrorType":"DirectoryError","Message":"The device object by the given id is not found."}', '0x801c03f2'],
    [400, '{"ErrorType":"DirectoryError","Subcode":"error_missing_device","Message":"not found"}', '0x801c03f3'],
    [200, 'oops', '0x801c0001'],
    [200, '{"Certificate":{"Thumbprint":"00","RawBody":"MAA="},"User":{"Upn":"u"}}', '0x801c03e9'],
  ])('takes status %i with %s for %s', async (status, body, code) => {
    const { network, sent } = scripted({ status, body });
    const joined = await registerDevice(
      network,
      { endpoint: 'https://drs.example/EnrollmentServer/device/' },
      {
        accessToken: 'a',
        deviceToken: 'd',
        identity: IDENTITY,
        deviceKey: key('device'),
        transportKey: key('transport'),
        domain: 'x',
      },
    );
    expect(codeOf(joined)).toBe(code);
    expect(sent[0]?.target).toBe('https://drs.example/EnrollmentServer/device/?api-version=2.0');
    const request = JSON.parse(String(sent[0]?.body)) as { attributes: Record<string, string>; JoinType: number };
    expect(request.attributes).toMatchObject({ ReuseDevice: 'true', 'MSA-DDID': Buffer.from('d').toString('base64') });
    expect(request.JoinType).toBe(0);
  });
});

describe('the end of a join', () => {
  const leaving = { deviceId: 'id', certificate: new Uint8Array(3), deviceKey: key('device') };

  it('is asked for with the certificate of the device', async () => {
    const { network, sent, touched } = scripted({ status: 200 });
    expect(codeOf(await unregisterDevice(network, leaving))).toBe('ok');
    expect(sent).toMatchObject([{ method: 'DELETE', target: '/EnrollmentServer/device/id?api-version=1.0' }]);
    expect(touched).toEqual(['certificate join', 'close join']);
  });

  it('is refused with words', async () => {
    const body = '{"ErrorType":"AuthenticationError","Message":"m"}';
    expect(codeOf(await unregisterDevice(scripted({ status: 400, body }).network, leaving))).toBe('0x801c0002');
  });
});

describe('a Windows Hello key', () => {
  const register = (status: number, body: string) => {
    const { network, sent } = scripted({ status, body });
    const registration = { endpoint: 'https://drs/key/', accessToken: 'a', osVersion: '10.0.1.2' };
    return { sent, result: registerHelloKey(network, { ...registration, helloKey: key('hello') }) };
  };

  it('is sent as the blob of its public half', async () => {
    const { sent, result } = register(200, '{"kid":"k","upn":"u"}');
    expect(await result).toEqual({ ok: true, value: 'k' });
    expect(sent).toMatchObject([
      { operation: 'key', target: 'https://drs/key/?api-version=1.0', headers: { Accept: 'application/json' } },
    ]);
    const { kngc } = JSON.parse(String(sent[0]?.body)) as { kngc: string };
    const modulus = key('hello').modulus();
    const blob = encodeRsaPublicBlob({ modulus, exponent: Buffer.from('010001', 'hex') });
    expect(Buffer.from(kngc, 'base64').equals(blob)).toBe(true);
  });

  it.each([
    [401, '{"code":"authentication_error"}', '0x801c03ea'],
    [403, '{"error":{"code":"authorization_error"}}', '0x801c03ea'],
    [401, '{"code":"missing_device_id"}', '0x801c044d'],
    [401, '{"code":"invalid_request","message":"Multi-factor authentication is required"}', '0x801c03ed'],
    [500, '{"error":{"code":"internal_server_error"}}', '0x801c03ec'],
    [403, '', '0x801c03ea'],
    [500, 'oops', '0x801c03eb'],
    [200, '{"upn":"u"}', '0x801c03e9'],
  ])('that is answered with %i %s fails with %s', async (status, body, code) => {
    expect(codeOf(await register(status, body).result)).toBe(code);
  });
});
