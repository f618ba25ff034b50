// A SyncML message with its element names: commands grouped by name, each with its CmdID, so that the order is not lost. User
// tokens, credentials and the secrets of certificates are not shown.
import { never, ok } from '../../kernel/result.ts';
import type { Result } from '../../kernel/result.ts';
import { fromBase64 } from '../encoding/base64.ts';
import { ELEMENT_NAMES, parseSyncml } from '../management/syncml.ts';
import type { Command, Item } from '../management/syncml.ts';
import type { Explanation } from './explainer.ts';
import { inputText } from './input.ts';
import { explainMsiJobText } from './msi-job.ts';
import { explainTokenText } from './token.ts';
import { masked } from './values.ts';

export function explainSyncml(bytes: Uint8Array): Result<Explanation> {
  const read = parseSyncml(inputText(bytes));
  if (!read.ok) return read;
  const { header, commands, final } = read.value;
  return ok({
    kind: 'syncml',
    SyncHdr: {
      VerDTD: '1.2',
      VerProto: 'DM/1.2',
      SessionID: header.sessionId,
      MsgID: header.msgId,
      Target: { LocURI: header.targetUri },
      Source: { LocURI: header.sourceUri },
      ...(header.maxMsgSize === undefined ? {} : { Meta: { MaxMsgSize: header.maxMsgSize } }),
      ...(header.credential === undefined
        ? {}
        : { Cred: { Meta: { Type: header.credential.type }, Data: masked(header.credential.data) } }),
    },
    SyncBody: { ...explainCommands(commands), ...(final ? { Final: true } : {}) },
  });
}

function explainCommands(commands: readonly Command[]): Record<string, object[]> {
  const byName: Record<string, object[]> = {};
  for (const command of commands) (byName[ELEMENT_NAMES[command.kind]] ??= []).push(explainCommand(command));
  return byName;
}

function explainCommand(command: Command): object {
  const { cmdId } = command;
  switch (command.kind) {
    case 'alert':
      return { CmdID: cmdId, Data: command.code, Item: command.items.map(explainItem) };
    case 'atomic':
    case 'sequence':
      return { CmdID: cmdId, ...explainCommands(command.commands) };
    case 'status':
      return {
        CmdID: cmdId,
        MsgRef: command.msgRef,
        CmdRef: command.cmdRef,
        Cmd: command.cmd,
        TargetRef: command.targetRef,
        Data: command.code,
        originalerror: command.originalError,
        ...(command.challenge === undefined ? {} : { Chal: { Meta: { Type: command.challenge.type } } }),
        ...(command.items === undefined ? {} : { Item: command.items.map(explainItem) }),
      };
    case 'results':
      return {
        CmdID: cmdId,
        MsgRef: command.msgRef,
        CmdRef: command.cmdRef,
        Item: command.items.map(explainItem),
      };
    case 'get':
    case 'add':
    case 'replace':
    case 'delete':
    case 'exec':
      return { CmdID: cmdId, Item: command.items.map(explainItem) };
    default:
      return never(command);
  }
}

function explainItem(item: Item): object {
  const meta = { Format: item.format, Type: item.type, Size: item.size, Mark: item.mark };
  return {
    ...(item.target === undefined ? {} : { Target: { LocURI: item.target } }),
    ...(item.source === undefined ? {} : { Source: { LocURI: item.source } }),
    ...(Object.values(meta).some((value) => value !== undefined) ? { Meta: meta } : {}),
    ...(item.data === undefined ? {} : { Data: explainData(item, item.data) }),
    ...(item.moreData ? { MoreData: true } : {}),
  };
}

/** Nodes that a server sets to secrets (ClientCertificateInstall CSP); a PFX can be opened by whoever reads the password beside it. */
const SECRET_NODE = /\/(?:Install\/Challenge|PFXCertBlob|PFXCertPassword)$/;

function explainData(item: Item, data: string): unknown {
  if (SECRET_NODE.test(item.target ?? item.source ?? '')) return masked(data);
  if (item.type?.endsWith('AADUserToken')) {
    const decoded = fromBase64(data);
    const token = explainTokenText(decoded === undefined ? data : Buffer.from(decoded).toString('utf8'));
    return token.ok ? token.value : masked(data);
  }
  if (data.trimStart().startsWith('<MsiInstallJob')) {
    const job = explainMsiJobText(data);
    if (job.ok) return job.value;
  }
  return data;
}
