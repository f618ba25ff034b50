// The reading position in an XML text and what is read there without knowing the tree: names, character data, attribute values,
// comments. Methods return undefined (an offset: -1) when they have set `error`.
import type { FormatError } from '../../kernel/result.ts';
import {
  BRACKET,
  DATA_CLASS,
  FORBIDDEN,
  FORBIDDEN_CHARACTER,
  LESS_THAN,
  NAME,
  NAME_CLASS,
  PLAIN,
  REFERENCE,
  RETURN,
  resolveReferences,
  TABULATION,
} from './xml-characters.ts';

const TAB = 9;
const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;
const SPACE = 32;
const COLON = 58;
const EQUALS = 61;
const GREATER = 62;
const QUESTION = 63;

export class XmlCursor {
  readonly text: string;
  at = 0;
  /** Bits of the characters that `characters` saw last. */
  seen = 0;
  error: FormatError = { kind: 'format', offset: 0, reason: 'nothing was read' };

  constructor(text: string) {
    this.text = text;
  }

  fail(offset: number, reason: string): undefined {
    this.error = { kind: 'format', offset, reason };
    return undefined;
  }

  /** Moves past blanks; whether there was one. */
  skipBlanks(): boolean {
    const start = this.at;
    while (isBlank(this.text.charCodeAt(this.at))) this.at++;
    return this.at > start;
  }

  /** Moves past a name; returns where its colon is, -1 for none. */
  name(): number | undefined {
    const text = this.text;
    const start = this.at;
    let at = start;
    let colon = -1;
    let ascii = true;
    for (; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code >= 128) ascii = false;
      else if (NAME_CLASS[code] === 0) {
        if (code !== COLON || colon >= 0) break;
        colon = at;
      }
    }
    const local = colon < 0 ? start : colon + 1;
    const good = ascii
      ? NAME_CLASS[text.charCodeAt(start)] === 1 && NAME_CLASS[text.charCodeAt(local)] === 1
      : NAME.test(text.slice(local, at)) && (colon < 0 || NAME.test(text.slice(start, colon)));
    if (!good) return this.fail(start, 'a name is expected');
    this.at = at;
    return colon;
  }

  /** Where the characters from `start` end: at the next '<' or at `limit`. Notes in `seen` what they were; -1 for an error. */
  characters(start: number, limit: number): number {
    const text = this.text;
    let at = start;
    let seen = 0;
    for (; at < limit; at++) {
      const code = text.charCodeAt(at);
      const bits = code < 128 ? DATA_CLASS[code]! : code < 0xfffe ? PLAIN : FORBIDDEN;
      if (bits >= FORBIDDEN) {
        if (bits === LESS_THAN) break;
        this.fail(at, 'a character that XML does not allow');
        return -1;
      }
      seen |= bits;
    }
    this.seen = seen;
    return at;
  }

  /** The value of the characters just scanned: line ends normalised, references resolved. */
  resolved(start: number, end: number, attribute = false): string | undefined {
    let value = this.text.slice(start, end);
    const seen = this.seen;
    if (!attribute && (seen & BRACKET) !== 0 && value.includes(']]>')) {
      return this.fail(start + value.indexOf(']]>'), '"]]>" in character data');
    }
    if ((seen & RETURN) !== 0) value = value.replace(/\r\n?/g, '\n');
    if (attribute && (seen & (TABULATION | RETURN)) !== 0) value = value.replace(/[\t\n]/g, ' ');
    if ((seen & REFERENCE) === 0) return value;
    const resolved = resolveReferences(value);
    return typeof resolved === 'string' ? resolved : this.fail(start + resolved, "'&' begins no known reference");
  }

  /** `="value"` after an attribute's name. */
  attributeValue(): string | undefined {
    const text = this.text;
    this.skipBlanks();
    if (text.charCodeAt(this.at) !== EQUALS) return this.fail(this.at, 'an attribute has no value');
    this.at++;
    this.skipBlanks();
    const quote = text[this.at];
    if (quote !== '"' && quote !== "'") return this.fail(this.at, 'an attribute value is not quoted');
    const start = this.at + 1;
    const end = text.indexOf(quote, start);
    if (end < 0) return this.fail(this.at, 'an attribute value does not end');
    const scanned = this.characters(start, end);
    if (scanned < 0) return undefined;
    if (scanned < end) return this.fail(scanned, "there is a '<' in an attribute value");
    this.at = end + 1;
    return this.resolved(start, end, true);
  }

  /**
   * Moves past a comment, a processing instruction or, where an element is open, a CDATA section; returns the section's text.
   * `next` is the character after '<'.
   */
  markup(next: number, open: boolean): string | undefined {
    const text = this.text;
    const offset = this.at;
    let content = '';
    let end: number;
    if (next === QUESTION) {
      end = this.#instructionEnd();
      this.at = end + 2;
    } else if (text.startsWith('<!--', offset)) {
      end = text.indexOf('--', offset + 4);
      if (end >= 0 && text.charCodeAt(end + 2) !== GREATER) end = -1;
      this.at = end + 3;
    } else if (open && text.startsWith('<![CDATA[', offset)) {
      end = text.indexOf(']]>', offset + 9);
      if (end >= 0) content = text.slice(offset + 9, end).replace(/\r\n?/g, '\n');
      this.at = end + 3;
    } else {
      const doctype = text.startsWith('<!DOCTYPE', offset);
      return this.fail(offset, doctype ? 'a DOCTYPE is not accepted' : 'a declaration is not accepted here');
    }
    if (end < 0) return this.fail(offset, 'a comment, CDATA section or processing instruction is malformed');
    const forbidden = text.slice(offset, end).search(FORBIDDEN_CHARACTER);
    return forbidden < 0 ? content : this.fail(offset + forbidden, 'a character that XML does not allow');
  }

  /** Where the '?>' of an instruction is; -1 if it is none, or an XML declaration in a wrong place. */
  #instructionEnd(): number {
    const text = this.text;
    const start = this.at + 2;
    this.at = start;
    if (this.name() === undefined) return -1;
    const target = text.slice(start, this.at);
    const end = text.indexOf('?>', this.at);
    const separated = end === this.at || this.skipBlanks();
    return separated && !target.includes(':') && target.toLowerCase() !== 'xml' ? end : -1;
  }
}

export function isBlank(code: number): boolean {
  return code === SPACE || code === LINE_FEED || code === CARRIAGE_RETURN || code === TAB;
}
