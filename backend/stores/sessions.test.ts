import { expect, it } from 'vitest';
import { Sessions } from './sessions.ts';

const CODE = {
  clientId: 'c',
  redirectUri: 'r',
  challenge: undefined,
  resource: undefined,
  nonce: undefined,
  expiresMs: 1,
};

it('redeems a code once, and remembers the device that joined', () => {
  const sessions = new Sessions();
  const session = sessions.open(7, CODE);
  const other = sessions.open(8, undefined);
  expect(session?.id).not.toBe(other?.id);
  expect(sessions.redeem(session!.id)?.code).toBe(CODE);
  expect(sessions.redeem(session!.id)).toBeUndefined();
  expect(sessions.redeem(other!.id)).toBeUndefined();
  sessions.bindDevice(session!.id, 'device');
  sessions.bindDevice('unknown', 'device');
  expect(sessions.find(session!.id)).toMatchObject({ userIndex: 7, deviceId: 'device' });
  expect(sessions.find(other!.id)?.deviceId).toBeUndefined();
});
