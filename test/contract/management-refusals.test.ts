// What the management service does not take: messages out of order, without right, or no messages at all, each answered by its Status.
import { describe, expect, it } from 'vitest';
import { parseSyncml, writeSyncml } from '../../protocol/management/syncml.ts';
import type { Command, SyncmlMessage } from '../../protocol/management/syncml.ts';
import { SERVER, Setup } from './management-setup.ts';

describe('the service refuses by the documented Status', () => {
  function headerStatus(setup: Setup, message: SyncmlMessage, userToken = false): number | undefined {
    const reply = parseSyncml(setup.post(writeSyncml(message), userToken).body);
    if (!reply.ok) return undefined;
    const first = reply.value.commands[0];
    return first?.kind === 'status' && first.cmdRef === '0' ? first.code : undefined;
  }
  const first: readonly Command[] = [
    { kind: 'alert', cmdId: '2', code: 1201, items: [] },
    { kind: 'replace', cmdId: '3', items: [{ source: './DevInfo/DevId', data: 'device-1' }] },
  ];
  function message(
    msgId: number,
    commands: readonly Command[],
    more: Partial<SyncmlMessage['header']> = {},
  ): SyncmlMessage {
    return {
      header: { sessionId: '9', msgId, targetUri: SERVER, sourceUri: 'device-1', ...more },
      commands,
      final: true,
    };
  }
  const answers = (opening: string): Command[] => {
    const reply = parseSyncml(opening);
    expect(reply.ok).toBe(true);
    const asked = reply.ok ? reply.value.commands : [];
    return asked.flatMap((command, i): Command[] =>
      command.kind === 'status' || command.kind === 'results'
        ? []
        : [{ kind: 'status', cmdId: String(i + 1), msgRef: 1, cmdRef: command.cmdId, cmd: 'Get', code: 200 }],
    );
  };

  it('takes a session that goes by the book', () => {
    const setup = new Setup();
    const opening = setup.post(writeSyncml(message(1, first))).body;
    expect(headerStatus(setup, message(2, answers(opening)))).toBe(200);
  });

  it.each([
    ['a session that begins in the middle', message(2, first), 400],
    ['a first package without an alert', message(1, first.slice(1)), 400],
    ['a first package without DevInfo', message(1, first.slice(0, 1)), 400],
    ['another server as target', message(1, first, { targetUri: 'https://other.example/' }), 404],
    [
      'the account phase without a user token',
      message(1, [
        ...first,
        { kind: 'alert', cmdId: '4', code: 1224, items: [{ type: 'com.microsoft/MDM/BootstrapSync', data: 'user' }] },
      ]),
      401,
    ],
  ])('%s', (_name, wrong, code) => {
    expect(headerStatus(new Setup(), wrong)).toBe(code);
  });

  it.each([
    ['a message left out', 3, (all: Command[]) => all, {}, 400],
    ['a command without its Status', 2, (all: Command[]) => all.slice(1), {}, 400],
    [
      'a Status for what was never sent',
      2,
      (all: Command[]) => [...all, { ...all[0]!, cmdRef: '77' } as Command],
      {},
      400,
    ],
    ['another source in the same session', 2, (all: Command[]) => all, { sourceUri: 'device-2' }, 403],
    ['another session', 2, (all: Command[]) => all, { sessionId: '10' }, 400],
  ])('%s', (_name, msgId, change, header, code) => {
    const setup = new Setup();
    const opening = setup.post(writeSyncml(message(1, first))).body;
    expect(headerStatus(setup, message(msgId, change(answers(opening)), header))).toBe(code);
    expect(setup.service.counts().openSessions).toBe(0);
  });

  it('answers a command that is not for a device to give by 406, one without CmdID by 400', () => {
    const setup = new Setup();
    const odd: Command[] = [
      { kind: 'get', cmdId: '4', items: [{ target: './x' }] },
      { kind: 'alert', cmdId: '', code: 1224, items: [] },
    ];
    const reply = parseSyncml(setup.post(writeSyncml(message(1, [...first, ...odd]))).body);
    const codes = reply.ok ? reply.value.commands.flatMap((c) => (c.kind === 'status' ? [c.code] : [])) : [];
    expect(codes).toEqual([200, 200, 200, 406, 400]);
  });

  it('repeats its reply to a message that comes again, and refuses what is no SyncML', () => {
    const setup = new Setup();
    const body = writeSyncml(message(1, first));
    expect(setup.post(body).body).toBe(setup.post(body).body);
    expect(setup.post('<SyncML')).toEqual({ status: 400, body: '' });
    expect(setup.service.counts().sessions).toBe(1);
  });

  it('asks for the rest of a package that comes in several messages', () => {
    const setup = new Setup();
    const opening = setup.post(writeSyncml(message(1, first))).body;
    const all = answers(opening);
    const partial = { ...message(2, all.slice(0, 1)), final: false };
    const more = parseSyncml(setup.post(writeSyncml(partial)).body);
    expect(more.ok && more.value.commands.map((c) => [c.kind, 'code' in c ? c.code : 0])).toEqual([
      ['status', 200],
      ['alert', 1222],
    ]);
    const alert: Command = { kind: 'status', cmdId: '9', msgRef: 2, cmdRef: '1', cmd: 'Alert', code: 200 };
    expect(headerStatus(setup, message(3, [...all.slice(1), alert]))).toBe(200);
  });
});
