import { describe, expect, it } from 'vitest';
import {
  joinAttribute,
  parseJoinError,
  parseJoinRequest,
  parseJoinResponse,
  parseRegistrationDiscovery,
  writeJoinRequest,
  writeJoinResponse,
  writeRegistrationDiscovery,
} from './device-registration.ts';

const request = {
  certificateRequest: Uint8Array.of(0x30, 0x00),
  transportKey: Buffer.from('RSA1'),
  targetDomain: 'contoso.example',
  deviceType: 'Windows',
  osVersion: '10.0.22631.3007',
  deviceDisplayName: 'DESKTOP-1',
  joinType: 0,
  attributes: { ReuseDevice: 'true', ReturnClientSid: 'true', 'MSA-DDID': 'dGlja2V0' },
};

describe('join request', () => {
  it('is written as public clients write it', async () => {
    await expect(writeJoinRequest(request)).toMatchFileSnapshot('../fixtures/golden-join-request.txt');
  });

  it('is read with names in any case', () => {
    const other = JSON.stringify({
      certificaterequest: { TYPE: 'PKCS10', data: 'MAA=' },
      transportkey: 'UlNBMQ==',
      JOINTYPE: 4,
      Attributes: { reuseDevice: 'true', count: 1 },
      SharedDevice: true,
    });
    const read = parseJoinRequest(other);
    expect(read).toMatchObject({
      ok: true,
      value: { joinType: 4, targetDomain: '', attributes: { reuseDevice: 'true' } },
    });
    if (read.ok) expect(joinAttribute(read.value, 'ReuseDevice')).toBe('true');
  });

  it('is refused for another request type, broken base64 and a flood of attributes', () => {
    const written = writeJoinRequest(request);
    const reason = (text: string): unknown => {
      const read = parseJoinRequest(text);
      return read.ok ? 'accepted' : read.error.reason;
    };
    expect(reason(written.replace('pkcs10', 'cmc'))).toBe('"CertificateRequest.Type" is not "pkcs10": cmc');
    expect(reason(written.replace('UlNBMQ==', '***'))).toBe('"TransportKey" is not base64');
    const attributes = Object.fromEntries(Array.from({ length: 33 }, (_, index) => [`a${index}`, 'x']));
    expect(reason(writeJoinRequest({ ...request, attributes }))).toBe('"attributes" has too many members');
  });
});

describe('join response', () => {
  it('carries certificate and group changes', async () => {
    const written = writeJoinResponse({
      certificate: Uint8Array.of(1, 2, 3),
      thumbprint: '7037807198C22A7D2B0807371D763779A84FDFCF',
      upn: 'ada@contoso.example',
      membershipChanges: [{ localSid: 'S-1-5-32-544', addSids: ['S-1-12-1-1-2-3-4'] }],
    });
    await expect(written).toMatchFileSnapshot('../fixtures/golden-join-response.txt');
  });

  it('ignores MembershipChanges that are a single object, as [MS-DVRJ] has it', () => {
    const text =
      '{"Certificate":{"Thumbprint":"","RawBody":"AQID"},"User":{"Upn":"u"},"MembershipChanges":{"LocalSID":"x"}}';
    expect(parseJoinResponse(text)).toMatchObject({ ok: true, value: { upn: 'u', membershipChanges: [] } });
    expect(parseJoinResponse('{"Certificate":{"RawBody":"?"}}')).toMatchObject({
      error: { reason: '"Certificate.RawBody" is not base64' },
    });
  });
});

describe('join error', () => {
  it('is read as the event log of Windows shows it', () => {
    const text = '{"ErrorType":"DirectoryError","Message":"not found","TraceId":"t","Time":"2026-01-01 00:00:00Z"}';
    expect(parseJoinError(text)).toEqual({
      ok: true,
      value: { errorType: 'DirectoryError', message: 'not found', traceId: 't', time: '2026-01-01 00:00:00Z' },
    });
    expect(parseJoinError('{}')).toMatchObject({ error: { reason: '"ErrorType" is missing' } });
  });
});

describe('registration discovery', () => {
  const discovery = {
    AuthenticationService: {
      OAuth2: { AuthCodeEndpoint: 'https://login.example/a', TokenEndpoint: 'https://login.example/t' },
    },
    DeviceJoinService: {
      JoinEndpoint: 'https://join.example/EnrollmentServer/device/',
      JoinResourceId: 'urn:r',
      ServiceVersion: '2.0',
    },
    TenantInfo: { TenantId: 't', TenantName: 'contoso.example', DisplayName: 'Contoso' },
  };

  it('needs the join endpoint and the sign-in endpoints', async () => {
    await expect(writeRegistrationDiscovery(discovery)).toMatchFileSnapshot(
      '../fixtures/golden-registration-discovery.txt',
    );
    expect(parseRegistrationDiscovery(writeRegistrationDiscovery(discovery))).toEqual({ ok: true, value: discovery });
    expect(parseRegistrationDiscovery('{"DeviceJoinService":{}}')).toMatchObject({
      error: { reason: '"AuthenticationService" is missing' },
    });
  });
});
