import { expect, it } from 'vitest';
import {
  parseStrongAuthenticationReply,
  parseStrongAuthenticationRequest,
  writeStrongAuthenticationReply,
  writeStrongAuthenticationRequest,
} from './strong-authentication.ts';

it('says the same on both sides', () => {
  const request = {
    Method: 'EndAuth',
    AuthMethodId: 'PhoneAppNotification',
    Ctx: 'c',
    FlowToken: 'f',
    SessionId: 's',
    PollCount: 2,
  } as const;
  expect(parseStrongAuthenticationRequest(writeStrongAuthenticationRequest(request))).toEqual({
    ok: true,
    value: request,
  });
  const reply = { Success: true, ResultValue: 'Success', Retry: false, ErrCode: 0, FlowToken: 'f', SessionId: 's' };
  expect(parseStrongAuthenticationReply(writeStrongAuthenticationReply(reply))).toEqual({ ok: true, value: reply });
});

it.each(['', '[]', '{"Method":"Other","AuthMethodId":"a","Ctx":"c","FlowToken":"f"}', '{"Method":"BeginAuth"}'])(
  'refuses the request %s',
  (text) => {
    expect(parseStrongAuthenticationRequest(text).ok).toBe(false);
  },
);

it('refuses a reply that says nothing', () => {
  expect(parseStrongAuthenticationReply('{"ResultValue":"Success"}').ok).toBe(false);
});
