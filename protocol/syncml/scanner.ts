// A pull scanner over namespaced XML: the caller asks for the next child, text or attribute, and nothing is built that it does
// not ask for. It exists because SyncML is the hot path of a run (about 14 messages a device), where building a tree of
// every element costs more than the rest of the exchange. A failure is sticky: the first one is kept, and from then on
// every question answers "no more", so callers need no check of their own until they are done.
import { LIMITS } from '../../kernel/limits.ts';
import type { FormatError } from '../../kernel/result.ts';
import { decodeReference, FORBIDDEN, isSpace, NAME_CHARACTERS } from './characters.ts';

const XML_NAMESPACE = 'http://www.w3.org/XML/1998/namespace';
const NOT_SPACE = /[^ \t\r\n]/;
const [SLASH, GREATER, BANG, QUESTION, COLON, EQUALS, QUOTE, APOSTROPHE] = [47, 62, 33, 63, 58, 61, 34, 39];

interface Attribute {
  readonly prefix: string;
  readonly name: string;
  readonly value: string;
}

/**
 * Reads one document. `enter` steps into the next child of the current element, or leaves the element and answers false; an
 * element that was entered must be finished by a loop over `enter`, by `text`, by `content` or by `skip`.
 */
export class XmlScanner {
  readonly #text: string;
  readonly #hasCarriageReturn: boolean;
  #position = 0;
  #failure: FormatError | undefined;
  #rootSeen = false;
  #selfClosed = false;
  #elements = 0;
  #attributes: Attribute[] = [];
  readonly #names: string[] = [];
  readonly #bindingMarks: number[] = [];
  readonly #prefixes: string[] = ['xml', ''];
  readonly #namespaces: string[] = [XML_NAMESPACE, ''];
  /** Local name and namespace of the element entered last. */
  name = '';
  namespace = '';

  constructor(text: string) {
    this.#text = text;
    this.#hasCarriageReturn = text.includes('\r');
    if (text.length > LIMITS.xmlCharactersMax)
      this.fail(LIMITS.xmlCharactersMax, `the document is longer than ${LIMITS.xmlCharactersMax} characters`);
    else if (FORBIDDEN.test(text)) this.fail(text.search(FORBIDDEN), 'a control character stands in the document');
    if (text.charCodeAt(0) === 0xfeff) this.#position = 1;
  }

  get failure(): FormatError | undefined {
    return this.#failure;
  }

  /** Where the scanner stands, in UTF-16 units. */
  get offset(): number {
    return this.#position;
  }

  /** Ends the reading with a reason; the first one counts. Answers false, so that it can end an expression. */
  fail(offset: number, reason: string): false {
    this.#failure ??= { kind: 'format', offset, reason };
    return false;
  }

  enter(): boolean {
    if (this.#failure !== undefined) return false;
    if (this.#leaveSelfClosed()) return false;
    for (;;) {
      const open = this.#nextMarkup();
      if (open < 0) return false;
      const code = this.#text.charCodeAt(open + 1);
      if (code === SLASH) {
        this.#close(open);
        return false;
      }
      if (code === BANG || code === QUESTION) {
        if (!this.#skipMarkup(open, code)) return false;
      } else return this.#open(open);
    }
  }

  /** The element's own text, decoded; child elements are skipped. Finishes the element. */
  text(): string {
    return this.#read(false);
  }

  /** Like `text`, but an element that holds elements answers its inner source as it stands. */
  content(): string {
    return this.#read(true);
  }

  /** Finishes the element without looking at it (it must still be well formed). */
  skip(): void {
    let depth = 1;
    while (depth > 0 && this.#failure === undefined) depth += this.enter() ? 1 : -1;
  }

  /** An attribute of the element entered last. */
  attribute(namespace: string, name: string): string | undefined {
    for (const attribute of this.#attributes) {
      if (attribute.name === name && (attribute.prefix === '' ? '' : this.#resolve(attribute.prefix)) === namespace)
        return attribute.value;
    }
    return undefined;
  }

  /** The next '<' from the current position; checks that only space stands outside the root. -1 at the end. */
  #nextMarkup(): number {
    const open = this.#text.indexOf('<', this.#position);
    if (this.#names.length === 0) {
      const between = this.#text.slice(this.#position, open < 0 ? undefined : open);
      if (NOT_SPACE.test(between)) this.fail(this.#position, 'text stands outside the root element');
      else if (open < 0 && !this.#rootSeen) this.fail(this.#position, 'the document has no element');
      if (this.#failure !== undefined) return -1;
    } else if (open < 0) this.fail(this.#text.length, `the document ends inside <${this.#names.at(-1)}>`);
    return open;
  }

  #open(open: number): boolean {
    if (this.#names.length === 0 && this.#rootSeen) return this.fail(open, 'a second root element');
    if (this.#names.length >= LIMITS.xmlDepthMax)
      return this.fail(open, `elements are nested deeper than ${LIMITS.xmlDepthMax}`);
    if (++this.#elements > LIMITS.xmlElementsMax) return this.fail(open, `more than ${LIMITS.xmlElementsMax} elements`);
    const end = this.#nameEnd(open + 1);
    if (end < 0) return this.fail(open, 'an element has no valid name');
    const qualified = this.#text.slice(open + 1, end);
    this.#rootSeen = true;
    this.#names.push(qualified);
    this.#bindingMarks.push(this.#prefixes.length);
    if (this.#attributes.length > 0) this.#attributes = [];
    if (this.#text.charCodeAt(end) === GREATER) this.#position = end + 1;
    else if (!this.#readAttributes(end)) return false;
    const colon = qualified.indexOf(':');
    this.name = colon < 0 ? qualified : qualified.slice(colon + 1);
    const namespace = this.#resolve(colon < 0 ? '' : qualified.slice(0, colon));
    if (namespace === undefined) return this.fail(open, `the prefix of <${qualified}> is not declared`);
    this.namespace = namespace;
    return true;
  }

  /** Where a qualified name that begins at `start` ends; -1 where there is none or it has an empty part. */
  #nameEnd(start: number): number {
    const text = this.#text;
    let partStart = start;
    let end = start;
    for (; end < text.length; end++) {
      const code = text.charCodeAt(end);
      if (code > 127) continue;
      const kind = NAME_CHARACTERS[code]!;
      if (kind === 3 || (kind === 1 && end > partStart)) continue;
      if (code !== COLON || end === partStart || partStart !== start) break;
      partStart = end + 1;
    }
    return end > partStart ? end : -1;
  }

  /** Attributes and the tag's end, from `at` behind the element's name. */
  #readAttributes(at: number): boolean {
    const text = this.#text;
    let position = at;
    for (let count = 0; ; count++) {
      const before = position;
      while (isSpace(text.charCodeAt(position))) position++;
      const code = text.charCodeAt(position);
      if (code === GREATER) break;
      if (code === SLASH && text.charCodeAt(position + 1) === GREATER) {
        this.#selfClosed = true;
        position++;
        break;
      }
      const nameEnd = position === before ? -1 : this.#nameEnd(position);
      if (nameEnd < 0) return this.fail(position, `the tag <${this.#names.at(-1)}> is malformed`);
      if (count >= LIMITS.xmlAttributesMax)
        return this.fail(position, `more than ${LIMITS.xmlAttributesMax} attributes`);
      const qualified = text.slice(position, nameEnd);
      position = nameEnd;
      while (isSpace(text.charCodeAt(position))) position++;
      if (text.charCodeAt(position) !== EQUALS) return this.fail(position, `the attribute ${qualified} has no value`);
      position++;
      while (isSpace(text.charCodeAt(position))) position++;
      const quote = text.charCodeAt(position);
      const valueEnd =
        quote === QUOTE || quote === APOSTROPHE ? text.indexOf(quote === QUOTE ? '"' : "'", position + 1) : -1;
      if (valueEnd < 0) return this.fail(position, `the value of ${qualified} is not quoted`);
      const raw = text.slice(position + 1, valueEnd);
      if (raw.includes('<')) return this.fail(position, `the value of ${qualified} holds a "<"`);
      if (!this.#addAttribute(qualified, this.#decode(raw, position + 1), position)) return false;
      position = valueEnd + 1;
    }
    this.#position = position + 1;
    return this.#failure === undefined;
  }

  #addAttribute(qualified: string, value: string, at: number): boolean {
    const colon = qualified.indexOf(':');
    const prefix = colon < 0 ? '' : qualified.slice(0, colon);
    const name = colon < 0 ? qualified : qualified.slice(colon + 1);
    const declares = prefix === 'xmlns' ? name : qualified === 'xmlns' ? '' : undefined;
    if (declares === undefined) {
      if (this.#attributes.some((other) => other.name === name && other.prefix === prefix))
        return this.fail(at, `the attribute ${qualified} stands twice`);
      this.#attributes.push({ prefix, name, value });
      return true;
    }
    if (this.#prefixes.indexOf(declares, this.#bindingMarks.at(-1)) >= 0)
      return this.fail(at, `the attribute ${qualified} stands twice`);
    this.#prefixes.push(declares);
    this.#namespaces.push(value);
    return true;
  }

  #resolve(prefix: string): string | undefined {
    return this.#namespaces[this.#prefixes.lastIndexOf(prefix)];
  }

  #close(open: number): void {
    const name = this.#names.at(-1);
    if (name === undefined || !this.#text.startsWith(name, open + 2)) {
      this.fail(
        open,
        name === undefined ? 'an end tag without a start' : `<${name}> is closed by another element's end tag`,
      );
      return;
    }
    let end = open + 2 + name.length;
    while (isSpace(this.#text.charCodeAt(end))) end++;
    if (this.#text.charCodeAt(end) === GREATER) {
      this.#position = end + 1;
      this.#pop();
    } else this.fail(open, `the end tag of <${name}> is malformed`);
  }

  #pop(): void {
    this.#names.pop();
    const mark = this.#bindingMarks.pop()!;
    if (mark === this.#prefixes.length) return;
    this.#prefixes.length = mark;
    this.#namespaces.length = mark;
  }

  #leaveSelfClosed(): boolean {
    if (!this.#selfClosed) return false;
    this.#selfClosed = false;
    this.#pop();
    return true;
  }

  /** Steps over a comment, a processing instruction or, inside the root, a CDATA section. */
  #skipMarkup(open: number, code: number): boolean {
    const text = this.#text;
    let end = -1;
    if (code === QUESTION) end = text.indexOf('?>', open + 2) + 2;
    else if (text.startsWith('<!--', open)) {
      end = text.indexOf('--', open + 4) + 3;
      if (end > 3 && text.charCodeAt(end - 1) !== GREATER) return this.fail(open, 'a comment holds "--"');
    } else if (text.startsWith('<![CDATA[', open) && this.#names.length > 0) end = text.indexOf(']]>', open + 9) + 3;
    else return this.fail(open, 'a declaration (DOCTYPE or other) is not taken');
    if (end <= 3) return this.fail(open, 'a comment, instruction or CDATA section does not end');
    this.#position = end;
    return true;
  }

  #read(rawWhenMixed: boolean): string {
    if (this.#failure !== undefined || this.#leaveSelfClosed()) return '';
    const text = this.#text;
    const start = this.#position;
    let gathered = '';
    let mixed = false;
    for (;;) {
      const open = text.indexOf('<', this.#position);
      if (open < 0) {
        this.fail(text.length, `the document ends inside <${this.#names.at(-1)}>`);
        return '';
      }
      if (open > this.#position) gathered += this.#decode(text.slice(this.#position, open), this.#position);
      const code = text.charCodeAt(open + 1);
      if (code === SLASH) {
        this.#close(open);
        return mixed && rawWhenMixed ? this.#lines(text.slice(start, open)) : gathered;
      }
      if (code === BANG || code === QUESTION) {
        if (!this.#skipMarkup(open, code)) return '';
        if (text.startsWith('<![CDATA[', open)) gathered += this.#lines(text.slice(open + 9, this.#position - 3));
      } else {
        mixed = true;
        if (!this.#open(open)) return '';
        this.skip();
        if (this.#failure !== undefined) return '';
      }
    }
  }

  /** XML 1.0, 2.11: a line ends in one line feed, however it was written. */
  #lines(raw: string): string {
    return this.#hasCarriageReturn ? raw.replaceAll('\r\n', '\n').replaceAll('\r', '\n') : raw;
  }

  #decode(raw: string, at: number): string {
    let ampersand = raw.indexOf('&');
    if (ampersand < 0) return this.#lines(raw);
    let decoded = '';
    let from = 0;
    while (ampersand >= 0) {
      const end = raw.indexOf(';', ampersand);
      const character = end < 0 ? undefined : decodeReference(raw.slice(ampersand + 1, end));
      if (character === undefined) {
        this.fail(at + ampersand, 'a character reference is malformed');
        return '';
      }
      decoded += this.#lines(raw.slice(from, ampersand)) + character;
      from = end + 1;
      ampersand = raw.indexOf('&', from);
    }
    return decoded + this.#lines(raw.slice(from));
  }
}
