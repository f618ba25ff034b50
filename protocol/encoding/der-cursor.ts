// Walks a DER structure member by member. The first mismatch is kept and every later read is inert, so a parser reads
// straight through and asks for the error once, at the end.
import { fail, ok } from '../../kernel/result.ts';
import type { FormatError, Result } from '../../kernel/result.ts';
import { oidText, readDer, readDerWithin, stringText, TAG, timeEpochMs } from './der.ts';
import type { DerNode } from './der.ts';

const NOTHING = new Uint8Array(0);
const INERT: DerNode = { tag: 0, constructed: false, value: NOTHING, bytes: NOTHING, children: [], offset: 0 };

interface Reading {
  readonly input: Uint8Array;
  error: FormatError | undefined;
}

export class DerCursor {
  readonly #nodes: readonly DerNode[];
  readonly #endOffset: number;
  readonly #reading: Reading;
  #at = 0;

  private constructor(nodes: readonly DerNode[], endOffset: number, reading: Reading) {
    this.#nodes = nodes;
    this.#endOffset = endOffset;
    this.#reading = reading;
  }

  /** A cursor before the one element that `bytes` must hold. */
  static over(bytes: Uint8Array): DerCursor {
    const root = readDer(bytes);
    return root.ok
      ? new DerCursor([root.value], bytes.length, { input: bytes, error: undefined })
      : new DerCursor([], 0, { input: bytes, error: root.error });
  }

  /** A cursor over nothing: what could not be read at all. */
  static failed(error: FormatError): DerCursor {
    return new DerCursor([], 0, { input: NOTHING, error });
  }

  /** Whether a member is left to read. */
  get more(): boolean {
    return this.#reading.error === undefined && this.#at < this.#nodes.length;
  }

  /** What `value` stands for if everything read so far was as expected, the first mismatch otherwise. */
  finish<T>(value: () => T): Result<T> {
    return this.#reading.error === undefined ? ok(value()) : fail(this.#reading.error);
  }

  /** The next member, whatever its tag. */
  take(what: string): DerNode {
    const node = this.#nodes[this.#at];
    if (this.#reading.error !== undefined) return INERT;
    if (node === undefined) return this.#refuse(this.#endOffset, `${what} is missing`);
    this.#at++;
    return node;
  }

  /** The next member, which must have this tag. */
  expect(tag: number, what: string): DerNode {
    const node = this.take(what);
    if (node === INERT || node.tag === tag) return node;
    return this.#refuse(node.offset, `tag 0x${node.tag.toString(16)} where ${what} (0x${tag.toString(16)}) belongs`);
  }

  /** The next member if it has this tag. */
  optional(tag: number): DerNode | undefined {
    return this.more && this.#nodes[this.#at]!.tag === tag ? this.#nodes[this.#at++] : undefined;
  }

  /** A cursor over the members of the next member. */
  enter(tag: number, what: string): DerCursor {
    return this.within(this.expect(tag, what));
  }

  /** A cursor over the members of a node that this reading produced. */
  within(node: DerNode): DerCursor {
    return new DerCursor(node.children, node.offset + node.bytes.length, this.#reading);
  }

  /** A cursor before the one element inside content that this reading produced (of a BIT STRING or OCTET STRING). */
  inside(content: Uint8Array): DerCursor {
    if (this.#reading.error !== undefined) return new DerCursor([], 0, this.#reading);
    const start = content.byteOffset - this.#reading.input.byteOffset;
    const node = readDerWithin(this.#reading.input, start, start + content.length);
    if (!node.ok) this.#reading.error = node.error;
    return new DerCursor(node.ok ? [node.value] : [], start + content.length, this.#reading);
  }

  oid(what: string): string {
    return this.#read(this.expect(TAG.oid, what), oidText, '');
  }

  text(what: string): string {
    return this.#read(this.take(what), stringText, '');
  }

  timeMs(what: string): number {
    return this.#read(this.take(what), timeEpochMs, 0);
  }

  /** The magnitude of a non-negative INTEGER, big-endian, without the sign octet. */
  unsigned(what: string): Uint8Array {
    const node = this.expect(TAG.integer, what);
    if (node === INERT) return NOTHING;
    if (node.value.length === 0 || node.value[0]! >= 0x80) {
      return this.#refuse(node.offset, `${what} is not a non-negative number`).value;
    }
    return node.value[0] === 0 && node.value.length > 1 ? node.value.subarray(1) : node.value;
  }

  /** The bytes of a BIT STRING of whole octets. */
  bits(what: string): Uint8Array {
    const node = this.expect(TAG.bitString, what);
    if (node === INERT) return NOTHING;
    return node.value[0] === 0
      ? node.value.subarray(1)
      : this.#refuse(node.offset, `${what} is not whole octets`).value;
  }

  /** Records a mismatch that the structure's own rules found. */
  refuse(node: DerNode, reason: string): void {
    this.#refuse(node.offset, reason);
  }

  #read<T>(node: DerNode, convert: (node: DerNode) => Result<T>, inert: T): T {
    if (node === INERT) return inert;
    const converted = convert(node);
    if (converted.ok) return converted.value;
    this.#reading.error ??= converted.error;
    return inert;
  }

  #refuse(offset: number, reason: string): DerNode {
    this.#reading.error ??= { kind: 'format', offset, reason };
    return INERT;
  }
}
