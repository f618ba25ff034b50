// Which characters XML 1.0 allows where, as tables for the scanner: one look-up per character instead of several searches.

/** What a run of character data was seen to hold (bits). A space sets none. */
export const PLAIN = 1;
export const REFERENCE = 2;
export const RETURN = 4;
export const BRACKET = 8;
/** Tabs and line feeds, which an attribute's value turns into blanks. */
export const TABULATION = 16;
export const FORBIDDEN = 32;
export const LESS_THAN = 64;

/** Bits by ASCII code of character data. */
export const DATA_CLASS = new Uint8Array(128).fill(PLAIN);
DATA_CLASS.fill(FORBIDDEN, 0, 32);
DATA_CLASS[' '.charCodeAt(0)] = 0;
for (const blank of '\t\n') DATA_CLASS[blank.charCodeAt(0)] = TABULATION;
DATA_CLASS['\r'.charCodeAt(0)] = RETURN;
DATA_CLASS['&'.charCodeAt(0)] = PLAIN | REFERENCE;
DATA_CLASS[']'.charCodeAt(0)] = PLAIN | BRACKET;
DATA_CLASS['<'.charCodeAt(0)] = LESS_THAN;

/** By ASCII code: 1 may start a name (without colon), 2 may only continue it, 0 neither. */
export const NAME_CLASS = new Uint8Array(128);
for (const letter of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_') NAME_CLASS[letter.charCodeAt(0)] = 1;
for (const other of '0123456789-.') NAME_CLASS[other.charCodeAt(0)] = 2;

/** The first character that is allowed nowhere, not even as a reference; half surrogate pairs are tested apart. */
// oxlint-disable-next-line no-control-regex
export const FORBIDDEN_CHARACTER = /[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/;

/** A name without colon, beyond ASCII too. */
export const NAME =
  /^[A-Za-z_\xc0-\xd6\xd8-\xf6\xf8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d\u2070-\u218f\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\u{10000}-\u{effff}][-.\w\xb7\xc0-\xd6\xd8-\xf6\xf8-\u037d\u037f-\u1fff\u200c-\u200d\u203f\u2040\u2070-\u218f\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\u{10000}-\u{effff}]*$/u;

/** The XML declaration (sticky: set `lastIndex`). */
export const DECLARATION =
  /<\?xml[ \t\r\n]+version[ \t\r\n]*=[ \t\r\n]*(["'])1\.[0-9]+\1(?:[ \t\r\n]+encoding[ \t\r\n]*=[ \t\r\n]*(["'])[A-Za-z][-\w.]*\2)?(?:[ \t\r\n]+standalone[ \t\r\n]*=[ \t\r\n]*(["'])(?:yes|no)\3)?[ \t\r\n]*\?>/y;

const PREDEFINED: ReadonlyMap<string, string> = new Map([
  ['lt', '<'],
  ['gt', '>'],
  ['amp', '&'],
  ['quot', '"'],
  ['apos', "'"],
]);

/** The longest reference between '&' and ';': "#x10FFFF" with leading zeroes to spare. */
const REFERENCE_CHARACTERS_MAX = 12;

/** Replaces references; a bad one is returned as the offset of its '&'. */
export function resolveReferences(text: string): string | number {
  let out = '';
  let from = 0;
  for (let at = text.indexOf('&'); at >= 0; at = text.indexOf('&', from)) {
    const end = text.indexOf(';', at);
    const known = end > 0 && end - at <= REFERENCE_CHARACTERS_MAX;
    const character = known ? referenced(text.slice(at + 1, end)) : undefined;
    if (character === undefined) return at;
    out += text.slice(from, at) + character;
    from = end + 1;
  }
  return out + text.slice(from);
}

function referenced(name: string): string | undefined {
  if (name.charCodeAt(0) !== 35) return PREDEFINED.get(name); // '#'
  const hexadecimal = /^#x([0-9A-Fa-f]+)$/.exec(name)?.[1];
  const decimal = /^#([0-9]+)$/.exec(name)?.[1];
  const code = hexadecimal === undefined ? Number(decimal) : Number.parseInt(hexadecimal, 16);
  if (!(code <= 0x10ffff) || (code >= 0xd800 && code <= 0xdfff)) return undefined;
  const character = String.fromCodePoint(code);
  return FORBIDDEN_CHARACTER.test(character) ? undefined : character;
}
