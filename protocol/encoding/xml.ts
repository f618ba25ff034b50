// XML as our formats use it: reading into a tree (xml-scanner.ts), finding children, and the one escape function that every
// writer's template strings go through.
import type { XmlElement } from './xml-element.ts';

export { readXml } from './xml-scanner.ts';
export type { XmlAttribute, XmlElement } from './xml-element.ts';

const NEEDS_ESCAPE = /[&<>"\t\n\r\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/; // eslint-disable-line no-control-regex
const ESCAPED = /[&<>"\t\n\r\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g; // eslint-disable-line no-control-regex

/**
 * Text for element content or a double-quoted attribute. Tabs and line ends become references, so that they survive
 * attribute normalisation; what XML can't carry at all becomes U+FFFD.
 */
export function escapeXml(text: string): string {
  const whole = text.isWellFormed() ? text : text.toWellFormed();
  return NEEDS_ESCAPE.test(whole) ? whole.replace(ESCAPED, escapeOne) : whole;
}

function escapeOne(character: string): string {
  switch (character) {
    case '&':
      return '&amp;';
    case '<':
      return '&lt;';
    case '>':
      return '&gt;';
    case '"':
      return '&quot;';
    case '\t':
    case '\n':
    case '\r':
      return `&#${character.charCodeAt(0)};`;
    default:
      return '\ufffd';
  }
}

/** The first child element of this local name, whatever its namespace. */
export function child(element: XmlElement, name: string): XmlElement | undefined {
  return element.children.find((candidate) => candidate.name === name);
}

/** All child elements of this local name, whatever their namespace. */
export function children(element: XmlElement, name: string): XmlElement[] {
  return element.children.filter((candidate) => candidate.name === name);
}

/** The element at the end of a path of local names, each time the first child. */
export function descendant(element: XmlElement, ...names: readonly string[]): XmlElement | undefined {
  let current: XmlElement | undefined = element;
  for (const name of names) current = current && child(current, name);
  return current;
}

/** The text of the first child of this name without blanks around it (people indent); `child(...)?.text` is exact. */
export function childText(element: XmlElement, name: string): string | undefined {
  return child(element, name)?.text.trim();
}

/** The value of an attribute by local name. */
export function attribute(element: XmlElement, name: string): string | undefined {
  return element.attributes.find((candidate) => candidate.name === name)?.value;
}

/** Same name and namespace; a namespace's last slash doesn't count, since published examples differ in it. */
export function isElement(element: XmlElement, name: string, namespace: string): boolean {
  if (element.name !== name) return false;
  return element.namespace === namespace || element.namespace === `${namespace}/`;
}
