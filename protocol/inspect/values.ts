// How explanations spell values: bytes, times, GUIDs, and XML that has no explainer of its own.
import { utcTime } from '../../kernel/calendar.ts';
import { attribute } from '../encoding/xml.ts';
import type { XmlElement } from '../encoding/xml.ts';

export function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex');
}

/** ISO 8601 in UTC with whole seconds; undefined for what the calendar does not reach. */
export function isoTime(epochMs: number): string | undefined {
  const { year, month, day, hour, minute, second } = utcTime(epochMs);
  if (!(year >= 0 && year <= 9999)) return undefined;
  const two = (part: number): string => String(part).padStart(2, '0');
  const date = `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}`;
  return `${date}T${two(hour)}:${two(minute)}:${two(second)}Z`;
}

/** A GUID from its 16 bytes in .NET's order: the first three groups are little-endian. */
export function guidText(bytes: Uint8Array): string {
  const all = Buffer.from(bytes);
  const first = [
    all.readUInt32LE(0).toString(16).padStart(8, '0'),
    half(all.readUInt16LE(4)),
    half(all.readUInt16LE(6)),
  ];
  return [...first, hex(all.subarray(8, 10)), hex(all.subarray(10, 16))].join('-');
}

function half(value: number): string {
  return value.toString(16).padStart(4, '0');
}

/** What stands for a secret. */
export function masked(text: string): string {
  return `(${text.length} characters, not shown)`;
}

/** Explains one element in its own way; undefined leaves it to the general rule. */
export type ElementExplainer = (element: XmlElement) => unknown;

/**
 * An element as JSON: children by name (a list where a name repeats), the text of a leaf, null for xsi:nil, the attributes
 * of a leaf without text.
 */
export function explainElement(element: XmlElement, special: ElementExplainer): unknown {
  const explained = special(element);
  if (explained !== undefined) return explained;
  if (element.children.length > 0) return explainChildren(element, special);
  const text = element.text.trim();
  if (text !== '' || element.attributes.length === 0) return text;
  if (attribute(element, 'nil') === 'true') return null;
  return Object.fromEntries(element.attributes.map(({ name, value }) => [name, value]));
}

export function explainChildren(element: XmlElement, special: ElementExplainer): Record<string, unknown> {
  return grouped(element.children.map((child) => [child.name, explainElement(child, special)]));
}

/** Members in order; values of a name that repeats become a list. */
export function grouped(entries: readonly (readonly [name: string, value: unknown])[]): Record<string, unknown> {
  const values = new Map<string, unknown[]>();
  for (const [name, value] of entries) {
    const known = values.get(name);
    if (known === undefined) values.set(name, [value]);
    else known.push(value);
  }
  return Object.fromEntries([...values].map(([name, all]) => [name, all.length === 1 ? all[0] : all]));
}
