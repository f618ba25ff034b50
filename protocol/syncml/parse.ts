// Reads a SyncML message in one pass over the scanner. What it does not know it ignores; what breaks the message's own rules is an
// error value with its offset. Whether a command makes sense (a missing CmdID, say) is for the receiver to answer by a Status.
import { LIMITS } from '../../kernel/limits.ts';
import { fail, ok } from '../../kernel/result.ts';
import type { Result } from '../../kernel/result.ts';
import { MICROSOFT_NAMESPACE, SYNCML_NAMESPACE } from './message.ts';
import type { Challenge, Command, Credential, Item, SyncmlHeader, SyncmlMessage } from './message.ts';
import { isOurs, readChallenge, readCredential, readItem, readLocation, readMeta, readNumber } from './parse-parts.ts';
import type { Meta, Reading } from './parse-parts.ts';
import { XmlScanner } from './scanner.ts';

/** Reads a message; `offset` of an error counts UTF-16 units. */
export function parseSyncml(text: string): Result<SyncmlMessage> {
  const scanner = new XmlScanner(text);
  const message = readMessage(scanner);
  if (scanner.failure !== undefined || message === undefined) {
    return fail(scanner.failure ?? { kind: 'format', offset: 0, reason: 'not a SyncML message' });
  }
  return ok(message);
}

function readMessage(scanner: XmlScanner): SyncmlMessage | undefined {
  if (!scanner.enter()) return undefined;
  const root = scanner.name;
  if (root !== 'SyncML' || (scanner.namespace !== SYNCML_NAMESPACE && scanner.namespace !== '')) {
    scanner.fail(0, `the root is <${root}> in "${scanner.namespace}" and not SyncML 1.2`);
    return undefined;
  }
  const reading: Reading = { scanner, namespace: scanner.namespace, commands: 0 };
  let header: SyncmlHeader | undefined;
  let commands: Command[] | undefined;
  const state = { final: false };
  while (scanner.enter()) {
    if (scanner.name === 'SyncHdr' && isOurs(reading) && header === undefined) header = readHeader(reading);
    else if (scanner.name === 'SyncBody' && isOurs(reading) && commands === undefined)
      commands = readCommands(reading, state);
    else scanner.skip();
  }
  scanner.enter(); // nothing may follow the root
  if (header === undefined) scanner.fail(scanner.offset, 'SyncHdr is missing');
  if (commands === undefined) scanner.fail(scanner.offset, 'SyncBody is missing');
  return header === undefined || commands === undefined ? undefined : { header, commands, final: state.final };
}

function readHeader(reading: Reading): SyncmlHeader | undefined {
  const { scanner } = reading;
  const start = scanner.offset;
  let sessionId: string | undefined;
  let msgId: number | undefined;
  let targetUri: string | undefined;
  let sourceUri: string | undefined;
  let maxMsgSize: number | undefined;
  let credential: Credential | undefined;
  while (scanner.enter()) {
    switch (isOurs(reading) ? scanner.name : '') {
      case 'VerDTD':
        readVersion(scanner, '1.2');
        break;
      case 'VerProto':
        readVersion(scanner, 'DM/1.2');
        break;
      case 'SessionID':
        sessionId = scanner.text().trim();
        break;
      case 'MsgID':
        msgId = readNumber(scanner, 'MsgID');
        break;
      case 'Target':
        targetUri = readLocation(reading);
        break;
      case 'Source':
        sourceUri = readLocation(reading);
        break;
      case 'Meta':
        maxMsgSize = readMeta(reading).maxMsgSize;
        break;
      case 'Cred':
        credential = readCredential(reading);
        break;
      default:
        scanner.skip();
    }
  }
  if (sessionId === undefined || msgId === undefined || targetUri === undefined || sourceUri === undefined) {
    scanner.fail(start, 'SyncHdr lacks SessionID, MsgID, Target or Source');
    return undefined;
  }
  return { sessionId, msgId, targetUri, sourceUri, maxMsgSize, credential };
}

function readVersion(scanner: XmlScanner, expected: string): void {
  const start = scanner.offset;
  const version = scanner.text().trim();
  if (version !== expected) scanner.fail(start, `version "${version.slice(0, 20)}" where ${expected} is spoken`);
}

/** The commands of SyncBody, or (without `state`) those of an Atomic or Sequence. */
function readCommands(reading: Reading, state: { final: boolean }): Command[] {
  const commands: Command[] = [];
  while (reading.scanner.enter()) {
    const name = isOurs(reading) ? reading.scanner.name : '';
    if (name === 'Final') {
      state.final = true;
      reading.scanner.skip();
      continue;
    }
    const command = readCommand(reading, name);
    if (command === undefined) reading.scanner.skip();
    else commands.push(command);
  }
  return commands;
}

const TREE_COMMANDS: Readonly<Record<string, 'get' | 'add' | 'replace' | 'delete' | 'exec'>> = {
  Get: 'get',
  Add: 'add',
  Replace: 'replace',
  Delete: 'delete',
  Exec: 'exec',
};
const OTHER_COMMANDS = new Set(['Status', 'Results', 'Alert', 'Atomic', 'Sequence']);

/** Reads the command that was entered; undefined (and nothing consumed) where the element is no command of ours. */
function readCommand(reading: Reading, name: string): Command | undefined {
  const tree = Object.hasOwn(TREE_COMMANDS, name) ? TREE_COMMANDS[name] : undefined;
  if (tree === undefined && !OTHER_COMMANDS.has(name)) return undefined;
  const { scanner } = reading;
  const start = scanner.offset;
  if (++reading.commands > LIMITS.syncmlCommandsMax) {
    scanner.fail(start, `more than ${LIMITS.syncmlCommandsMax} commands`);
    return undefined;
  }
  const parts = readParts(reading, name);
  const { cmdId, items, msgRef, cmdRef } = parts;
  if (tree !== undefined) return { kind: tree, cmdId, items };
  switch (name) {
    case 'Atomic':
      return { kind: 'atomic', cmdId, commands: parts.commands };
    case 'Sequence':
      return { kind: 'sequence', cmdId, commands: parts.commands };
    case 'Alert':
      return { kind: 'alert', cmdId, code: readCode(scanner, start, parts.data), items };
    case 'Results':
      if (cmdRef === undefined) scanner.fail(start, 'Results without CmdRef');
      return { kind: 'results', cmdId, msgRef, cmdRef: cmdRef ?? '', items };
    default: {
      if (cmdRef === undefined || parts.cmd === undefined) scanner.fail(start, 'Status without CmdRef or Cmd');
      const code = readCode(scanner, start, parts.data);
      const { targetRef, originalError, challenge } = parts;
      return {
        kind: 'status',
        cmdId,
        msgRef,
        cmdRef: cmdRef ?? '',
        cmd: parts.cmd ?? '',
        code,
        targetRef,
        originalError,
        challenge,
        items: items.length === 0 ? undefined : items,
      };
    }
  }
}

function readCode(scanner: XmlScanner, start: number, data: string | undefined): number {
  const text = data?.trim() ?? '';
  if (!/^[0-9]{1,5}$/.test(text)) scanner.fail(start, 'the code of an Alert or Status is missing or no number');
  return Number(text);
}

interface Parts {
  cmdId: string;
  items: Item[];
  commands: Command[];
  msgRef: number;
  cmdRef: string | undefined;
  cmd: string | undefined;
  data: string | undefined;
  targetRef: string | undefined;
  originalError: string | undefined;
  challenge: Challenge | undefined;
}

/** All children that any command may have; each command takes what is its own. A missing MsgRef means the first message (RepPro 6.1.11). */
function readParts(reading: Reading, name: string): Parts {
  const { scanner } = reading;
  const parts: Parts = {
    cmdId: '',
    items: [],
    commands: [],
    msgRef: 1,
    cmdRef: undefined,
    cmd: undefined,
    data: undefined,
    targetRef: undefined,
    originalError: undefined,
    challenge: undefined,
  };
  const groups = name === 'Atomic' || name === 'Sequence';
  let meta: Meta | undefined;
  while (scanner.enter()) {
    const child = isOurs(reading) ? scanner.name : '';
    switch (child) {
      case 'CmdID':
        parts.cmdId = scanner.text().trim();
        break;
      case 'MsgRef':
        parts.msgRef = readNumber(scanner, 'MsgRef');
        break;
      case 'CmdRef':
        parts.cmdRef = scanner.text().trim();
        break;
      case 'Cmd':
        parts.cmd = scanner.text().trim();
        break;
      case 'TargetRef':
        parts.targetRef = scanner.text().trim();
        break;
      case 'Data':
        parts.originalError = scanner.attribute(MICROSOFT_NAMESPACE, 'originalerror');
        parts.data = scanner.text();
        break;
      case 'Meta':
        meta = readMeta(reading);
        break;
      case 'Chal':
        parts.challenge = readChallenge(reading);
        break;
      case 'Item':
        parts.items.push(readItem(reading, meta));
        break;
      default: {
        const command = groups ? readCommand(reading, child) : undefined;
        if (command === undefined) scanner.skip();
        else parts.commands.push(command);
      }
    }
  }
  return parts;
}
