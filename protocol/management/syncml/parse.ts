// Reads a SyncML message. What it does not know it ignores; what breaks the message's own rules is an error value with its
// offset. Whether a command makes sense (a missing CmdID, say) is for the receiver to answer by a Status.
import { LIMITS } from '../../../kernel/limits.ts';
import { malformed, never, ok } from '../../../kernel/result.ts';
import type { FormatError, Result } from '../../../kernel/result.ts';
import { readXml } from '../../encoding/xml.ts';
import type { XmlElement } from '../../encoding/xml.ts';
import { readCommandParts } from './command-parts.ts';
import type { CommandParts } from './command-parts.ts';
import { isOurs, readCredential, readLocation, readMeta, wholeNumber } from './item.ts';
import { ELEMENT_NAMES, SYNCML_NAMESPACE } from './message.ts';
import type { Command, Credential, StatusCommand, SyncmlHeader, SyncmlMessage } from './message.ts';

const KINDS: ReadonlyMap<string, Command['kind']> = new Map(
  (Object.keys(ELEMENT_NAMES) as Command['kind'][]).map((kind) => [ELEMENT_NAMES[kind], kind]),
);

/** Reads a message; `offset` of an error counts UTF-16 units. */
export function parseSyncml(text: string): Result<SyncmlMessage> {
  const document = readXml(text);
  if (!document.ok) return document;
  const root = document.value;
  if (root.name !== 'SyncML' || (root.namespace !== SYNCML_NAMESPACE && root.namespace !== '')) {
    return malformed(root.offset, `the root is <${root.name}> in "${root.namespace}" and not SyncML 1.2`);
  }
  const reading = new Reading(root.namespace);
  let header: SyncmlHeader | undefined;
  let body: XmlElement | undefined;
  for (const child of root.children) {
    if (!isOurs(child, root.namespace)) continue;
    if (child.name === 'SyncHdr') header ??= reading.header(child);
    else if (child.name === 'SyncBody') body ??= child;
  }
  if (body === undefined) return malformed(root.offset, 'SyncBody is missing');
  if (header === undefined) reading.complain(root.offset, 'SyncHdr is missing');
  const commands = reading.commands(body);
  const final = body.children.some((child) => child.name === 'Final' && isOurs(child, root.namespace));
  if (reading.error !== undefined || header === undefined)
    return malformed(reading.error?.offset ?? 0, reading.error?.reason ?? 'not a SyncML message');
  return ok({ header, commands, final });
}

/** One reading: how many commands there were, and the first thing that was wrong. */
class Reading {
  error: FormatError | undefined;
  /** Namespace of the root. */
  readonly #ours: string;
  #commands = 0;

  constructor(ours: string) {
    this.#ours = ours;
  }

  complain(offset: number, reason: string): void {
    this.error ??= { kind: 'format', offset, reason };
  }

  header(element: XmlElement): SyncmlHeader | undefined {
    let sessionId: string | undefined;
    let msgId: string | undefined;
    let targetUri: string | undefined;
    let sourceUri: string | undefined;
    let maxMsgSize: number | undefined;
    let credential: Credential | undefined;
    for (const child of element.children) {
      switch (isOurs(child, this.#ours) ? child.name : '') {
        case 'VerDTD':
          this.#expect(child, '1.2');
          break;
        case 'VerProto':
          this.#expect(child, 'DM/1.2');
          break;
        case 'SessionID':
          sessionId = child.text.trim();
          break;
        case 'MsgID':
          msgId = child.text;
          break;
        case 'Target':
          targetUri = readLocation(child, this.#ours);
          break;
        case 'Source':
          sourceUri = readLocation(child, this.#ours);
          break;
        case 'Meta':
          maxMsgSize = readMeta(child, this.#ours).maxMsgSize;
          break;
        case 'Cred':
          credential = readCredential(child, this.#ours);
          break;
      }
    }
    if (sessionId === undefined || msgId === undefined || targetUri === undefined || sourceUri === undefined) {
      this.complain(element.offset, 'SyncHdr lacks SessionID, MsgID, Target or Source');
      return undefined;
    }
    return { sessionId, msgId: this.#number(element, msgId, 'MsgID'), targetUri, sourceUri, maxMsgSize, credential };
  }

  /** The commands among the children of SyncBody, Atomic or Sequence. */
  commands(element: XmlElement): Command[] {
    const commands: Command[] = [];
    for (const child of element.children) {
      const command = isOurs(child, this.#ours) ? this.#command(child) : undefined;
      if (command !== undefined) commands.push(command);
    }
    return commands;
  }

  #command(element: XmlElement): Command | undefined {
    const kind = KINDS.get(element.name);
    if (kind === undefined) return undefined;
    if (++this.#commands > LIMITS.syncmlCommandsMax) {
      this.complain(element.offset, `more than ${LIMITS.syncmlCommandsMax} commands`);
      return undefined;
    }
    const parts = readCommandParts(element, this.#ours);
    const { cmdId, items } = parts;
    switch (kind) {
      case 'atomic':
      case 'sequence':
        return { kind, cmdId, commands: this.commands(element) };
      case 'alert':
        return { kind, cmdId, code: this.#number(element, parts.data, 'the code of an Alert'), items };
      case 'results':
        if (parts.cmdRef === undefined) this.complain(element.offset, 'Results without CmdRef');
        return { kind, cmdId, msgRef: this.#msgRef(element, parts), cmdRef: parts.cmdRef ?? '', items };
      case 'status':
        return this.#status(element, parts);
      case 'get':
      case 'add':
      case 'replace':
      case 'delete':
      case 'exec':
        return { kind, cmdId, items };
      default:
        return never(kind);
    }
  }

  #status(element: XmlElement, parts: CommandParts): StatusCommand {
    const { cmdId, cmdRef, cmd, targetRef, originalError, challenge, items } = parts;
    if (cmdRef === undefined || cmd === undefined) this.complain(element.offset, 'Status without CmdRef or Cmd');
    return {
      kind: 'status',
      cmdId,
      msgRef: this.#msgRef(element, parts),
      cmdRef: cmdRef ?? '',
      cmd: cmd ?? '',
      code: this.#number(element, parts.data, 'the code of a Status'),
      targetRef,
      originalError,
      challenge,
      items: items.length === 0 ? undefined : items,
    };
  }

  /** A missing MsgRef means the first message (OMA-TS-SyncML-RepPro-V1_2_2, 6.1.11). */
  #msgRef(element: XmlElement, parts: CommandParts): number {
    return parts.msgRef === undefined ? 1 : this.#number(element, parts.msgRef, 'MsgRef');
  }

  #expect(element: XmlElement, version: string): void {
    const found = element.text.trim();
    if (found !== version) {
      this.complain(element.offset, `${element.name} is "${found.slice(0, 20)}" where ${version} is spoken`);
    }
  }

  #number(element: XmlElement, text: string | undefined, what: string): number {
    const number = wholeNumber(text);
    if (number === undefined) this.complain(element.offset, `${what} is missing or no number`);
    return number ?? 0;
  }
}
