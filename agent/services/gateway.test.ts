// The gateway's client against scripted replies; that it gets keys that open content is the end-to-end test's business.
import { describe, expect, it } from 'vitest';
import { USUAL_RETURN_CODES } from '../../protocol/extension/app-policies.ts';
import type { AppPolicy } from '../../protocol/extension/app-policies.ts';
import { encryptContent } from '../../protocol/extension/encrypted-content.ts';
import { writeContentInfo } from '../../protocol/extension/content-info.ts';
import { writeServiceAddresses, writeSessionReply } from '../../protocol/extension/management-extension.ts';
import { downloadPackage } from './apps.ts';
import { codeOf, scripted } from './fixtures/scripted-network.ts';
import { locateGateway, reportApp, requestApps, requestContent } from './gateway.ts';
import type { GatewayCaller } from './gateway.ts';

const CALLER: GatewayCaller = {
  sessionId: '3b1c0e0a-0000-4000-8000-000000000001',
  clientInfo: { deviceName: 'DESKTOP-1', operatingSystemVersion: '10.0', agentVersion: '1' },
  reason: 'ESP',
  espPhase: 'DeviceSetup',
};
const APP: AppPolicy = {
  id: 'app',
  name: 'Reader',
  version: 1,
  target: 'device',
  targeted: true,
  dependencies: [],
  returnCodes: USUAL_RETURN_CODES,
  attemptsMax: 3,
  retryMinutes: 5,
  runMinutesMax: 60,
  restart: 'by-exit-code',
};
const KEY = { decrypt: () => undefined };
const KEYS = { encryptionKey: new Uint8Array(32), iv: new Uint8Array(16), macKey: new Uint8Array(32) };

function reply(payload: string): string {
  return writeSessionReply(
    { sessionId: CALLER.sessionId, type: 'GetSelectedApp', payload: '', espPhase: undefined },
    payload,
  );
}

describe('the gateway', () => {
  it('is located with the certificate that management sees', async () => {
    const { network, touched } = scripted({ body: writeServiceAddresses('https://g/S') });
    expect(await locateGateway(network)).toEqual({ ok: true, value: 'https://g/S' });
    expect(touched).toEqual(['gateway as to management']);
    expect(codeOf(await locateGateway(scripted({ status: 403 }).network))).toBe('reply-unexpected');
    expect(codeOf(await locateGateway(scripted({ body: '[]' }).network))).toBe('reply-malformed');
  });

  it('is asked for what the page waits for, and after the desktop for everything', async () => {
    const { network, sent } = scripted({ body: reply('packed') }, { body: reply('all') });
    expect(await requestApps(network, 'https://g/S', CALLER)).toEqual({ ok: true, value: 'packed' });
    await requestApps(network, 'https://g/S', { ...CALLER, espPhase: 'NotInEsp' });
    expect(sent[0]).toMatchObject({
      method: 'PUT',
      operation: 'selected-apps',
      target: `https://g/S/SideCarGatewaySessions('${CALLER.sessionId}')?api-version=1.5`,
      headers: { 'Content-Type': 'application/json', Prefer: 'return-content' },
      idempotent: true,
    });
    expect(sent.map(({ body }) => /"RequestContentType":"(\w+)"/.exec(String(body))?.[1])).toEqual([
      'GetSelectedApp',
      'RequestApplication',
    ]);
  });

  it.each([
    ['refuses', { status: 403 }],
    ['fails', { status: 500 }],
    ['answers something else', { body: '<html>' }],
    ['has no payload', { body: '{}' }],
    ['sends no content information', { body: reply('{}') }],
    [
      'sends no envelope',
      { body: reply(writeContentInfo('app', { uploadLocation: 'http://a/', bytes: 1, envelope: Uint8Array.of(1) })) },
    ],
  ])('that %s gives no content information: 0x87d30065', async (_what, answer) => {
    expect(codeOf(await requestContent(scripted(answer).network, 'https://g/S', CALLER, APP, KEY))).toBe('0x87d30065');
  });

  it('is told what came of an app', async () => {
    const { network, sent } = scripted({ body: reply('') }, { status: 500 });
    const report = { appId: 'app', version: 1, state: 'success', errorCode: null } as const;
    expect(codeOf(await reportApp(network, 'https://g/S', CALLER, report))).toBe('ok');
    expect(sent[0]).toMatchObject({ operation: 'app-status' });
    expect(String(sent[0]?.body)).toContain('Win32AppResult');
    expect(codeOf(await reportApp(network, 'https://g/S', CALLER, report))).toBe('reply-unexpected');
  });
});

describe('the package of an app', () => {
  const content = Buffer.from(
    encryptContent(KEYS, Buffer.from('not a zip, but long enough for the outside of one: 52 bytes')),
  );

  it('that is no zip, not authentic or short is 0x87d30067, of another size 0x87d30068', async () => {
    const info = { url: 'http://a/', keys: KEYS, bytes: undefined };
    const sent = (body: Buffer) => scripted({ body: body.toString('latin1') }).network;
    const noZip = await downloadPackage(sent(content), info);
    expect(noZip).toMatchObject({
      ok: false,
      error: { code: '0x87d30067', detail: expect.stringContaining('zip') as string },
    });
    const broken = Buffer.from(content);
    broken[60]! ^= 1;
    expect(await downloadPackage(sent(broken), info)).toMatchObject({
      error: { code: '0x87d30067', detail: expect.stringContaining('authentication') as string },
    });
    expect(codeOf(await downloadPackage(sent(content), { ...info, bytes: content.length + 1 }))).toBe('0x87d30068');
  });
});
