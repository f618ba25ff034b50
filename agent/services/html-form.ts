// Reads the one form of a sign-in or terms-of-use page, as a browser would: where it goes, what it carries, what is typed into it.
// A page is hostile input like any other; what is not a form of a few fields is an error value.
import { malformed, ok } from '../../kernel/result.ts';
import type { Result } from '../../kernel/result.ts';

export interface HtmlForm {
  /** '' where it has none. */
  readonly id: string;
  /** Absolute. */
  readonly action: string;
  readonly fields: readonly HtmlField[];
}

export interface HtmlField {
  readonly name: string;
  readonly type: string;
  readonly value: string;
  /** Nobody can type into it. */
  readonly readonly: boolean;
}

export interface HtmlElement {
  readonly attributes: Readonly<Record<string, string>>;
  /** Text up to the next tag. */
  readonly text: string;
}

/** Fields of a form: sign-in pages have under twenty. */
const FIELDS_MAX = 64;
/** A value in quotes may hold what would otherwise end the tag: AD FS writes XML into one. */
const TAG = /<(form|input|\/form)\b((?:[^>"']|"[^"]*"|'[^']*')*)>/gi;
const ATTRIBUTE = /([a-zA-Z][a-zA-Z0-9-]*)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?/g;
const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** The first form of the page; relative actions are resolved against the page's URL. */
export function readHtmlForm(html: string, pageUrl: string): Result<HtmlForm> {
  let action: string | undefined;
  let id = '';
  const fields: HtmlField[] = [];
  for (const tag of html.matchAll(TAG)) {
    const name = tag[1]!.toLowerCase();
    if (name === '/form' && action !== undefined) return ok({ id, action, fields });
    const attributes = readAttributes(tag[2]!);
    if (name === 'form' && action === undefined) {
      action = resolveUrl(attributes['action'] ?? '', pageUrl);
      id = attributes['id'] ?? '';
      if (action === undefined) return malformed(tag.index, "the form's action is not a URL");
    } else if (name === 'input' && action !== undefined && attributes['name'] !== undefined) {
      if (fields.length === FIELDS_MAX) return malformed(tag.index, `the form has more than ${FIELDS_MAX} fields`);
      const { name: field, type = 'text', value = '' } = attributes;
      fields.push({ name: field, type: type.toLowerCase(), value, readonly: 'readonly' in attributes });
    }
  }
  return malformed(html.length, 'the page has no form');
}

/** The element of an id, if the page has it. */
export function elementById(html: string, id: string): HtmlElement | undefined {
  const found = new RegExp(`<[a-z][a-z0-9]*\\b([^>]*\\bid="${id}"[^>]*)>([^<]*)`, 'i').exec(html);
  return found === null ? undefined : { attributes: readAttributes(found[1]!), text: decodeEntities(found[2]!) };
}

/** An absolute URL; undefined where there is none. */
export function resolveUrl(reference: string, base: string): string | undefined {
  return URL.canParse(reference, base) ? new URL(reference, base).href : undefined;
}

function readAttributes(text: string): Record<string, string> {
  const attributes: Record<string, string> = {};
  for (const [, name, quoted, single, bare] of text.matchAll(ATTRIBUTE)) {
    attributes[name!.toLowerCase()] = decodeEntities(quoted ?? single ?? bare ?? '');
  }
  return attributes;
}

function decodeEntities(text: string): string {
  return text.replace(/&(?:#x([0-9a-f]{1,6})|#([0-9]{1,7})|([a-z]+));/gi, (whole, hex, decimal, name) => {
    if (name !== undefined) return ENTITIES[String(name).toLowerCase()] ?? whole;
    const point = hex === undefined ? Number(decimal) : Number.parseInt(String(hex), 16);
    return point <= 0x10ffff ? String.fromCodePoint(point) : whole;
  });
}
