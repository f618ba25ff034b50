// A round: the commands of one message, written once for all devices of a group. Where a device's own values belong, the text has
// gaps that are filled when the round is sent, so that sending costs a concatenation and not a message's worth of XML.
import { writeCommand } from '../../protocol/management/syncml.ts';
import type { RequestCommand } from '../../protocol/management/syncml.ts';
import { escapeXml } from '../../protocol/encoding/xml.ts';
import type { Scope } from './commands.ts';

/** A device's own value. Certificates are numbered from 1 in their scope. */
export type OwnValue =
  | 'managed-device-id'
  | 'entra-device-id'
  | 'upn'
  | `scep-challenge ${Scope} ${number}`
  | `pfx-blob ${Scope} ${number}`
  | `pfx-password ${Scope} ${number}`;

export interface Round {
  /** Commands, with those in groups: their CmdIDs are 1 to this. */
  readonly commands: number;
  /** The text before, between and after the gaps. */
  readonly texts: readonly string[];
  /** What is put into each gap. */
  readonly gaps: readonly OwnValue[];
}

/** A round as one device gets it. */
export interface FilledRound {
  readonly commands: number;
  readonly text: string;
}

/** Around the name of a value in a command's data: characters for private use. */
const OPEN = '\ue000';
const CLOSE = '\ue001';
const GAP =
  /\ue000(managed-device-id|entra-device-id|upn|(?:scep-challenge|pfx-blob|pfx-password) (?:device|user) \d+)\ue001/;

/** Stands for a device's own value in a command's data until the round is sent. */
export function own(value: OwnValue): string {
  return `${OPEN}${value}${CLOSE}`;
}

export function writeRound(commands: readonly RequestCommand[]): Round {
  const { all, last } = numbered(commands);
  const pieces = all.map(writeCommand).join('').split(GAP);
  return {
    commands: last,
    texts: pieces.filter((_, i) => i % 2 === 0),
    gaps: pieces.filter((_, i) => i % 2 === 1) as OwnValue[],
  };
}

export function fillRound({ commands, texts, gaps }: Round, valueOf: (value: OwnValue) => string): FilledRound {
  let text = texts[0]!;
  for (const [i, gap] of gaps.entries()) text += escapeXml(valueOf(gap)) + texts[i + 1]!;
  return { commands, text };
}

/** The same commands with CmdIDs from 1 in the order of the document. */
function numbered(commands: readonly RequestCommand[]): { all: RequestCommand[]; last: number } {
  let last = 0;
  const number = (command: RequestCommand): RequestCommand => {
    const cmdId = String(++last);
    if (command.kind !== 'atomic' && command.kind !== 'sequence') return { ...command, cmdId };
    return { ...command, cmdId, commands: (command.commands as readonly RequestCommand[]).map(number) };
  };
  return { all: commands.map(number), last };
}
