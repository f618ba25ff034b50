// The children that commands are made of. Any command may have any of them here; the command takes what is its own.
import type { XmlElement } from '../../encoding/xml.ts';
import { isOurs, readChallenge, readItem, readMeta } from './item.ts';
import type { Meta } from './item.ts';
import { MICROSOFT_NAMESPACE } from './message.ts';
import type { Challenge, Item } from './message.ts';

export interface CommandParts {
  /** Empty where the sender left it out. */
  cmdId: string;
  items: Item[];
  msgRef: string | undefined;
  cmdRef: string | undefined;
  cmd: string | undefined;
  data: string | undefined;
  targetRef: string | undefined;
  originalError: string | undefined;
  challenge: Challenge | undefined;
}

export function readCommandParts(element: XmlElement, ours: string): CommandParts {
  const parts: CommandParts = {
    cmdId: '',
    items: [],
    msgRef: undefined,
    cmdRef: undefined,
    cmd: undefined,
    data: undefined,
    targetRef: undefined,
    originalError: undefined,
    challenge: undefined,
  };
  let meta: Meta | undefined;
  for (const child of element.children) {
    if (!isOurs(child, ours)) continue;
    switch (child.name) {
      case 'CmdID':
        parts.cmdId = child.text.trim();
        break;
      case 'MsgRef':
        parts.msgRef = child.text;
        break;
      case 'CmdRef':
        parts.cmdRef = child.text.trim();
        break;
      case 'Cmd':
        parts.cmd = child.text.trim();
        break;
      case 'TargetRef':
        parts.targetRef = child.text.trim();
        break;
      case 'Data':
        parts.data = child.text;
        parts.originalError = originalError(child);
        break;
      case 'Meta':
        meta = readMeta(child, ours);
        break;
      case 'Chal':
        parts.challenge = readChallenge(child, ours);
        break;
      case 'Item':
        parts.items.push(readItem(child, meta, ours));
        break;
    }
  }
  return parts;
}

function originalError(data: XmlElement): string | undefined {
  for (const { name, namespace, value } of data.attributes) {
    if (name === 'originalerror' && namespace === MICROSOFT_NAMESPACE) return value;
  }
  return undefined;
}
