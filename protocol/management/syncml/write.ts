// Writes a SyncML message as Windows does: CmdID first in each command (Intune refuses it elsewhere), children of Meta in
// syncml:metinf, and the namespace of originalerror declared on SyncBody. The inverse of parse.
import { never } from '../../../kernel/result.ts';
import { escapeXml } from '../../encoding/xml.ts';
import { ELEMENT_NAMES, META_NAMESPACE, MICROSOFT_NAMESPACE, SYNCML_NAMESPACE } from './message.ts';
import type { Command, Item, SyncmlHeader, SyncmlMessage } from './message.ts';

const META_XMLNS = ` xmlns="${META_NAMESPACE}"`;
function element(name: string, text: string | number | undefined): string {
  return text === undefined ? '' : `<${name}>${typeof text === 'number' ? text : escapeXml(text)}</${name}>`;
}

function metaElement(name: string, text: string | number | undefined): string {
  return text === undefined
    ? ''
    : `<${name}${META_XMLNS}>${typeof text === 'number' ? text : escapeXml(text)}</${name}>`;
}

function wrap(name: string, inner: string): string {
  return inner === '' ? '' : `<${name}>${inner}</${name}>`;
}

function location(name: string, uri: string | undefined): string {
  return uri === undefined ? '' : `<${name}><LocURI>${escapeXml(uri)}</LocURI></${name}>`;
}

export function writeSyncml(message: SyncmlMessage): string {
  let body = '';
  for (const command of message.commands) body += writeCommand(command);
  return writeAround(message.header, body, message.final);
}

/** A message around commands that were written before (by writeCommand): a server sends thousands of devices the same ones. */
export function writeAround(header: SyncmlHeader, body: string, final: boolean): string {
  const microsoft = body.includes(' msft:originalerror="') ? ` xmlns:msft="${MICROSOFT_NAMESPACE}"` : '';
  return `<SyncML xmlns="${SYNCML_NAMESPACE}">${writeHeader(header)}<SyncBody${microsoft}>${body}${final ? '<Final/>' : ''}</SyncBody></SyncML>`;
}

function writeHeader(header: SyncmlHeader): string {
  const { credential } = header;
  const meta = wrap('Meta', metaElement('MaxMsgSize', header.maxMsgSize));
  const cred =
    credential === undefined
      ? ''
      : `<Cred>${wrap('Meta', metaElement('Format', credential.format) + metaElement('Type', credential.type))}${element('Data', credential.data)}</Cred>`;
  return `<SyncHdr><VerDTD>1.2</VerDTD><VerProto>DM/1.2</VerProto>${element('SessionID', header.sessionId)}${element('MsgID', header.msgId)}${location('Target', header.targetUri)}${location('Source', header.sourceUri)}${cred}${meta}</SyncHdr>`;
}

/** Characters of a command as it will be written: what bounds a message to its receiver's MaxMsgSize. */
export function writeCommand(command: Command): string {
  const name = ELEMENT_NAMES[command.kind];
  const id = command.cmdId === '' ? '' : element('CmdID', command.cmdId);
  switch (command.kind) {
    case 'get':
    case 'add':
    case 'replace':
    case 'delete':
    case 'exec':
      return `<${name}>${id}${writeItems(command.items)}</${name}>`;
    case 'alert':
      return `<${name}>${id}<Data>${command.code}</Data>${writeItems(command.items)}</${name}>`;
    case 'atomic':
    case 'sequence': {
      let inner = '';
      for (const child of command.commands) inner += writeCommand(child);
      return `<${name}>${id}${inner}</${name}>`;
    }
    case 'results':
      return `<${name}>${id}<MsgRef>${command.msgRef}</MsgRef>${element('CmdRef', command.cmdRef)}${writeItems(command.items)}</${name}>`;
    case 'status': {
      const { challenge } = command;
      const chal =
        challenge === undefined
          ? ''
          : `<Chal><Meta>${metaElement('Format', challenge.format)}${metaElement('Type', challenge.type)}${metaElement('NextNonce', challenge.nextNonce)}</Meta></Chal>`;
      const original =
        command.originalError === undefined ? '' : ` msft:originalerror="${escapeXml(command.originalError)}"`;
      return `<${name}>${id}<MsgRef>${command.msgRef}</MsgRef>${element('CmdRef', command.cmdRef)}${element('Cmd', command.cmd)}${element('TargetRef', command.targetRef)}${chal}<Data${original}>${command.code}</Data>${writeItems(command.items ?? [])}</${name}>`;
    }
    default:
      return never(command);
  }
}

function writeItems(items: readonly Item[]): string {
  let written = '';
  for (const item of items) {
    const meta =
      metaElement('Format', item.format) +
      metaElement('Type', item.type) +
      metaElement('Size', item.size) +
      metaElement('Mark', item.mark);
    written += `<Item>${location('Target', item.target)}${location('Source', item.source)}${wrap('Meta', meta)}${element('Data', item.data)}${item.moreData === true ? '<MoreData/>' : ''}</Item>`;
  }
  return written;
}
