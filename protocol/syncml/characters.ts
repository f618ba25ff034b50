// What XML 1.0 says about single characters: which stand in names, which nowhere, and what a reference stands for.

/** Characters that no XML document may hold, written out or as a reference (XML 1.0, 2.2). */
export const FORBIDDEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/;
const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** Which ASCII characters may stand in a name (1) and begin one (2); everything above ASCII may do both. */
export const NAME_CHARACTERS = new Uint8Array(128);
for (let code = 0; code < 128; code++) {
  const character = String.fromCharCode(code);
  if (/[A-Za-z_]/.test(character)) NAME_CHARACTERS[code] = 3;
  else if (/[-.0-9]/.test(character)) NAME_CHARACTERS[code] = 1;
}

export function isSpace(code: number): boolean {
  return code === 32 || code === 10 || code === 13 || code === 9;
}

/** The character of a reference without its "&" and ";", or undefined where it is none. */
export function decodeReference(reference: string): string | undefined {
  if (reference.charCodeAt(0) !== 35) return Object.hasOwn(ENTITIES, reference) ? ENTITIES[reference] : undefined;
  const hexadecimal = /^#x([0-9a-fA-F]{1,6})$/.exec(reference)?.[1];
  const decimal = /^#([0-9]{1,7})$/.exec(reference)?.[1];
  const code = hexadecimal === undefined ? Number(decimal ?? Number.NaN) : Number.parseInt(hexadecimal, 16);
  if (!(code <= 0x10ffff) || (code >= 0xd800 && code <= 0xdfff)) return undefined;
  const character = String.fromCodePoint(code);
  return FORBIDDEN.test(character) ? undefined : character;
}
