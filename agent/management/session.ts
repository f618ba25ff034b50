// The device's side of one management session: package 1, then rounds until the server has nothing more to ask. It checks what the
// server says as the server checks the device. No transport: the exchange is an argument. Source: OMA-TS-DM_Protocol-V1_2_1
// section 8, [MS-MDM] 3.1.
import { stepFailure } from '../../catalog/failures.ts';
import type { StepFailure } from '../../catalog/failures.ts';
import { LIMITS } from '../../kernel/limits.ts';
import { ok } from '../../kernel/result.ts';
import type { Result } from '../../kernel/result.ts';
import {
  ELEMENT_NAMES,
  isRequest,
  parseSyncml,
  STATUS,
  writeCommand,
  writeSyncml,
} from '../../protocol/management/syncml.ts';
import type { Command, SyncmlMessage } from '../../protocol/management/syncml.ts';
import { CLIENT_ALERT, EVENT_TYPE } from './client-alert.ts';
import { CommandRunner } from './command-runner.ts';
import { LargeObject } from './large-object.ts';
import type { ManagedDevice } from './managed-device.ts';

export interface SessionOptions {
  /** Where the session goes, as the provisioning document gave it. */
  readonly serverUri: string;
  readonly trigger: 'client' | 'server';
  readonly loginStatus: 'user' | 'others' | 'none';
  /** Set while the Enrollment Status Page runs the phase. */
  readonly bootstrapSync?: 'device' | 'user' | undefined;
  /** Called before each message is sent. */
  readonly onMessage?: (() => void) | undefined;
  /** Called with each Status that the device answers to a command of the server. */
  readonly onStatus?: ((code: number) => void) | undefined;
}

export interface SessionSummary {
  /** Messages that the device sent. */
  readonly messages: number;
  /** Commands of the server that it answered. */
  readonly commands: number;
}

/** Sends one message and gives the reply's body. */
export type Exchange = (body: string) => Promise<Result<string, StepFailure>>;

/** Room that a message's header and tail take of its bound. */
const ENVELOPE_CHARACTERS = 4096;

/** Runs a session to its end. Fails with what the exchange failed with, or with `reply-malformed`, `management-refused`, `management-protocol`. */
export async function runSession(
  device: ManagedDevice,
  exchange: Exchange,
  options: SessionOptions,
): Promise<Result<SessionSummary, StepFailure>> {
  const session = new ClientSession(device, options);
  let waiting: readonly Command[] = session.firstPackage();
  for (let messages = 1; messages <= LIMITS.sessionMessagesMax; messages++) {
    const fitting = howManyFit(waiting);
    const rest = waiting.slice(fitting);
    const message = session.message(waiting.slice(0, fitting), rest.length === 0);
    options.onMessage?.();
    const body = await exchange(writeSyncml(message));
    if (!body.ok) return body;
    const reply = parseSyncml(body.value);
    if (!reply.ok) {
      return stepFailure('reply-malformed', `SyncML at ${reply.error.offset}: ${reply.error.reason}`);
    }
    const wrong = session.check(message, reply.value);
    if (wrong !== undefined) return wrong;
    const asks = reply.value.commands.some(isRequest);
    if (rest.length === 0 && reply.value.final && !asks) return ok({ messages, commands: session.commands });
    waiting = [...rest, ...session.answer(reply.value)];
  }
  return stepFailure('management-protocol', `the session did not end within ${LIMITS.sessionMessagesMax} messages`);
}

class ClientSession {
  readonly #device: ManagedDevice;
  readonly #options: SessionOptions;
  readonly #sessionId: string;
  readonly #largeObject = new LargeObject();
  #sentMsgId = 0;
  #receivedMsgId = 0;
  #lastCmdId = 0;
  /** Commands of the server that were answered. */
  commands = 0;

  constructor(device: ManagedDevice, options: SessionOptions) {
    this.#device = device;
    this.#options = options;
    this.#sessionId = device.nextSessionId();
  }

  readonly #nextId = (): string => String(++this.#lastCmdId);

  message(commands: readonly Command[], final: boolean): SyncmlMessage {
    const first = this.#sentMsgId === 0;
    return {
      header: {
        sessionId: this.#sessionId,
        msgId: ++this.#sentMsgId,
        targetUri: this.#options.serverUri,
        sourceUri: this.#device.facts.deviceId,
        maxMsgSize: first ? LIMITS.syncmlMessageCharactersMax : undefined,
      },
      commands,
      final,
    };
  }

  /** Alerts and DevInfo. CmdIDs begin at 2, as in captures of Windows. */
  firstPackage(): Command[] {
    const { trigger, loginStatus, bootstrapSync } = this.#options;
    this.#lastCmdId = 1;
    const code = trigger === 'client' ? CLIENT_ALERT.clientInitiated : CLIENT_ALERT.serverInitiated;
    const commands: Command[] = [{ kind: 'alert', cmdId: this.#nextId(), code, items: [] }];
    const event = (type: string, data: string): void => {
      const items = [{ type, data }];
      commands.push({ kind: 'alert', cmdId: this.#nextId(), code: CLIENT_ALERT.clientEvent, items });
    };
    event(EVENT_TYPE.loginStatus, loginStatus);
    if (bootstrapSync !== undefined) event(EVENT_TYPE.bootstrapSync, bootstrapSync);
    for (const { code: generic, ...item } of this.#device.takeAlerts()) {
      commands.push({ kind: 'alert', cmdId: this.#nextId(), code: generic, items: [item] });
    }
    const devInfo = ['DevId', 'Man', 'Mod', 'DmV', 'Lang'].map((name) => {
      const address = `./DevInfo/${name}`;
      return { source: address, data: this.#device.tree.get(address).value };
    });
    commands.push({ kind: 'replace', cmdId: this.#nextId(), items: devInfo });
    return commands;
  }

  /** What is wrong with a reply to `sent`, if anything. */
  check(sent: SyncmlMessage, reply: SyncmlMessage): ReturnType<typeof stepFailure> | undefined {
    const { header } = reply;
    if (header.sessionId !== this.#sessionId) return broken(`session "${header.sessionId}" answers ${this.#sessionId}`);
    if (header.msgId !== this.#receivedMsgId + 1)
      return broken(`message ${header.msgId} follows ${this.#receivedMsgId}`);
    this.#receivedMsgId = header.msgId;
    const open = new Map<string, string>([['0', 'SyncHdr']]);
    for (const command of sent.commands) if (isRequest(command)) open.set(command.cmdId, ELEMENT_NAMES[command.kind]);
    for (const command of reply.commands) {
      if (command.kind === 'alert' && command.code === CLIENT_ALERT.sessionAbort) {
        return broken('the server aborted the session');
      }
      if (command.kind !== 'status') continue;
      if (command.msgRef !== sent.header.msgId) return broken(`a Status for message ${command.msgRef}`);
      if (command.cmdRef === '0' && command.code >= 300) return refused(command.code);
      if (!open.delete(command.cmdRef)) return broken(`a Status for command ${command.cmdRef}, which was not sent`);
    }
    const [unanswered] = open;
    return unanswered === undefined ? undefined : broken(`no Status for ${unanswered[1]} (${unanswered[0]})`);
  }

  /** Runs the server's commands and answers them. */
  answer(reply: SyncmlMessage): Command[] {
    this.#lastCmdId = 0;
    const runner = new CommandRunner(this.#device.tree, reply.header.msgId, this.#largeObject, this.#nextId);
    runner.status('0', 'SyncHdr', STATUS.ok);
    for (const command of reply.commands) if (isRequest(command)) runner.run(command);
    const replies: Command[] = [...runner.replies];
    for (const command of replies) {
      if (command.kind !== 'status' || command.cmdRef === '0') continue;
      this.commands++;
      this.#options.onStatus?.(command.code);
    }
    if (!reply.final) replies.push({ kind: 'alert', cmdId: this.#nextId(), code: CLIENT_ALERT.nextMessage, items: [] });
    return replies;
  }
}

/** How many commands go into one message; at least one does. */
function howManyFit(commands: readonly Command[]): number {
  // Most packages are far below the bound: a generous estimate spares writing them twice.
  let room = LIMITS.syncmlMessageCharactersMax - ENVELOPE_CHARACTERS;
  for (const [i, command] of commands.entries()) {
    room -= command.kind === 'results' ? writeCommand(command).length : 512;
    if (room < 0 && i > 0) return i;
  }
  return commands.length;
}

function broken(detail: string): ReturnType<typeof stepFailure> {
  return stepFailure('management-protocol', detail);
}

function refused(code: number): ReturnType<typeof stepFailure> {
  const credentials = code === STATUS.unauthorized || code === STATUS.forbidden;
  return stepFailure(credentials ? 'management-refused' : 'management-protocol', `SyncHdr is answered ${code}`);
}
