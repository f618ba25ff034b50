import { describe, expect, it } from 'vitest';
import { stepFailure } from '../../catalog/failures.ts';
import { ok } from '../../kernel/result.ts';
import type { DeviceNetwork } from '../network/device-network.ts';
import { codeOf, scripted } from './fixtures/scripted-network.ts';
import {
  assignUserToDevice,
  identitiesBySerial,
  importIdentity,
  importState,
  syncDevices,
} from './graph-registration.ts';

const ROW = { serialNumber: 'S-1', productId: 'P', hardwareHash: 'T0EEAA==', groupTag: 'tag', assignedUser: 'u@x' };

describe('an import', () => {
  it('sends the row in the shape of Graph and gives the id', async () => {
    const { network, sent } = scripted({ status: 201, body: '{"id":"one"}' });
    expect(await importIdentity(network, 'token', ROW)).toEqual(ok('one'));
    expect(sent[0]).toMatchObject({ operation: 'import', headers: { Authorization: 'Bearer token' } });
    expect(JSON.parse(String(sent[0]?.body))).toMatchObject({
      serialNumber: 'S-1',
      productKey: 'P',
      hardwareIdentifier: 'T0EEAA==',
      groupTag: 'tag',
      assignedUserPrincipalName: 'u@x',
    });
    expect(codeOf(await importIdentity(scripted({ status: 400 }).network, 't', ROW))).toBe('reply-unexpected');
    expect(codeOf(await importIdentity(scripted({ status: 201, body: '{}' }).network, 't', ROW))).toBe(
      'reply-malformed',
    );
  });

  it.each([
    ['{"state":{"deviceImportStatus":"pending"}}', { status: 'pending' }],
    ['{"state":{"deviceImportStatus":"unknown"}}', { status: 'pending' }],
    ['{"state":{"deviceImportStatus":"complete","deviceErrorCode":0}}', { status: 'complete' }],
    [
      '{"state":{"deviceImportStatus":"error","deviceErrorCode":806,"deviceErrorName":"ZtdDeviceAlreadyAssigned"}}',
      { status: 'error', errorCode: 806, errorName: 'ZtdDeviceAlreadyAssigned' },
    ],
  ])('has the state of %s', async (body, state) => {
    expect(await importState(scripted({ body }).network, 't', 'one')).toEqual(ok(state));
  });

  it('without a state cannot be read', async () => {
    expect(codeOf(await importState(scripted({ body: '{}' }).network, 't', 'one'))).toBe('reply-malformed');
    expect(codeOf(await importState(scripted({ status: 404 }).network, 't', 'one'))).toBe('reply-unexpected');
  });
});

it('a sync that somebody else asked for is as good', async () => {
  const answer = async (status: number): Promise<string> =>
    codeOf(await syncDevices(scripted({ status }).network, 't'));
  expect([await answer(204), await answer(409), await answer(500)]).toEqual(['ok', 'ok', 'reply-unexpected']);
  const throttled = { exchange: () => Promise.resolve(stepFailure('throttled', 'test')) } as unknown as DeviceNetwork;
  expect(await syncDevices(throttled, 't')).toEqual(ok(null));
});

describe('registered devices', () => {
  it('are looked up page by page', async () => {
    const first =
      '{"value":[{"id":"a","serialNumber":"S-1"},{"id":7}],"@odata.nextLink":"https://graph.example/next?$skip=1000"}';
    const { network, sent } = scripted({ body: first }, { body: '{"value":[{"id":"b","serialNumber":"S-2"}]}' });
    expect(await identitiesBySerial(network, 't')).toEqual(
      ok(
        new Map([
          ['S-1', 'a'],
          ['S-2', 'b'],
        ]),
      ),
    );
    expect(sent[1]?.target).toBe('https://graph.example/next?$skip=1000');
  });

  it('of a list without end are none', async () => {
    const page = { body: '{"value":[{"id":"a","serialNumber":"S-1"}],"@odata.nextLink":"https://graph.example/"}' };
    expect(codeOf(await identitiesBySerial(scripted(page, page, page).network, 't'))).toBe('reply-unexpected');
  });

  it('get a user by name', async () => {
    const { network, sent } = scripted({ status: 204 });
    expect(await assignUserToDevice(network, 't', { id: 'a', userName: 'u@x' })).toEqual(ok(null));
    expect(sent[0]?.target).toContain('/windowsAutopilotDeviceIdentities/a/assignUserToDevice');
    expect(JSON.parse(String(sent[0]?.body))).toMatchObject({ userPrincipalName: 'u@x' });
  });
});
