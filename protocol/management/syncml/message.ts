// The SyncML 1.2 messages of OMA device management as values: what parse makes and write takes. No behaviour here.
// Sources: OMA-TS-SyncML-RepPro-V1_2_2, OMA-TS-DM_Protocol-V1_2_1, [MS-MDM] 2.2.

export const SYNCML_NAMESPACE = 'SYNCML:SYNCML1.2';
/** Namespace of the children of Meta. */
export const META_NAMESPACE = 'syncml:metinf';
/** Namespace of `originalerror` on the Data of a Status ([MS-MDM] 2.2.3.4). */
export const MICROSOFT_NAMESPACE = 'http://schemas.microsoft.com/MobileDevice/MDM';

/** Cred of a SyncHdr: application-level authentication ("syncml:auth-md5", "syncml:auth-basic"). */
export interface Credential {
  readonly format?: string | undefined;
  readonly type?: string | undefined;
  readonly data: string;
}

export interface SyncmlHeader {
  /** Decimal up to 65535, or hexadecimal where the version was negotiated: an opaque string of at most 4 bytes here. */
  readonly sessionId: string;
  readonly msgId: number;
  readonly targetUri: string;
  readonly sourceUri: string;
  /** The largest message that the sender takes, in bytes. */
  readonly maxMsgSize?: number | undefined;
  readonly credential?: Credential | undefined;
}

/** One Item; a command's own Meta has been copied into the items that lack one. */
export interface Item {
  /** Target/LocURI. */
  readonly target?: string | undefined;
  /** Source/LocURI. */
  readonly source?: string | undefined;
  /** Meta/Format: chr, int, bool, b64, xml, node, null, bin... */
  readonly format?: string | undefined;
  /** Meta/Type: a MIME type, or the type of an alert. */
  readonly type?: string | undefined;
  /** Meta/Size: the whole object's size when it comes in chunks. */
  readonly size?: number | undefined;
  /** Meta/Mark: how grave an alert is (informational, warning, error, critical, fatal). */
  readonly mark?: string | undefined;
  /** Character data, decoded; the inner source where Data holds elements. */
  readonly data?: string | undefined;
  /** The object goes on in the next message. */
  readonly moreData?: boolean | undefined;
}

/** Identifier of a command within its message; an empty string where the sender left it out, which is answered by 400. */
export type CommandId = string;

export interface AlertCommand {
  readonly kind: 'alert';
  readonly cmdId: CommandId;
  /** 1200 server-initiated, 1201 client-initiated, 1222 more messages, 1223 abort, 1224 client event, 1226 generic. */
  readonly code: number;
  readonly items: readonly Item[];
}

export interface TreeCommand {
  readonly kind: 'get' | 'add' | 'replace' | 'delete' | 'exec';
  readonly cmdId: CommandId;
  readonly items: readonly Item[];
}

export interface GroupCommand {
  readonly kind: 'atomic' | 'sequence';
  readonly cmdId: CommandId;
  readonly commands: readonly Command[];
}

/** Chal of a Status: how the receiver wants to be authenticated to. */
export interface Challenge {
  readonly format?: string | undefined;
  readonly type?: string | undefined;
  readonly nextNonce?: string | undefined;
}

export interface StatusCommand {
  readonly kind: 'status';
  readonly cmdId: CommandId;
  readonly msgRef: number;
  /** "0" refers to the header. */
  readonly cmdRef: string;
  /** Element name of the command that this answers: "SyncHdr", "Get", ... */
  readonly cmd: string;
  readonly code: number;
  readonly targetRef?: string | undefined;
  /** HRESULT behind the code as written, "0x86000002". */
  readonly originalError?: string | undefined;
  readonly challenge?: Challenge | undefined;
  readonly items?: readonly Item[] | undefined;
}

export interface ResultsCommand {
  readonly kind: 'results';
  readonly cmdId: CommandId;
  readonly msgRef: number;
  readonly cmdRef: string;
  readonly items: readonly Item[];
}

export type Command = AlertCommand | TreeCommand | GroupCommand | StatusCommand | ResultsCommand;
/** A command that its receiver must answer by a Status. */
export type RequestCommand = Exclude<Command, StatusCommand | ResultsCommand>;

export interface SyncmlMessage {
  readonly header: SyncmlHeader;
  readonly commands: readonly Command[];
  /** The last message of its package. */
  readonly final: boolean;
}

/** Element names by kind, as the Cmd of a Status gives them. */
export const ELEMENT_NAMES = {
  alert: 'Alert',
  get: 'Get',
  add: 'Add',
  replace: 'Replace',
  delete: 'Delete',
  exec: 'Exec',
  atomic: 'Atomic',
  sequence: 'Sequence',
  status: 'Status',
  results: 'Results',
} as const satisfies Record<Command['kind'], string>;

export function isRequest(command: Command): command is RequestCommand {
  return command.kind !== 'status' && command.kind !== 'results';
}
