// SyncML 1.2 as OMA device management speaks it: `parseSyncml` and `writeSyncml` are inverses. Pure functions over text.
export { parseSyncml } from './syncml/parse.ts';
export { writeAround, writeCommand, writeSyncml } from './syncml/write.ts';
export { ELEMENT_NAMES, isRequest } from './syncml/message.ts';
export { STATUS } from './syncml/status.ts';
export type {
  AlertCommand,
  Challenge,
  Command,
  Credential,
  GroupCommand,
  Item,
  RequestCommand,
  ResultsCommand,
  StatusCommand,
  SyncmlHeader,
  SyncmlMessage,
  TreeCommand,
} from './syncml/message.ts';
