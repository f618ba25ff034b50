// The outside of a zip archive with one stored file (PKWARE APPNOTE 4.3): what content services must write around the bytes of
// an app, and what a device can check of an archive that streams by, of which it keeps nothing but the ends.

const LOCAL_HEADER = 0x04034b50;
const CENTRAL_HEADER = 0x02014b50;
const END_OF_DIRECTORY = 0x06054b50;
const LOCAL_BYTES = 30;
const CENTRAL_BYTES = 46;
const END_BYTES = 22;
const VERSION = 20;
/** 1980-01-01, the first day that the format knows. */
const DOS_DATE = 0x21;

export interface StoredFile {
  readonly name: string;
  readonly crc32: number;
  readonly bytes: number;
}

/** What stands before the file's bytes; `extra` is the extra field. */
export function zipLocalHeader(file: StoredFile, extra: Uint8Array): Uint8Array {
  const name = Buffer.from(file.name);
  const head = Buffer.alloc(LOCAL_BYTES);
  head.writeUInt32LE(LOCAL_HEADER, 0);
  head.writeUInt16LE(VERSION, 4);
  writeDescription(head, 10, file);
  head.writeUInt16LE(name.length, 26);
  head.writeUInt16LE(extra.length, 28);
  return Buffer.concat([head, name, extra]);
}

/** What stands after them: the directory and its end. `localBytes` is the length of the local header. */
export function zipDirectory(file: StoredFile, localBytes: number): Uint8Array {
  const name = Buffer.from(file.name);
  const entry = Buffer.alloc(CENTRAL_BYTES);
  entry.writeUInt32LE(CENTRAL_HEADER, 0);
  entry.writeUInt16LE(VERSION, 4);
  entry.writeUInt16LE(VERSION, 6);
  writeDescription(entry, 12, file);
  entry.writeUInt16LE(name.length, 28);
  const end = Buffer.alloc(END_BYTES);
  end.writeUInt32LE(END_OF_DIRECTORY, 0);
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(entry.length + name.length, 12);
  end.writeUInt32LE(localBytes + file.bytes, 16);
  return Buffer.concat([entry, name, end]);
}

/** Length of what `zipDirectory` writes. */
export function zipDirectoryBytes(name: string): number {
  return CENTRAL_BYTES + Buffer.byteLength(name) + END_BYTES;
}

/** Time, date, checksum and sizes, which both headers have in this order; the method before them is 0, stored. */
function writeDescription(header: Buffer, at: number, { crc32, bytes }: StoredFile): void {
  header.writeUInt16LE(DOS_DATE, at + 2);
  header.writeUInt32LE(crc32, at + 4);
  header.writeUInt32LE(bytes, at + 8);
  header.writeUInt32LE(bytes, at + 12);
}

/** Takes an archive piece by piece and says at the end whether it has the outside of one: first header, directory, end. */
export class ZipOutside {
  readonly #first = Buffer.alloc(4);
  readonly #last = Buffer.alloc(END_BYTES);
  #bytes = 0;

  take(piece: Uint8Array): void {
    if (this.#bytes < 4) this.#first.set(piece.subarray(0, 4 - this.#bytes), this.#bytes);
    if (piece.length >= END_BYTES) this.#last.set(piece.subarray(piece.length - END_BYTES));
    else if (piece.length > 0) {
      this.#last.copyWithin(0, piece.length);
      this.#last.set(piece, END_BYTES - piece.length);
    }
    this.#bytes += piece.length;
  }

  /** An archive with a comment at its end is not taken for one: packages have none. */
  get holds(): boolean {
    if (this.#bytes < LOCAL_BYTES + END_BYTES || this.#first.readUInt32LE() !== LOCAL_HEADER) return false;
    if (this.#last.readUInt32LE() !== END_OF_DIRECTORY || this.#last.readUInt16LE(10) === 0) return false;
    return this.#last.readUInt32LE(12) + this.#last.readUInt32LE(16) + END_BYTES === this.#bytes;
  }
}
