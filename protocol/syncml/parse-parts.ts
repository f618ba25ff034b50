// The pieces that header and commands of a SyncML message share: Meta, locations, numbers, items, credentials.
import { META_NAMESPACE } from './message.ts';
import type { Challenge, Credential, Item } from './message.ts';
import type { XmlScanner } from './scanner.ts';

export interface Meta {
  format: string | undefined;
  type: string | undefined;
  mark: string | undefined;
  nextNonce: string | undefined;
  size: number | undefined;
  maxMsgSize: number | undefined;
}

export interface Reading {
  readonly scanner: XmlScanner;
  /** The root's namespace, in which the message's own elements stand; metinf is allowed for the children of Meta. */
  readonly namespace: string;
  commands: number;
}

export function isOurs(reading: Reading): boolean {
  return reading.scanner.namespace === reading.namespace;
}

export function readNumber(scanner: XmlScanner, what: string): number {
  const start = scanner.offset;
  const text = scanner.text().trim();
  if (!/^[0-9]{1,10}$/.test(text)) scanner.fail(start, `${what} is not a number`);
  return Number(text);
}

export function readLocation(reading: Reading): string | undefined {
  let location: string | undefined;
  while (reading.scanner.enter()) {
    if (reading.scanner.name === 'LocURI' && isOurs(reading)) location = reading.scanner.text().trim();
    else reading.scanner.skip();
  }
  return location;
}

export function readMeta(reading: Reading): Meta {
  const { scanner } = reading;
  const meta: Meta = {
    format: undefined,
    type: undefined,
    mark: undefined,
    nextNonce: undefined,
    size: undefined,
    maxMsgSize: undefined,
  };
  while (scanner.enter()) {
    // Some implementations leave the namespace out, so that the children stand in the message's own.
    switch (scanner.namespace === META_NAMESPACE || isOurs(reading) ? scanner.name : '') {
      case 'Format':
        meta.format = scanner.text().trim();
        break;
      case 'Type':
        meta.type = scanner.text().trim();
        break;
      case 'Mark':
        meta.mark = scanner.text().trim();
        break;
      case 'NextNonce':
        meta.nextNonce = scanner.text().trim();
        break;
      case 'Size':
        meta.size = readNumber(scanner, 'Size');
        break;
      case 'MaxMsgSize':
        meta.maxMsgSize = readNumber(scanner, 'MaxMsgSize');
        break;
      default:
        scanner.skip();
    }
  }
  return meta;
}

export function readCredential(reading: Reading): Credential {
  const { scanner } = reading;
  let meta: Meta | undefined;
  let data = '';
  while (scanner.enter()) {
    if (scanner.name === 'Meta' && isOurs(reading)) meta = readMeta(reading);
    else if (scanner.name === 'Data' && isOurs(reading)) data = scanner.text();
    else scanner.skip();
  }
  return { format: meta?.format, type: meta?.type, data };
}

export function readChallenge(reading: Reading): Challenge | undefined {
  let challenge: Challenge | undefined;
  while (reading.scanner.enter()) {
    if (reading.scanner.name === 'Meta' && isOurs(reading)) {
      const meta = readMeta(reading);
      challenge = { format: meta.format, type: meta.type, nextNonce: meta.nextNonce };
    } else reading.scanner.skip();
  }
  return challenge;
}

export function readItem(reading: Reading, commandMeta: Meta | undefined): Item {
  const { scanner } = reading;
  let target: string | undefined;
  let source: string | undefined;
  let data: string | undefined;
  let moreData: boolean | undefined;
  let meta = commandMeta;
  while (scanner.enter()) {
    switch (isOurs(reading) ? scanner.name : '') {
      case 'Target':
        target = readLocation(reading);
        break;
      case 'Source':
        source = readLocation(reading);
        break;
      case 'Meta':
        meta = readMeta(reading);
        break;
      case 'Data':
        data = scanner.content();
        break;
      case 'MoreData':
        moreData = true;
        scanner.skip();
        break;
      default:
        scanner.skip();
    }
  }
  return { target, source, format: meta?.format, type: meta?.type, size: meta?.size, mark: meta?.mark, data, moreData };
}
