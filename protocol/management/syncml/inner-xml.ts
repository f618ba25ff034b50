// Data that holds elements instead of text (format "xml", MgmtTree): written out again as the text that it means.
import { escapeXml } from '../../encoding/xml.ts';
import type { XmlElement } from '../../encoding/xml.ts';

/**
 * The content of an element as XML text. Prefixes become default namespaces, and the place of text between elements is not
 * kept: the formats that come this way have none.
 */
export function innerXml(element: XmlElement): string {
  let inner = escapeXml(element.text);
  for (const child of element.children) inner += outerXml(child, element.namespace);
  return inner;
}

function outerXml(element: XmlElement, outerNamespace: string): string {
  let start = element.name;
  if (element.namespace !== outerNamespace) start += ` xmlns="${escapeXml(element.namespace)}"`;
  let declared = 0;
  for (const { name, namespace, value } of element.attributes) {
    const prefix = namespace === '' ? '' : `n${declared++}:`;
    if (prefix !== '') start += ` xmlns:${prefix.slice(0, -1)}="${escapeXml(namespace)}"`;
    start += ` ${prefix}${name}="${escapeXml(value)}"`;
  }
  const inner = innerXml(element);
  return inner === '' ? `<${start}/>` : `<${start}>${inner}</${element.name}>`;
}
