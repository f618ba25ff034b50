// Items and what stands around them: Meta, locations, credentials, challenges. Everything here is optional, so nothing fails.
import type { XmlElement } from '../../encoding/xml.ts';
import { innerXml } from './inner-xml.ts';
import { META_NAMESPACE } from './message.ts';
import type { Challenge, Credential, Item } from './message.ts';

export interface Meta {
  readonly format: string | undefined;
  readonly type: string | undefined;
  readonly mark: string | undefined;
  readonly nextNonce: string | undefined;
  readonly size: number | undefined;
  readonly maxMsgSize: number | undefined;
}

/**
 * An element of SyncML itself. `ours` is the root's namespace as it was read (a sender may leave namespaces out): elements share
 * that one string, which compares faster than an equal one.
 */
export function isOurs(element: XmlElement, ours: string): boolean {
  return element.namespace === ours;
}

/** A whole number of at most ten digits; blanks around it mean nothing. */
export function wholeNumber(text: string | undefined): number | undefined {
  const trimmed = text?.trim() ?? '';
  return /^[0-9]{1,10}$/.test(trimmed) ? Number(trimmed) : undefined;
}

/** The LocURI of a Source or Target. */
export function readLocation(element: XmlElement, ours: string): string | undefined {
  for (const child of element.children) if (child.name === 'LocURI' && isOurs(child, ours)) return child.text.trim();
  return undefined;
}

export function readMeta(element: XmlElement, ours: string): Meta {
  let format: string | undefined;
  let type: string | undefined;
  let mark: string | undefined;
  let nextNonce: string | undefined;
  let size: number | undefined;
  let maxMsgSize: number | undefined;
  for (const child of element.children) {
    // Some implementations leave syncml:metinf out, so that the children stand in the message's own namespace.
    if (child.namespace !== META_NAMESPACE && !isOurs(child, ours)) continue;
    const text = child.text.trim();
    switch (child.name) {
      case 'Format':
        format = text;
        break;
      case 'Type':
        type = text;
        break;
      case 'Mark':
        mark = text;
        break;
      case 'NextNonce':
        nextNonce = text;
        break;
      case 'Size':
        size = wholeNumber(text);
        break;
      case 'MaxMsgSize':
        maxMsgSize = wholeNumber(text);
        break;
    }
  }
  return { format, type, mark, nextNonce, size, maxMsgSize };
}

/** `commandMeta` is the Meta of the command, which holds for items without their own. */
export function readItem(element: XmlElement, commandMeta: Meta | undefined, ours: string): Item {
  let target: string | undefined;
  let source: string | undefined;
  let data: string | undefined;
  let moreData: boolean | undefined;
  let meta = commandMeta;
  for (const child of element.children) {
    if (!isOurs(child, ours)) continue;
    switch (child.name) {
      case 'Target':
        target = readLocation(child, ours);
        break;
      case 'Source':
        source = readLocation(child, ours);
        break;
      case 'Meta':
        meta = readMeta(child, ours);
        break;
      case 'Data':
        data = child.children.length === 0 ? child.text : innerXml(child);
        break;
      case 'MoreData':
        moreData = true;
        break;
    }
  }
  return { target, source, format: meta?.format, type: meta?.type, size: meta?.size, mark: meta?.mark, data, moreData };
}

export function readCredential(element: XmlElement, ours: string): Credential {
  const { meta, data } = readCredentialParts(element, ours);
  return { format: meta?.format, type: meta?.type, data: data ?? '' };
}

export function readChallenge(element: XmlElement, ours: string): Challenge {
  const { meta } = readCredentialParts(element, ours);
  return { format: meta?.format, type: meta?.type, nextNonce: meta?.nextNonce };
}

function readCredentialParts(element: XmlElement, ours: string): { meta: Meta | undefined; data: string | undefined } {
  let meta: Meta | undefined;
  let data: string | undefined;
  for (const child of element.children) {
    if (child.name === 'Meta' && isOurs(child, ours)) meta = readMeta(child, ours);
    else if (child.name === 'Data' && isOurs(child, ours)) data = child.text;
  }
  return { meta, data };
}
