import { constants, generateKeyPairSync, privateDecrypt } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { NO_CONTENT } from '../../catalog/content.ts';
import type { Win32AppContent } from '../../catalog/content.ts';
import { parseAppPolicies } from '../../protocol/extension/app-policies.ts';
import { writeAppReport } from '../../protocol/extension/app-report.ts';
import { openEnvelopedData, parseEnvelopedData } from '../../protocol/pki/cms-enveloped.ts';
import { parseContentInfo, parseContentKeys, writeContentInfoRequest } from '../../protocol/extension/content-info.ts';
import { sha1Thumbprint } from '../../protocol/encoding/digest.ts';
import {
  parseServiceAddresses,
  parseSessionReply,
  SERVICE_ADDRESSES_PATH,
  sessionUrl,
  writeSessionRequest,
} from '../../protocol/extension/management-extension.ts';
import type { EspPhase, SessionRequestType } from '../../protocol/extension/management-extension.ts';
import { issueMdmCertificate } from '../enrollment/mdm-certificate.ts';
import { testRequest, testTenant } from '../fixtures/tenant.ts';
import type { ClientCertificate, Reply } from '../http/message.ts';
import { Router } from '../http/router.ts';
import { gatewayService } from './service.ts';

const APP: Win32AppContent = {
  name: 'Reader',
  sizeBytes: 4_000,
  blocking: true,
  dependsOn: [],
  restart: 'by-exit-code',
};
const SESSION = '3b1c0e0a-0000-4000-8000-000000000001';

const [GROUP] = testTenant().tenant.config.groups;
const { tenant } = testTenant({
  groups: [{ ...GROUP!, esp: { ...GROUP!.esp, device: { ...NO_CONTENT, win32Apps: [APP] } } }],
});
const router = new Router(gatewayService(tenant).routes);

const keys = generateKeyPairSync('rsa', { modulusLength: 2048 });
const der = issueMdmCertificate(tenant, {
  managedDeviceId: '11111111-0000-4000-8000-000000000001',
  publicKeyInfo: keys.publicKey.export({ format: 'der', type: 'spki' }),
});
const certificate: ClientCertificate = { der, thumbprint: sha1Thumbprint(der) };
tenant.enrollments.add({
  managedDeviceId: '11111111-0000-4000-8000-000000000001',
  entraDeviceId: '22222222-0000-4000-8000-000000000001',
  thumbprint: certificate.thumbprint,
  upn: 'user0@flotilla.example',
  userIndex: 0,
  deviceName: 'DESKTOP-1',
});

function ask(
  request: { method?: string; url: string; body?: string },
  clientCertificate: ClientCertificate | undefined = certificate,
): Reply {
  const { pathname, searchParams } = new URL(request.url, 'https://gateway.test');
  const { method = 'PUT', body = '' } = request;
  return router.handle(testRequest({ method, path: pathname, query: searchParams, body, clientCertificate }));
}

function textOf({ body }: Reply): string {
  return typeof body === 'string' ? body : '';
}

const addresses = ask({ method: 'GET', url: SERVICE_ADDRESSES_PATH });
const located = parseServiceAddresses(textOf(addresses));
if (!located.ok) throw new Error(located.error.reason);
const gatewayUrl = located.value;

function session(type: SessionRequestType, payload: string, espPhase?: EspPhase, id = SESSION): Reply {
  const clientInfo = { deviceName: 'DESKTOP-1', operatingSystemVersion: '10.0', agentVersion: '1' };
  const body = writeSessionRequest({ sessionId: SESSION, type, payload, clientInfo, reason: 'ESP', espPhase });
  return ask({ url: sessionUrl(gatewayUrl, id), body });
}

function payloadOf(reply: Reply): string {
  const payload = parseSessionReply(textOf(reply));
  if (reply.status !== 200 || !payload.ok) throw new Error(`status ${reply.status}: ${textOf(reply)}`);
  return payload.value;
}

function policiesOf(reply: Reply) {
  const policies = parseAppPolicies(payloadOf(reply));
  if (!policies.ok) throw new Error(policies.error.reason);
  return policies.value;
}

describe('the gateway', () => {
  it('lets in enrolled devices only, by their certificate', () => {
    const stranger = { der, thumbprint: 'FF' };
    expect(ask({ method: 'GET', url: SERVICE_ADDRESSES_PATH }, stranger)).toMatchObject({ status: 403 });
    expect(textOf(ask({ url: sessionUrl(gatewayUrl, SESSION) }, stranger))).toContain('ClientCertificateUnknown');
    const without = router.handle(testRequest({ path: SERVICE_ADDRESSES_PATH }));
    expect(textOf(without)).toContain('ClientCertificateRequired');
  });

  it('sends what the page waits for, to a client that does not say where it is as in the device phase', () => {
    expect(policiesOf(session('GetSelectedApp', '[]')).map(({ name }) => name)).toEqual(['Reader']);
    expect(policiesOf(session('GetSelectedApp', '[]', 'AccountSetup'))).toEqual([]);
    expect(policiesOf(session('RequestApplication', '[]'))).toHaveLength(1);
  });

  it('gives the keys of an app to the holder of the certificate', () => {
    const [app] = policiesOf(session('GetSelectedApp', '[]'));
    const request = writeContentInfoRequest({ app: app!, certificate: der, espPhase: 'DeviceSetup' });
    const info = parseContentInfo(payloadOf(session('GetContentInfo', request)));
    if (!info.ok) throw new Error(info.error.reason);
    const file = tenant.content.win32App(APP);
    expect(info.value).toMatchObject({ uploadLocation: file.url, bytes: file.bytes });
    const envelope = parseEnvelopedData(info.value.envelope);
    if (!envelope.ok) throw new Error(envelope.error.reason);
    const opened = openEnvelopedData(envelope.value, der, {
      decrypt: (bytes) => privateDecrypt({ key: keys.privateKey, padding: constants.RSA_PKCS1_PADDING }, bytes),
    });
    if (!opened.ok) throw new Error(opened.error.reason);
    const read = parseContentKeys(Buffer.from(opened.value).toString());
    expect(read.ok && [...read.value.encryptionKey]).toEqual([...file.keys.encryptionKey]);
    expect(read.ok && [...read.value.iv]).toEqual([...file.keys.iv]);
    expect(String(info.value.envelope)).not.toContain('EncryptionKey');
  });

  it('gives them to nobody else', () => {
    const [app] = policiesOf(session('GetSelectedApp', '[]'));
    const other = writeContentInfoRequest({ app: app!, certificate: Uint8Array.of(1), espPhase: 'DeviceSetup' });
    expect(session('GetContentInfo', other)).toMatchObject({ status: 400 });
    const unknown = writeContentInfoRequest({ app: { ...app!, id: 'x' }, certificate: der, espPhase: 'DeviceSetup' });
    expect(session('GetContentInfo', unknown)).toMatchObject({ status: 404 });
    expect(session('GetContentInfo', '[]')).toMatchObject({ status: 400 });
  });

  it('counts what devices report', () => {
    const [app] = policiesOf(session('GetSelectedApp', '[]'));
    const report = { appId: app!.id, version: 1, state: 'error', errorCode: -5 } as const;
    expect(payloadOf(session('Win32AppResult', writeAppReport(report)))).toBe('');
    expect([tenant.appReports.of('Reader', 'error'), tenant.appReports.of('Reader', 'success')]).toEqual([1, 0]);
    expect(session('Win32AppResult', writeAppReport({ ...report, appId: 'x' }))).toMatchObject({ status: 404 });
    expect(session('Win32AppResult', '{}')).toMatchObject({ status: 400 });
    expect(tenant.appReports.count).toBe(1);
  });

  it('refuses a session that is none, or another than its address says', () => {
    expect(session('GetSelectedApp', '[]', undefined, '4b1c0e0a-0000-4000-8000-000000000001')).toMatchObject({
      status: 400,
    });
    expect(ask({ url: sessionUrl(gatewayUrl, SESSION), body: '{' })).toMatchObject({ status: 400 });
    expect(
      ask({ url: sessionUrl(gatewayUrl, SESSION), body: '{"RequestContentType":"PolicyRequest","SessionId":""}' }),
    ).toMatchObject({
      status: 400,
    });
    expect(ask({ url: `${gatewayUrl}/Sessions`, body: '{}' })).toMatchObject({ status: 400 });
    expect(ask({ method: 'GET', url: sessionUrl(gatewayUrl, SESSION) })).toMatchObject({ status: 405 });
  });
});
