// Distinguished names (RFC 5280, 4.1.2.4) as an ordered list of type and value.
import { ia5String, oid, printableString, sequence, setOf, TAG, utf8String } from '../encoding/der.ts';
import type { DerCursor } from '../encoding/der-cursor.ts';

/** One attribute of a name: the type is a short name below or a dotted object identifier. */
export interface NameAttribute {
  readonly type: 'CN' | 'O' | 'OU' | 'DC' | 'C' | (string & {});
  readonly value: string;
}

/** In the order of the encoding, each attribute in a relative name of its own. */
export type Name = readonly NameAttribute[];

const DOTTED = new Map([
  ['CN', '2.5.4.3'],
  ['C', '2.5.4.6'],
  ['O', '2.5.4.10'],
  ['OU', '2.5.4.11'],
  ['DC', '0.9.2342.19200300.100.1.25'],
]);
const SHORT = new Map([...DOTTED].map(([short, dotted]) => [dotted, short]));

/** PKCS #9: the only other attribute here that is an IA5String. */
const EMAIL_ADDRESS = '1.2.840.113549.1.9.1';

// X.680's PrintableString, and '!', which Windows writes in one (MS-MDE2 requests are named "GUID!HWDevID").
const PRINTABLE = /^[A-Za-z0-9 '()+,\-./:=?!]*$/;

export function encodeName(name: Name): Uint8Array {
  return sequence(
    ...name.map(({ type, value }) => setOf(sequence(oid(DOTTED.get(type) ?? type), encodeValue(type, value)))),
  );
}

function encodeValue(type: string, value: string): Uint8Array {
  if (type === 'DC' || type === EMAIL_ADDRESS) return ia5String(value);
  return type === 'CN' || type === 'C' ? directoryString(value) : utf8String(value);
}

/** A DirectoryString (RFC 5280, 4.1.2.4): printable where the characters allow it. */
export function directoryString(text: string): Uint8Array {
  return PRINTABLE.test(text) ? printableString(text) : utf8String(text);
}

/** Reads a Name where the cursor stands; a relative name of several attributes gives them one after another. */
export function readName(cursor: DerCursor, what: string): Name {
  return readNameMembers(cursor.enter(TAG.sequence, what), what);
}

/** Reads the relative names of a Name whose own tag was already read. */
export function readNameMembers(members: DerCursor, what: string): Name {
  const name: NameAttribute[] = [];
  while (members.more) {
    const relative = members.enter(TAG.set, `relative name of ${what}`);
    while (relative.more) {
      const attribute = relative.enter(TAG.sequence, `attribute of ${what}`);
      const dotted = attribute.oid(`attribute type of ${what}`);
      name.push({ type: SHORT.get(dotted) ?? dotted, value: attribute.text(`attribute value of ${what}`) });
    }
  }
  return name;
}

/** For people and logs: "CN=..., O=...". Not RFC 4514: nothing is escaped. */
export function nameText(name: Name): string {
  return name.map(({ type, value }) => `${type}=${value}`).join(', ');
}
