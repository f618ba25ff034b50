import { describe, expect, it } from 'vitest';
import { DEVICE_MODELS } from '../../catalog/device-models.ts';
import { ok } from '../../kernel/result.ts';
import { LIMITS } from '../../kernel/limits.ts';
import { parseSyncml, writeSyncml } from '../../protocol/management/syncml.ts';
import type { Command, SyncmlMessage } from '../../protocol/management/syncml.ts';
import { deviceIdentity } from '../identity/device-identity.ts';
import { ManagedDevice } from './managed-device.ts';
import { runSession } from './session.ts';

function device(): ManagedDevice {
  return new ManagedDevice({
    deviceId: 'device-1',
    providerId: 'MDM',
    upn: 'u',
    entraDeviceId: 'e',
    identity: () => deviceIdentity('seed', 1, DEVICE_MODELS['simbook-13'], 0),
    hardwareHash: () => '',
  });
}

/** Statuses for everything in a message of the device. */
function statusesFor(message: SyncmlMessage): Command[] {
  const refs: [string, string][] = [['0', 'SyncHdr']];
  for (const { kind, cmdId } of message.commands) if (kind === 'alert' || kind === 'replace') refs.push([cmdId, kind]);
  return refs.map(([cmdRef, cmd], i) => ({
    kind: 'status',
    cmdId: String(i + 100),
    msgRef: message.header.msgId,
    cmdRef,
    cmd,
    code: 200,
  }));
}

type Answer = (
  message: SyncmlMessage,
  statuses: Command[],
) => Partial<SyncmlMessage> & { more?: Partial<SyncmlMessage['header']> };

/** Runs a session against a server that answers by the book, as changed by `answer`. */
async function session(
  answer: Answer,
): Promise<{ result: Awaited<ReturnType<typeof runSession>>; sent: SyncmlMessage[]; codes: number[] }> {
  const sent: SyncmlMessage[] = [];
  const codes: number[] = [];
  const exchange = (body: string): Promise<{ ok: true; value: string }> => {
    const message = parseSyncml(body);
    if (!message.ok) throw new Error(message.error.reason);
    sent.push(message.value);
    const { more, ...change } = answer(message.value, statusesFor(message.value));
    const header = { sessionId: '1', msgId: message.value.header.msgId, targetUri: 'd', sourceUri: 's', ...more };
    return Promise.resolve(ok(writeSyncml({ header, commands: [], final: true, ...change })));
  };
  const options = {
    serverUri: 'https://manage.example/omadm',
    trigger: 'server',
    loginStatus: 'none',
    onStatus: (code: number) => codes.push(code),
  } as const;
  return { result: await runSession(device(), exchange, options), sent, codes };
}

const failed = (code: string): object => ({ ok: false, error: { code } });

describe('a session', () => {
  it('begins with alerts and DevInfo, CmdIDs from 2', async () => {
    const { result, sent } = await session((_, statuses) => ({ commands: statuses }));
    expect(result).toEqual({ ok: true, value: { messages: 1, commands: 0 } });
    expect(sent[0]?.header).toMatchObject({ sessionId: '1', msgId: 1, sourceUri: 'device-1', maxMsgSize: 524_288 });
    expect(sent[0]?.commands).toMatchObject([
      { kind: 'alert', cmdId: '2', code: 1200 },
      { kind: 'alert', cmdId: '3', code: 1224, items: [{ type: 'com.microsoft/MDM/LoginStatus', data: 'none' }] },
      { kind: 'replace', cmdId: '4', items: [{ source: './DevInfo/DevId', data: 'device-1' }, {}, {}, {}, {}] },
    ]);
  });

  it('answers every command by a Status, and what was read by Results', async () => {
    const get: Command = { kind: 'get', cmdId: '7', items: [{ target: './DevInfo/DmV' }] };
    const nothing: Command = { kind: 'get', cmdId: '8', items: [{ target: './DevInfo/Nothing' }] };
    const { result, sent, codes } = await session((message, statuses) => ({
      commands: message.header.msgId === 1 ? [...statuses, get, nothing] : statuses,
    }));
    expect(result).toEqual({ ok: true, value: { messages: 2, commands: 2 } });
    expect(codes).toEqual([200, 404]);
    expect(sent[1]?.commands).toMatchObject([
      { kind: 'status', msgRef: 1, cmdRef: '0', cmd: 'SyncHdr', code: 200 },
      { kind: 'status', msgRef: 1, cmdRef: '7', cmd: 'Get', code: 200 },
      { kind: 'status', msgRef: 1, cmdRef: '8', cmd: 'Get', code: 404, originalError: '0x86000002' },
      { kind: 'results', msgRef: 1, cmdRef: '7', items: [{ source: './DevInfo/DmV', format: 'chr', data: '1.3' }] },
    ]);
  });

  it("asks for the rest of a server's package that is not final", async () => {
    const { result, sent } = await session((message, statuses) => ({
      commands: statuses,
      final: message.header.msgId > 1,
    }));
    expect(result).toMatchObject({ ok: true, value: { messages: 2 } });
    expect(sent[1]?.commands.at(-1)).toMatchObject({ kind: 'alert', code: 1222 });
  });

  it('splits a package that is larger than a message may be', async () => {
    const big = 'x'.repeat(100_000);
    const commands: Command[] = [
      { kind: 'replace', cmdId: '1', items: [{ target: './Vendor/MSFT/Policy/Config/A/B', data: big }] },
      ...Array.from({ length: 7 }, (_, i): Command => ({
        kind: 'get',
        cmdId: String(i + 2),
        items: [{ target: './Vendor/MSFT/Policy/Config/A/B' }],
      })),
    ];
    const { result, sent } = await session((message, statuses) => ({
      commands: message.header.msgId === 1 ? [...statuses, ...commands] : statuses,
    }));
    expect(result).toMatchObject({ ok: true });
    expect(sent.map(({ final }) => final)).toEqual([true, false, true]);
    const results = sent.flatMap((message) => message.commands.filter(({ kind }) => kind === 'results'));
    expect(results.length).toBe(7);
    for (const message of sent) expect(writeSyncml(message).length).toBeLessThan(LIMITS.syncmlMessageCharactersMax);
  });

  it.each<[string, Answer, string]>([
    ['another session', (_, commands) => ({ commands, more: { sessionId: '2' } }), 'management-protocol'],
    ['a message out of order', (_, commands) => ({ commands, more: { msgId: 2 } }), 'management-protocol'],
    ['a command without Status', (_, statuses) => ({ commands: statuses.slice(0, -1) }), 'management-protocol'],
    [
      'a Status for a command never sent',
      (_, [first, ...rest]) => ({ commands: [first!, { ...first, cmdRef: '99' } as Command, ...rest] }),
      'management-protocol',
    ],
    [
      'a refused certificate',
      (_, [first]) => ({ commands: [{ ...first, code: 401 } as Command] }),
      'management-refused',
    ],
    [
      'an error of the server',
      (_, [first]) => ({ commands: [{ ...first, code: 500 } as Command] }),
      'management-protocol',
    ],
    [
      'an abort',
      (_, statuses) => ({ commands: [...statuses, { kind: 'alert', cmdId: '1', code: 1223, items: [] }] }),
      'management-protocol',
    ],
    [
      'no end',
      (_, statuses) => ({ commands: [...statuses, { kind: 'get', cmdId: '1', items: [{ target: './DevInfo' }] }] }),
      'management-protocol',
    ],
  ])('fails on %s', async (_name, answer, code) => {
    expect((await session(answer)).result).toMatchObject(failed(code));
  });

  it('fails on a reply that is no SyncML, and with what the exchange failed with', async () => {
    const options = { serverUri: 's', trigger: 'client', loginStatus: 'none' } as const;
    expect(await runSession(device(), () => Promise.resolve(ok('<html>')), options)).toMatchObject(
      failed('reply-malformed'),
    );
    const error = { kind: 'failure', code: 'reply-timeout', detail: '' } as const;
    expect(await runSession(device(), () => Promise.resolve({ ok: false, error }), options)).toEqual({
      ok: false,
      error,
    });
  });
});
