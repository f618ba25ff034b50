import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  ESP_PHASES,
  parseServiceAddresses,
  parseSessionReply,
  parseSessionRequest,
  SESSION_REQUESTS,
  sessionUrl,
  writeServiceAddresses,
  writeSessionReply,
  writeSessionRequest,
} from './management-extension.ts';

const CLIENT = { deviceName: 'DESKTOP-1', operatingSystemVersion: '10.0.26100.1', agentVersion: '1.83.107.0' };
const SESSION = '3b1c0e0a-0000-4000-8000-000000000001';

describe('service addresses', () => {
  it('names the gateway, as public clients look for it', () => {
    const text = writeServiceAddresses('https://gateway.example/SideCar');
    expect(JSON.parse(text)).toEqual([
      { Services: [{ ServiceName: 'SideCarGatewayService', Url: 'https://gateway.example/SideCar' }] },
    ]);
    expect(parseServiceAddresses(text)).toEqual({ ok: true, value: 'https://gateway.example/SideCar' });
  });

  it('finds it among others, and takes a slash off its end', () => {
    const services = [
      { ServiceName: 'Other', Url: 'https://a' },
      { ServiceName: 'SideCarGatewayService', Url: 'https://b//' },
    ];
    expect(parseServiceAddresses(JSON.stringify([{}, { Services: services }]))).toEqual({
      ok: true,
      value: 'https://b',
    });
  });

  it.each(['', '{}', '[]', '[{"Services":"x"}]', '[{"Services":[{"ServiceName":"SideCarGatewayService","Url":1}]}]'])(
    'says what is wrong with %s',
    (text) => expect(parseServiceAddresses(text).ok).toBe(false),
  );
});

describe('a session', () => {
  it('is addressed by its id and carries the members of the real one', () => {
    expect(sessionUrl('https://gateway.example/S', SESSION)).toBe(
      `https://gateway.example/S/SideCarGatewaySessions('${SESSION}')?api-version=1.5`,
    );
    const text = writeSessionRequest({
      sessionId: SESSION,
      type: 'GetSelectedApp',
      payload: '[]',
      clientInfo: CLIENT,
      reason: 'ESP',
      espPhase: 'DeviceSetup',
    });
    const json = JSON.parse(text) as Record<string, unknown>;
    expect(json).toMatchObject({
      Key: SESSION,
      SessionId: SESSION,
      RequestContentType: 'GetSelectedApp',
      RequestPayload: '[]',
      ResponsePayload: null,
      CheckinReason: 'ESP',
    });
    expect(JSON.parse(json['ClientInfo'] as string)).toMatchObject({
      DeviceName: 'DESKTOP-1',
      OperatingSystemVersion: '10.0.26100.1',
      SideCarAgentVersion: '1.83.107.0',
    });
  });

  it('is read as a public client writes it: no payload of the check-in reason, further members', () => {
    const text = JSON.stringify({
      Key: SESSION,
      SessionId: SESSION,
      RequestContentType: 'GetSelectedApp',
      RequestPayload: '[]',
      CheckinReason: 'AgentRestart',
      CheckinReasonPayload: null,
      Unknown: { deep: [1] },
    });
    expect(parseSessionRequest(text)).toEqual({
      ok: true,
      value: { sessionId: SESSION, type: 'GetSelectedApp', payload: '[]', espPhase: undefined },
    });
  });

  it('comes back as it was sent, whatever the payload', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...SESSION_REQUESTS),
        fc.string(),
        fc.option(fc.constantFrom(...ESP_PHASES), { nil: undefined }),
        (type, payload, espPhase) => {
          const request = { sessionId: SESSION, type, payload, clientInfo: CLIENT, reason: 'ESP', espPhase } as const;
          const read = parseSessionRequest(writeSessionRequest(request));
          expect(read).toEqual({ ok: true, value: { sessionId: SESSION, type, payload, espPhase } });
          const reply = writeSessionReply({ sessionId: SESSION, type, payload: '', espPhase }, payload);
          expect(parseSessionReply(reply)).toEqual({ ok: true, value: payload });
        },
      ),
    );
  });

  it('never throws over what a stranger sends', () => {
    const hostile = fc.oneof(
      fc.string(),
      fc.json(),
      fc.json().map((json) => `{"RequestContentType":${json}}`),
    );
    fc.assert(
      fc.property(hostile, (text) => {
        parseSessionRequest(text);
        parseServiceAddresses(text);
        return !parseSessionReply(text).ok || text.includes('ResponsePayload');
      }),
    );
  });
});
