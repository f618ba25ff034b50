// One management session from the server's side: the order of messages, and that every command got its Status. It knows nothing of
// what the commands are for. Source: OMA-TS-DM_Protocol-V1_2_1 section 8, [MS-MDM] 3.2.
import { ELEMENT_NAMES, isRequest, STATUS, writeAround, writeCommand } from '../../protocol/management/syncml.ts';
import type { Item, RequestCommand, StatusCommand, SyncmlMessage } from '../../protocol/management/syncml.ts';
import type { FilledRound } from './round.ts';

/** What a device said in one message, apart from its own commands. */
export interface Answers {
  readonly statuses: readonly StatusCommand[];
  readonly items: readonly Item[];
}

/** Alerts of a device that the server takes: sessions begun by either side, next message, abort, events, generic. */
const ALERT = {
  serverInitiated: 1200,
  clientInitiated: 1201,
  nextMessage: 1222,
  abort: 1223,
  event: 1224,
  generic: 1226,
};
const ALERTS: ReadonlySet<number> = new Set(Object.values(ALERT));

export class ServerSession {
  readonly sessionId: string;
  /** The device's name for itself; it can't change within a session. */
  readonly sourceUri: string;
  readonly #managementUrl: string;
  #received = 0;
  #sent = 0;
  #lastReply = '';
  /** Commands sent that still lack a Status, as "MsgID/CmdID". */
  readonly #unanswered = new Set<string>();

  constructor(first: SyncmlMessage, managementUrl: string) {
    this.sessionId = first.header.sessionId;
    this.sourceUri = first.header.sourceUri;
    this.#managementUrl = managementUrl;
  }

  /** The reply that a device gets again when it repeats its last message, having lost it. */
  repeated(message: SyncmlMessage): string | undefined {
    const again = message.header.msgId === this.#received && message.header.sessionId === this.sessionId;
    return again ? this.#lastReply : undefined;
  }

  /** The Status that refuses a message in this session, or what it answers. */
  receive(message: SyncmlMessage): { readonly refused: number } | Answers {
    const { header } = message;
    if (header.sessionId !== this.sessionId || header.msgId !== this.#received + 1)
      return { refused: STATUS.badRequest };
    if (header.sourceUri !== this.sourceUri) return { refused: STATUS.forbidden };
    if (header.targetUri !== this.#managementUrl) return { refused: STATUS.notFound };
    this.#received = header.msgId;
    const statuses: StatusCommand[] = [];
    const items: Item[] = [];
    for (const command of message.commands) {
      if (command.kind === 'results') {
        if (command.msgRef > this.#sent) return { refused: STATUS.badRequest };
        items.push(...command.items);
      } else if (command.kind === 'status') {
        if (command.cmdRef === '0' && command.msgRef <= this.#sent) continue;
        if (!this.#unanswered.delete(`${command.msgRef}/${command.cmdRef}`)) return { refused: STATUS.badRequest };
        statuses.push(command);
      }
    }
    // A package in several messages may bring its Statuses in any of them.
    if (message.final && this.#unanswered.size > 0) return { refused: STATUS.badRequest };
    return { statuses, items };
  }

  /** Answers a message, with commands of the server's own; without any, the session is over. */
  reply(message: SyncmlMessage, round: FilledRound | undefined): string {
    const asked = message.final ? (round ?? NOTHING) : NEXT_MESSAGE;
    for (let id = 1; id <= asked.commands; id++) this.#unanswered.add(`${this.#sent + 1}/${id}`);
    let last = asked.commands;
    let statuses = '';
    for (const status of statusesFor(message, () => String(++last))) statuses += writeCommand(status);
    this.#lastReply = this.#write(message, statuses + asked.text);
    return this.#lastReply;
  }

  /** Refuses a message by a Status on its header; nothing in it was looked at. */
  refuse(message: SyncmlMessage, code: number): string {
    return this.#write(message, writeCommand(headerStatus(message, code, '1')));
  }

  #write(message: SyncmlMessage, body: string): string {
    const { sessionId, sourceUri } = message.header;
    const header = { sessionId, msgId: ++this.#sent, targetUri: sourceUri, sourceUri: this.#managementUrl };
    return writeAround(header, body, true);
  }
}

const NOTHING: FilledRound = { commands: 0, text: '' };
/** The device has more to say before it is its server's turn. */
const NEXT_MESSAGE: FilledRound = {
  commands: 1,
  text: writeCommand({ kind: 'alert', cmdId: '1', code: ALERT.nextMessage, items: [] }),
};

function headerStatus(message: SyncmlMessage, code: number, cmdId: string): StatusCommand {
  return { kind: 'status', cmdId, msgRef: message.header.msgId, cmdRef: '0', cmd: 'SyncHdr', code };
}

function statusesFor(message: SyncmlMessage, nextId: () => string): StatusCommand[] {
  const statuses = [headerStatus(message, STATUS.ok, nextId())];
  for (const command of message.commands) {
    if (!isRequest(command)) continue;
    statuses.push({
      kind: 'status',
      cmdId: nextId(),
      msgRef: message.header.msgId,
      cmdRef: command.cmdId,
      cmd: ELEMENT_NAMES[command.kind],
      code: codeFor(command),
    });
  }
  return statuses;
}

/** A device alerts, and replaces its DevInfo; nothing else is for a device to command. */
function codeFor(command: RequestCommand): number {
  if (command.cmdId === '') return STATUS.badRequest;
  if (command.kind === 'alert') return ALERTS.has(command.code) ? STATUS.ok : STATUS.unsupported;
  if (command.kind !== 'replace') return STATUS.unsupported;
  const devInfo = command.items.every((item) => item.source?.startsWith('./DevInfo/') === true);
  return devInfo ? STATUS.ok : STATUS.unsupported;
}

/** What the first message of a session says about it. */
export interface FirstPackage {
  readonly bootstrapSync: string | undefined;
  readonly loginStatus: string | undefined;
}

/** Package 1 must begin the session by an alert and say who the device is; undefined where it does not. */
export function readFirstPackage(message: SyncmlMessage): FirstPackage | undefined {
  let begins = false;
  let identified = false;
  let bootstrapSync: string | undefined;
  let loginStatus: string | undefined;
  for (const command of message.commands) {
    if (command.kind === 'alert') {
      begins ||= command.code === ALERT.clientInitiated || command.code === ALERT.serverInitiated;
      if (command.code !== ALERT.event) continue;
      for (const { type, data } of command.items) {
        if (type === 'com.microsoft/MDM/BootstrapSync') bootstrapSync = data;
        if (type === 'com.microsoft/MDM/LoginStatus') loginStatus = data;
      }
    } else if (command.kind === 'replace') identified ||= command.items.some(isDeviceId);
  }
  return begins && identified ? { bootstrapSync, loginStatus } : undefined;
}

function isDeviceId(item: Item): boolean {
  return item.source === './DevInfo/DevId' && (item.data ?? '') !== '';
}

export function isAbort(message: SyncmlMessage): boolean {
  return message.commands.some((command) => command.kind === 'alert' && command.code === ALERT.abort);
}
