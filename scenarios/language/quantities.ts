// Quantities as a scenario writes them: a number and its unit, never a bare number whose unit one must remember. Pure text
// to number; the schema says where which quantity stands.
import { DAY_MS, formatBytes, formatDuration, HOUR_MS, KIB, MIB, MINUTE_MS, SECOND_MS } from '../../kernel/units.ts';

export interface Quantity {
  /** Completes "must be ...". */
  readonly title: string;
  readonly examples: readonly string[];
  /** The whole text; group 1 is the number, group 2 the unit. */
  readonly pattern: RegExp;
  /** What one of a unit is worth. */
  readonly units: Readonly<Record<string, number>>;
  /** A value as a person reads it. */
  readonly format: (value: number) => string;
}

/** Value: milliseconds. */
export const DURATION: Quantity = {
  title: 'a duration with its unit (ms, s, min, h or d)',
  examples: ['20 s', '5 min', '1.5 h'],
  pattern: /^(\d{1,9}(?:\.\d{1,6})?) ?(ms|s|min|h|d)$/,
  units: { ms: 1, s: SECOND_MS, min: MINUTE_MS, h: HOUR_MS, d: DAY_MS },
  format: (ms) => (ms === 0 ? '0 s' : formatDuration(ms)),
};

/** Value: events a second. */
export const RATE: Quantity = {
  title: 'a rate: a number by s, min or h',
  examples: ['10/s', '600/min', '2000/h'],
  pattern: /^(\d{1,9}(?:\.\d{1,6})?) ?\/ ?(s|min|h)$/,
  units: { s: 1, min: 1 / 60, h: 1 / 3600 },
  format: (perSecond) => `${perSecond}/s`,
};

/** Value: bytes (units are powers of 1024, as everywhere here). */
export const SIZE: Quantity = {
  title: 'a size with its unit (B, KB, MB or GB)',
  examples: ['300 KB', '2 MB', '1.5 GB'],
  pattern: /^(\d{1,9}(?:\.\d{1,6})?) ?(B|KB|MB|GB)$/,
  units: { B: 1, KB: KIB, MB: MIB, GB: 1024 * MIB },
  format: formatBytes,
};

/** Value: a share of one. */
export const PERCENT: Quantity = {
  title: 'a percentage',
  examples: ['1%', '0.5%'],
  pattern: /^(\d{1,3}(?:\.\d{1,6})?) ?(%)$/,
  units: { '%': 0.01 },
  format: (share) => `${Number((share * 100).toPrecision(9))}%`,
};

/** The value of a text in the quantity's base unit; nothing where the text is not such a quantity. */
export function readQuantity(quantity: Quantity, text: string): number | undefined {
  const match = quantity.pattern.exec(text);
  if (match === null) return undefined;
  // Rounded to nine digits, so that `0.1%` is 0.001 and not 0.001 and a bit.
  return Number((Number(match[1]) * quantity.units[match[2]!]!).toPrecision(12));
}
