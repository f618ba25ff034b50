import { describe, expect, it } from 'vitest';
import {
  decodeOobeConfig,
  encodeOobeConfig,
  parseAadServerData,
  parseAutopilotProfile,
  parseProfileReply,
  parseProfileRequest,
  PROFILE_REFUSALS,
  writeAadServerData,
  writeAutopilotProfile,
  writeProfileRefusal,
} from './autopilot-profile.ts';

const profile = {
  AutopilotServiceCorrelationId: 'b6a6b1a4-7e4f-4e5c-8a0f-0b7b1f1f9f10',
  ZtdRegistrationId: '0f8fad5b-d9cb-469f-a165-70867728950e',
  AadDeviceId: '7c9e6679-7425-40de-944b-e07fc1f90ae7',
  CloudAssignedTenantId: '6f9619ff-8b86-d011-b42d-00c04fc964ff',
  CloudAssignedTenantDomain: 'contoso.example',
  CloudAssignedDomainJoinMethod: 0,
  CloudAssignedOobeConfig: 1310,
  CloudAssignedForcedEnrollment: 1,
  CloudAssignedDeviceName: '',
  CloudAssignedAutopilotUpdateTimeout: 1_800_000,
  IsExplicitProfileAssignment: true,
  CloudAssignedAadServerData: writeAadServerData({
    CloudAssignedTenantUpn: '',
    ForcedEnrollment: 1,
    CloudAssignedTenantDomain: 'contoso.example',
  }),
};

describe('profile', () => {
  it('keeps the names of the published files', async () => {
    await expect(writeAutopilotProfile(profile)).toMatchFileSnapshot('../fixtures/golden-profile.txt');
    expect(parseAutopilotProfile(writeAutopilotProfile(profile))).toEqual({ ok: true, value: profile });
  });

  it('is refused without its registration or with a wrong type', () => {
    expect(parseAutopilotProfile('{"CloudAssignedTenantId":"t"}')).toMatchObject({
      error: { reason: '"ZtdRegistrationId" is missing' },
    });
    expect(parseAutopilotProfile(JSON.stringify({ ...profile, CloudAssignedOobeConfig: 'many' }))).toMatchObject({
      error: { reason: '"CloudAssignedOobeConfig" is not a whole number' },
    });
  });

  it('hands nested JSON to the sign-in page', () => {
    expect(profile.CloudAssignedAadServerData).toBe(
      '{"ZeroTouchConfig":{"CloudAssignedTenantUpn":"","ForcedEnrollment":1,"CloudAssignedTenantDomain":"contoso.example"}}',
    );
    expect(parseAadServerData('{}')).toMatchObject({ error: { reason: '"ZeroTouchConfig" is missing' } });
  });
});

describe('CloudAssignedOobeConfig', () => {
  it('reads the values of published files', () => {
    const set = (bits: number): string[] =>
      Object.entries(decodeOobeConfig(bits)).flatMap(([name, on]) => (on ? [name] : []));
    expect(set(1310)).toEqual([
      'userNotLocalAdmin',
      'skipExpressSettings',
      'skipOemRegistration',
      'skipEula',
      'skipWindowsUpgrade',
      'skipKeyboard',
    ]);
    expect(set(286)).toEqual([
      'userNotLocalAdmin',
      'skipExpressSettings',
      'skipOemRegistration',
      'skipEula',
      'skipWindowsUpgrade',
    ]);
  });

  it('is made as the export script makes it', () => {
    const start = { skipOemRegistration: true, skipWindowsUpgrade: true };
    expect(encodeOobeConfig(start)).toBe(264);
    expect(encodeOobeConfig({ ...start, skipExpressSettings: true, skipEula: true, skipKeyboard: true })).toBe(1308);
  });
});

describe('profile exchange', () => {
  it('reads a profile, an empty one and a refusal', () => {
    expect(parseProfileReply(200, writeAutopilotProfile(profile))).toEqual({
      ok: true,
      value: { kind: 'profile', profile },
    });
    expect(parseProfileReply(200, '{}')).toEqual({ ok: true, value: { kind: 'empty' } });
    const refusal = { code: 807, name: PROFILE_REFUSALS[807], detail: 'no record' };
    expect(parseProfileReply(404, writeProfileRefusal(refusal))).toEqual({
      ok: true,
      value: { kind: 'refused', refusal },
    });
  });

  it('refuses other statuses and replies that are no JSON', () => {
    expect(parseProfileReply(302, '')).toMatchObject({ error: { reason: 'HTTP status 302 has no meaning here' } });
    expect(parseProfileReply(404, '<html>')).toMatchObject({ ok: false });
    expect(parseProfileReply(200, '[]')).toMatchObject({ ok: false });
  });

  it('takes a request with the token alone', () => {
    expect(parseProfileRequest('')).toEqual({ ok: true, value: {} });
  });
});
