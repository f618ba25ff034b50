// Reads an XML document into a tree. Our own because every exchange of a device passes through it: saxes takes seven times as
// long for 8 KB of SyncML. It is strict about well-formedness and namespaces (XML 1.0, Namespaces in XML 1.0) and bounded.
// There is no DTD: a DOCTYPE is refused, so no entity beyond the five predefined ones can exist.
import { LIMITS } from '../../kernel/limits.ts';
import { malformed, ok } from '../../kernel/result.ts';
import type { Result } from '../../kernel/result.ts';
import { DECLARATION, PLAIN } from './xml-characters.ts';
import { isBlank, XmlCursor } from './xml-cursor.ts';
import type { XmlAttribute, XmlElement } from './xml-element.ts';

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

const EXCLAMATION = 33;
const SLASH = 47;
const LESS = 60;
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
  const cursor = new XmlCursor(text);
  const root = new Scanner(cursor).document();
  return root === undefined ? { ok: false, error: cursor.error } : ok(root);
}

/** Tags, nesting and namespaces. Methods return undefined when the cursor has an error. */
class Scanner {
  readonly #cursor: XmlCursor;
  #elements = 0;
  #scope = OUTERMOST;
  #defaultNamespace = '';
  readonly #open: OpenElement[] = [];
  readonly #hidden: Hidden[] = [];

  constructor(cursor: XmlCursor) {
    this.#cursor = cursor;
  }

  document(): XmlElement | undefined {
    const cursor = this.#cursor;
    const { text } = cursor;
    if (text.charCodeAt(0) === 0xfeff) cursor.at = 1;
    if (text.startsWith('<?xml', cursor.at) && isBlank(text.charCodeAt(cursor.at + 5))) {
      DECLARATION.lastIndex = cursor.at;
      if (!DECLARATION.test(text)) return cursor.fail(cursor.at, 'the XML declaration is malformed');
      cursor.at = DECLARATION.lastIndex;
    }
    if (!this.#outside()) return undefined;
    if (cursor.at >= text.length) return cursor.fail(cursor.at, 'there is no root element');
    const root = this.#tree();
    if (root === undefined || !this.#outside()) return undefined;
    return cursor.at < text.length ? cursor.fail(cursor.at, 'there is something after the root element') : root;
  }

  /** Skips blanks, comments and processing instructions before and after the root element. */
  #outside(): true | undefined {
    const cursor = this.#cursor;
    const { text } = cursor;
    for (;;) {
      cursor.skipBlanks();
      if (cursor.at >= text.length) return true;
      if (text.charCodeAt(cursor.at) !== LESS) return cursor.fail(cursor.at, 'there is text outside the root element');
      const next = text.charCodeAt(cursor.at + 1);
      if (next !== QUESTION && next !== EXCLAMATION) return true;
      if (cursor.markup(next, false) === undefined) return undefined;
    }
  }

  /** The root element with everything in it. A list of open elements instead of recursion: depth costs no call frames. */
  #tree(): XmlElement | undefined {
    const cursor = this.#cursor;
    const { text } = cursor;
    const open = this.#open;
    for (;;) {
      // `#at` is at a '<'.
      const next = text.charCodeAt(cursor.at + 1);
      if (next === SLASH) {
        const element = this.#endTag();
        if (element === undefined || open.length === 0) return element;
      } else if (next === EXCLAMATION || next === QUESTION) {
        const section = cursor.markup(next, open.length > 0);
        if (section === undefined) return undefined;
        if (section !== '') open[open.length - 1]!.text += section;
      } else {
        const element = this.#startTag();
        if (element === undefined || open.length === 0) return element;
      }
      const parent = open[open.length - 1]!;
      const start = cursor.at;
      if (text.charCodeAt(start) === LESS) continue;
      const end = cursor.characters(start, text.length);
      if (end < 0) return undefined;
      if (end === text.length) return cursor.fail(end, `the document ends inside <${this.#written(parent)}>`);
      if ((cursor.seen & PLAIN) !== 0 || parent.children === NO_CHILDREN) {
        const data = cursor.resolved(start, end);
        if (data === undefined) return undefined;
        parent.text = parent.text === '' ? data : parent.text + data;
      }
      cursor.at = end;
    }
  }

  #startTag(): XmlElement | undefined {
    const cursor = this.#cursor;
    const { text } = cursor;
    const open = this.#open;
    const offset = cursor.at++;
    if (++this.#elements > LIMITS.xmlElementsMax) {
      return cursor.fail(offset, `there are more than ${LIMITS.xmlElementsMax} elements`);
    }
    const colon = cursor.name();
    if (colon === undefined) return undefined;
    const nameEnd = cursor.at;
    const outerScope = this.#scope;
    const outerDefault = this.#defaultNamespace;
    let attributes: readonly XmlAttribute[] | undefined = NO_ATTRIBUTES;
    if (text.charCodeAt(nameEnd) === GREATER) cursor.at++;
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
    if (text.charCodeAt(cursor.at - 2) === SLASH) {
      this.#scope = outerScope;
      this.#defaultNamespace = outerDefault;
      return element;
    }
    open.push(element);
    if (open.length > LIMITS.xmlDepthMax) {
      return cursor.fail(offset, `elements are nested more than ${LIMITS.xmlDepthMax} deep`);
    }
    if (this.#scope !== outerScope || this.#defaultNamespace !== outerDefault) {
      this.#hidden.push({ depth: open.length, scope: outerScope, defaultNamespace: outerDefault });
    }
    return element;
  }

  /** Closes the innermost element, whose name must be repeated as it was written. */
  #endTag(): XmlElement | undefined {
    const cursor = this.#cursor;
    const { text } = cursor;
    const offset = cursor.at;
    const element = this.#open.pop();
    if (element === undefined) return cursor.fail(offset, 'an end tag without a start tag');
    let at = offset + 2;
    let from = element.offset + 1;
    let code = text.charCodeAt(at);
    while (code === text.charCodeAt(from) && code !== GREATER && !isBlank(code)) {
      code = text.charCodeAt(++at);
      from++;
    }
    const nameCode = text.charCodeAt(from);
    const whole = nameCode === GREATER || nameCode === SLASH || isBlank(nameCode);
    cursor.at = at;
    cursor.skipBlanks();
    if (!whole || text.charCodeAt(cursor.at) !== GREATER) {
      return cursor.fail(offset, `the end tag of <${this.#written(element)}> is expected`);
    }
    cursor.at++;
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
    const cursor = this.#cursor;
    const { text } = cursor;
    const attributes: XmlAttribute[] = [];
    const prefixed: { index: number; offset: number; colon: number }[] = [];
    const declared: string[] = [];
    for (;;) {
      const spaced = cursor.skipBlanks();
      const code = text.charCodeAt(cursor.at);
      if (code === GREATER || (code === SLASH && text.charCodeAt(cursor.at + 1) === GREATER)) break;
      if (cursor.at >= text.length) return cursor.fail(tagOffset, 'a tag does not end');
      if (!spaced) return cursor.fail(cursor.at, 'a blank is expected before an attribute');
      if (attributes.length + declared.length >= LIMITS.xmlAttributesMax) {
        return cursor.fail(cursor.at, `an element has more than ${LIMITS.xmlAttributesMax} attributes`);
      }
      const offset = cursor.at;
      const colon = cursor.name();
      if (colon === undefined) return undefined;
      const name = text.slice(colon < 0 ? offset : colon + 1, cursor.at);
      const value = cursor.attributeValue();
      if (value === undefined) return undefined;
      if (text.startsWith('xmlns', offset) && (colon < 0 ? name === 'xmlns' : colon === offset + 5)) {
        const prefix = colon < 0 ? '' : name;
        if (declared.includes(prefix)) return cursor.fail(offset, 'a namespace declaration is repeated');
        declared.push(prefix);
        if (!this.#declare(prefix, value, offset)) return undefined;
      } else {
        if (colon >= 0) prefixed.push({ index: attributes.length, offset, colon });
        else if (attributes.some((other) => other.namespace === '' && other.name === name)) {
          return cursor.fail(offset, `the attribute "${name}" is repeated`);
        }
        attributes.push({ name, namespace: colon < 0 ? '' : '?', value });
      }
    }
    cursor.at += text.charCodeAt(cursor.at) === SLASH ? 2 : 1;
    for (const { index, offset, colon } of prefixed) {
      const namespace = this.#lookUp(offset, colon);
      if (namespace === undefined) return undefined;
      const { name, value } = attributes[index]!;
      if (attributes.some((other) => other.namespace === namespace && other.name === name)) {
        return cursor.fail(offset, `the attribute "${name}" is repeated`);
      }
      attributes[index] = { name, namespace, value };
    }
    return attributes.length === 0 ? NO_ATTRIBUTES : attributes;
  }

  #declare(prefix: string, uri: string, offset: number): true | undefined {
    const cursor = this.#cursor;
    if (prefix === 'xmlns' || uri === XMLNS_NAMESPACE || (prefix === 'xml') !== (uri === XML_NAMESPACE)) {
      return cursor.fail(offset, 'the prefixes "xml" and "xmlns" and their namespaces are reserved');
    }
    if (prefix === '') this.#defaultNamespace = uri;
    else if (uri === '') return cursor.fail(offset, `the prefix "${prefix}" is bound to nothing`);
    else this.#scope = { prefix, uri, outer: this.#scope };
    return true;
  }

  /** The namespace of the prefix that stands between two offsets. */
  #lookUp(start: number, end: number): string | undefined {
    const prefix = this.#cursor.text.slice(start, end);
    for (let scope: Scope | undefined = this.#scope; scope !== undefined; scope = scope.outer) {
      if (scope.prefix === prefix) return scope.uri;
    }
    return this.#cursor.fail(start, `the prefix "${prefix}" is not declared`);
  }

  /** An element's name with its prefix, for messages. */
  #written(element: XmlElement): string {
    return /^[^\s/>]*/.exec(this.#cursor.text.slice(element.offset + 1))![0];
  }
}
