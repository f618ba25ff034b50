// Reads an XML document into a tree. Our own because every exchange of a device passes through it: saxes takes seven times as
// long for 8 KB of SyncML. It is strict about well-formedness and namespaces (XML 1.0, Namespaces in XML 1.0) and bounded.
// There is no DTD: a DOCTYPE is refused, so no entity beyond the five predefined ones can exist.
import { LIMITS } from '../kernel/limits.ts';
import { malformed, ok } from '../kernel/result.ts';
import type { FormatError, Result } from '../kernel/result.ts';
import {
  BRACKET,
  DATA_CLASS,
  DECLARATION,
  FORBIDDEN,
  FORBIDDEN_CHARACTER,
  LESS_THAN,
  NAME,
  NAME_CLASS,
  PLAIN,
  REFERENCE,
  RETURN,
  resolveReferences,
} from './xml-characters.ts';

export interface XmlAttribute {
  /** Local name. */
  readonly name: string;
  /** Namespace URI; '' for an attribute without prefix. */
  readonly namespace: string;
  readonly value: string;
}

/** An element. Its strings may be slices that keep the whole document alive: copy what outlives the message. */
export interface XmlElement {
  /** Local name. */
  readonly name: string;
  /** Namespace URI, '' for none. */
  readonly namespace: string;
  /** Namespace declarations are not among them. */
  readonly attributes: readonly XmlAttribute[];
  readonly children: readonly XmlElement[];
  /** The element's own character data, CDATA included; blank runs beside child elements are left out. */
  readonly text: string;
  /** Where its start tag begins, in UTF-16 units. */
  readonly offset: number;
}

interface OpenElement extends XmlElement {
  children: XmlElement[];
  text: string;
}

/** Prefixes in scope, the innermost declaration first. */
interface Scope {
  readonly prefix: string;
  readonly uri: string;
  readonly outer: Scope | undefined;
}

/** What an element that declared namespaces hides; restored when it ends. */
interface Hidden {
  readonly depth: number;
  readonly scope: Scope;
  readonly defaultNamespace: string;
}

const XML_NAMESPACE = 'http://www.w3.org/XML/1998/namespace';
const XMLNS_NAMESPACE = 'http://www.w3.org/2000/xmlns/';
const OUTERMOST: Scope = { prefix: 'xml', uri: XML_NAMESPACE, outer: undefined };

const NO_ATTRIBUTES: readonly XmlAttribute[] = [];
/** Shared by all leaves; an element gets an array of its own with its first child. */
const NO_CHILDREN: XmlElement[] = [];

const TAB = 9;
const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;
const SPACE = 32;
const EXCLAMATION = 33;
const SLASH = 47;
const COLON = 58;
const LESS = 60;
const EQUALS = 61;
const GREATER = 62;
const QUESTION = 63;

/** Parses a whole document; an error carries its offset in UTF-16 units. */
export function readXml(text: string): Result<XmlElement> {
  if (text.length > LIMITS.xmlCharactersMax) {
    return malformed(LIMITS.xmlCharactersMax, `the document is longer than ${LIMITS.xmlCharactersMax} characters`);
  }
  if (!text.isWellFormed()) {
    const half = text.search(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/);
    return malformed(half, 'half a surrogate pair');
  }
  const scanner = new Scanner(text);
  const root = scanner.document();
  return root === undefined ? { ok: false, error: scanner.error } : ok(root);
}

/** Methods return undefined (or -1 for an offset) when they have set `error`. */
class Scanner {
  readonly #text: string;
  #at = 0;
  #elements = 0;
  #scope = OUTERMOST;
  #defaultNamespace = '';
  readonly #open: OpenElement[] = [];
  readonly #hidden: Hidden[] = [];
  /** Bits of the last run of characters. */
  #seen = 0;
  error: FormatError = { kind: 'format', offset: 0, reason: 'nothing was read' };

  constructor(text: string) {
    this.#text = text;
  }

  #fail(offset: number, reason: string): undefined {
    this.error = { kind: 'format', offset, reason };
    return undefined;
  }

  document(): XmlElement | undefined {
    const text = this.#text;
    if (text.charCodeAt(0) === 0xfeff) this.#at = 1;
    if (text.startsWith('<?xml', this.#at) && isBlank(text.charCodeAt(this.#at + 5))) {
      DECLARATION.lastIndex = this.#at;
      if (!DECLARATION.test(text)) return this.#fail(this.#at, 'the XML declaration is malformed');
      this.#at = DECLARATION.lastIndex;
    }
    if (!this.#outside()) return undefined;
    if (this.#at >= text.length) return this.#fail(this.#at, 'there is no root element');
    const root = this.#tree();
    if (root === undefined || !this.#outside()) return undefined;
    return this.#at < text.length ? this.#fail(this.#at, 'there is something after the root element') : root;
  }

  /** Skips blanks, comments and processing instructions before and after the root element. */
  #outside(): true | undefined {
    const text = this.#text;
    for (;;) {
      this.#skipBlanks();
      if (this.#at >= text.length) return true;
      if (text.charCodeAt(this.#at) !== LESS) return this.#fail(this.#at, 'there is text outside the root element');
      const next = text.charCodeAt(this.#at + 1);
      if (next !== QUESTION && next !== EXCLAMATION) return true;
      if (!this.#markup(next)) return undefined;
    }
  }

  /** The root element with everything in it. A list of open elements instead of recursion: depth costs no call frames. */
  #tree(): XmlElement | undefined {
    const text = this.#text;
    const open = this.#open;
    for (;;) {
      // `#at` is at a '<'.
      const next = text.charCodeAt(this.#at + 1);
      if (next === SLASH) {
        const element = this.#endTag();
        if (element === undefined || open.length === 0) return element;
      } else if (next === EXCLAMATION || next === QUESTION) {
        if (!this.#markup(next)) return undefined;
      } else {
        const element = this.#startTag();
        if (element === undefined || open.length === 0) return element;
      }
      const parent = open[open.length - 1]!;
      const start = this.#at;
      if (text.charCodeAt(start) === LESS) continue;
      const end = this.#characters(start, text.length);
      if (end < 0) return undefined;
      if (end === text.length) return this.#fail(end, `the document ends inside <${this.#written(parent)}>`);
      if ((this.#seen & PLAIN) !== 0 || parent.children === NO_CHILDREN) {
        const data = this.#resolved(start, end);
        if (data === undefined) return undefined;
        parent.text = parent.text === '' ? data : parent.text + data;
      }
      this.#at = end;
    }
  }

  #startTag(): XmlElement | undefined {
    const text = this.#text;
    const open = this.#open;
    const offset = this.#at++;
    if (++this.#elements > LIMITS.xmlElementsMax) {
      return this.#fail(offset, `there are more than ${LIMITS.xmlElementsMax} elements`);
    }
    const colon = this.#name();
    if (colon === undefined) return undefined;
    const nameEnd = this.#at;
    const outerScope = this.#scope;
    const outerDefault = this.#defaultNamespace;
    let attributes: readonly XmlAttribute[] | undefined = NO_ATTRIBUTES;
    if (text.charCodeAt(nameEnd) === GREATER) this.#at++;
    else attributes = this.#attributes(offset);
    if (attributes === undefined) return undefined;
    const namespace = colon < 0 ? this.#defaultNamespace : this.#lookUp(offset + 1, colon);
    if (namespace === undefined) return undefined;
    const name = text.slice(colon < 0 ? offset + 1 : colon + 1, nameEnd);
    const element: OpenElement = { name, namespace, attributes, children: NO_CHILDREN, text: '', offset };
    const parent = open[open.length - 1];
    if (parent !== undefined) {
      if (parent.children === NO_CHILDREN) {
        parent.children = [element];
        if (parent.text !== '' && parent.text.trim() === '') parent.text = '';
      } else parent.children.push(element);
    }
    if (text.charCodeAt(this.#at - 2) === SLASH) {
      this.#scope = outerScope;
      this.#defaultNamespace = outerDefault;
      return element;
    }
    open.push(element);
    if (open.length > LIMITS.xmlDepthMax) {
      return this.#fail(offset, `elements are nested more than ${LIMITS.xmlDepthMax} deep`);
    }
    if (this.#scope !== outerScope || this.#defaultNamespace !== outerDefault) {
      this.#hidden.push({ depth: open.length, scope: outerScope, defaultNamespace: outerDefault });
    }
    return element;
  }

  /** Closes the innermost element, whose name must be repeated as it was written. */
  #endTag(): XmlElement | undefined {
    const text = this.#text;
    const offset = this.#at;
    const element = this.#open.pop();
    if (element === undefined) return this.#fail(offset, 'an end tag without a start tag');
    let at = offset + 2;
    let from = element.offset + 1;
    let code = text.charCodeAt(at);
    while (code === text.charCodeAt(from) && code !== GREATER && !isBlank(code)) {
      code = text.charCodeAt(++at);
      from++;
    }
    const nameCode = text.charCodeAt(from);
    const whole = nameCode === GREATER || nameCode === SLASH || isBlank(nameCode);
    this.#at = at;
    this.#skipBlanks();
    if (!whole || text.charCodeAt(this.#at) !== GREATER) {
      return this.#fail(offset, `the end tag of <${this.#written(element)}> is expected`);
    }
    this.#at++;
    const hidden = this.#hidden[this.#hidden.length - 1];
    if (hidden !== undefined && hidden.depth > this.#open.length) {
      this.#hidden.pop();
      this.#scope = hidden.scope;
      this.#defaultNamespace = hidden.defaultNamespace;
    }
    return element;
  }

  /** Attributes and the end of a start tag. Names are bound last: a declaration also holds for attributes before it. */
  #attributes(tagOffset: number): readonly XmlAttribute[] | undefined {
    const text = this.#text;
    const attributes: XmlAttribute[] = [];
    const prefixed: { index: number; offset: number; colon: number }[] = [];
    const declared: string[] = [];
    for (;;) {
      const spaced = this.#skipBlanks();
      const code = text.charCodeAt(this.#at);
      if (code === GREATER || (code === SLASH && text.charCodeAt(this.#at + 1) === GREATER)) break;
      if (this.#at >= text.length) return this.#fail(tagOffset, 'a tag does not end');
      if (!spaced) return this.#fail(this.#at, 'a blank is expected before an attribute');
      if (attributes.length + declared.length >= LIMITS.xmlAttributesMax) {
        return this.#fail(this.#at, `an element has more than ${LIMITS.xmlAttributesMax} attributes`);
      }
      const offset = this.#at;
      const colon = this.#name();
      if (colon === undefined) return undefined;
      const name = text.slice(colon < 0 ? offset : colon + 1, this.#at);
      const value = this.#attributeValue();
      if (value === undefined) return undefined;
      if (text.startsWith('xmlns', offset) && (colon < 0 ? name === 'xmlns' : colon === offset + 5)) {
        const prefix = colon < 0 ? '' : name;
        if (declared.includes(prefix)) return this.#fail(offset, 'a namespace declaration is repeated');
        declared.push(prefix);
        if (!this.#declare(prefix, value, offset)) return undefined;
      } else {
        if (colon >= 0) prefixed.push({ index: attributes.length, offset, colon });
        else if (attributes.some((other) => other.namespace === '' && other.name === name)) {
          return this.#fail(offset, `the attribute "${name}" is repeated`);
        }
        attributes.push({ name, namespace: colon < 0 ? '' : '?', value });
      }
    }
    this.#at += text.charCodeAt(this.#at) === SLASH ? 2 : 1;
    for (const { index, offset, colon } of prefixed) {
      const namespace = this.#lookUp(offset, colon);
      if (namespace === undefined) return undefined;
      const { name, value } = attributes[index]!;
      if (attributes.some((other) => other.namespace === namespace && other.name === name)) {
        return this.#fail(offset, `the attribute "${name}" is repeated`);
      }
      attributes[index] = { name, namespace, value };
    }
    return attributes.length === 0 ? NO_ATTRIBUTES : attributes;
  }

  #declare(prefix: string, uri: string, offset: number): true | undefined {
    if (prefix === 'xmlns' || uri === XMLNS_NAMESPACE || (prefix === 'xml') !== (uri === XML_NAMESPACE)) {
      return this.#fail(offset, 'the prefixes "xml" and "xmlns" and their namespaces are reserved');
    }
    if (prefix === '') this.#defaultNamespace = uri;
    else if (uri === '') return this.#fail(offset, `the prefix "${prefix}" is bound to nothing`);
    else this.#scope = { prefix, uri, outer: this.#scope };
    return true;
  }

  /** The namespace of the prefix that stands between two offsets. */
  #lookUp(start: number, end: number): string | undefined {
    const prefix = this.#text.slice(start, end);
    for (let scope: Scope | undefined = this.#scope; scope !== undefined; scope = scope.outer) {
      if (scope.prefix === prefix) return scope.uri;
    }
    return this.#fail(start, `the prefix "${prefix}" is not declared`);
  }

  /** `="value"` after an attribute's name. */
  #attributeValue(): string | undefined {
    const text = this.#text;
    this.#skipBlanks();
    if (text.charCodeAt(this.#at) !== EQUALS) return this.#fail(this.#at, 'an attribute has no value');
    this.#at++;
    this.#skipBlanks();
    const quote = text[this.#at];
    if (quote !== '"' && quote !== "'") return this.#fail(this.#at, 'an attribute value is not quoted');
    const start = this.#at + 1;
    const end = text.indexOf(quote, start);
    if (end < 0) return this.#fail(this.#at, 'an attribute value does not end');
    const scanned = this.#characters(start, end);
    if (scanned < 0) return undefined;
    if (scanned < end) return this.#fail(scanned, "there is a '<' in an attribute value");
    this.#at = end + 1;
    return this.#resolved(start, end, true);
  }

  /** Where the characters from `start` end: at the next '<' or at `limit`. Notes in `#seen` what they were; -1 for an error. */
  #characters(start: number, limit: number): number {
    const text = this.#text;
    let at = start;
    let seen = 0;
    for (; at < limit; at++) {
      const code = text.charCodeAt(at);
      const bits = code < 128 ? DATA_CLASS[code]! : code < 0xfffe ? PLAIN : FORBIDDEN;
      if (bits >= FORBIDDEN) {
        if (bits === LESS_THAN) break;
        this.#fail(at, 'a character that XML does not allow');
        return -1;
      }
      seen |= bits;
    }
    this.#seen = seen;
    return at;
  }

  /** The value of the characters just scanned: line ends normalised, references resolved. */
  #resolved(start: number, end: number, attribute = false): string | undefined {
    let value = this.#text.slice(start, end);
    const seen = this.#seen;
    if (!attribute && (seen & BRACKET) !== 0 && value.includes(']]>')) {
      return this.#fail(start + value.indexOf(']]>'), '"]]>" in character data');
    }
    if ((seen & RETURN) !== 0) value = value.replace(/\r\n?/g, '\n');
    if (attribute) value = value.replace(/[\t\n]/g, ' ');
    if ((seen & REFERENCE) === 0) return value;
    const resolved = resolveReferences(value);
    return typeof resolved === 'string' ? resolved : this.#fail(start + resolved, "'&' begins no known reference");
  }

  /** Moves past a name; returns where its colon is, -1 for none. */
  #name(): number | undefined {
    const text = this.#text;
    const start = this.#at;
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
    if (!good) return this.#fail(start, 'a name is expected');
    this.#at = at;
    return colon;
  }

  /** A comment, CDATA section or processing instruction; `next` is the character after '<'. */
  #markup(next: number): true | undefined {
    const text = this.#text;
    const offset = this.#at;
    const parent = this.#open[this.#open.length - 1];
    let end: number;
    if (next === QUESTION) {
      this.#at += 2;
      if (this.#name() === undefined) return undefined;
      end = text.indexOf('?>', this.#at);
      const target = text.slice(offset + 2, this.#at);
      if (target.includes(':') || target.toLowerCase() === 'xml' || (end !== this.#at && !this.#skipBlanks())) end = -1;
      this.#at = end + 2;
    } else if (text.startsWith('<!--', offset)) {
      end = text.indexOf('--', offset + 4);
      if (end >= 0 && text.charCodeAt(end + 2) !== GREATER) end = -1;
      this.#at = end + 3;
    } else if (text.startsWith('<![CDATA[', offset) && parent !== undefined) {
      end = text.indexOf(']]>', offset + 9);
      if (end >= 0) parent.text += text.slice(offset + 9, end).replace(/\r\n?/g, '\n');
      this.#at = end + 3;
    } else {
      const doctype = text.startsWith('<!DOCTYPE', offset);
      return this.#fail(offset, doctype ? 'a DOCTYPE is not accepted' : 'a declaration is not accepted here');
    }
    if (end < 0) return this.#fail(offset, 'a comment, CDATA section or processing instruction is malformed');
    const forbidden = text.slice(offset, end).search(FORBIDDEN_CHARACTER);
    return forbidden < 0 ? true : this.#fail(offset + forbidden, 'a character that XML does not allow');
  }

  /** Whether there was one. */
  #skipBlanks(): boolean {
    const start = this.#at;
    while (isBlank(this.#text.charCodeAt(this.#at))) this.#at++;
    return this.#at > start;
  }

  /** An element's name with its prefix, for messages. */
  #written(element: XmlElement): string {
    return /^[^\s/>]*/.exec(this.#text.slice(element.offset + 1))![0];
  }
}

function isBlank(code: number): boolean {
  return code === SPACE || code === LINE_FEED || code === CARRIAGE_RETURN || code === TAB;
}
