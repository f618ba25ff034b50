// The only source of chance. A stream is named by (seed, device index, purpose), so what a device draws never depends on
// scheduling, threads or shards, and adding a draw for one purpose leaves every other purpose as it was.

/** FNV-1a over UTF-16 units with a final avalanche (the murmur3 finalizer), 32 bits. */
function hash32(text: string, basis: number): number {
  let hash = basis;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash ^= hash >>> 16;
  hash = Math.imul(hash, 0x85ebca6b);
  hash ^= hash >>> 13;
  hash = Math.imul(hash, 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** A deterministic stream of numbers (sfc32, 128 bits of state). */
export class RandomStream {
  #a: number;
  #b: number;
  #c: number;
  #d: number;

  constructor(name: string) {
    this.#a = hash32(name, 0x811c9dc5);
    this.#b = hash32(name, 0x9e3779b9);
    this.#c = hash32(name, 0x7f4a7c15);
    this.#d = 1;
    for (let i = 0; i < 12; i++) this.uint32(); // sfc32 mixes its seed in 12 rounds
  }

  /** A whole number in [0, 2^32). */
  uint32(): number {
    const t = (((this.#a + this.#b) | 0) + this.#d) | 0;
    this.#d = (this.#d + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + t) | 0;
    return t >>> 0;
  }

  /** A number in [0, 1), 53 bits. */
  unit(): number {
    return ((this.uint32() >>> 5) * 67108864 + (this.uint32() >>> 6)) / 9007199254740992;
  }

  /** A whole number in [0, bound). */
  below(bound: number): number {
    return Math.floor(this.unit() * bound);
  }

  chance(probability: number): boolean {
    return this.unit() < probability;
  }

  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)] as T;
  }

  bytes(length: number): Uint8Array {
    const out = new Uint8Array(length);
    for (let i = 0; i < length;) {
      let word = this.uint32();
      for (let k = 0; k < 4 && i < length; k++, i++, word >>>= 8) out[i] = word & 0xff;
    }
    return out;
  }

  /** A standard normal deviate (Box-Muller). */
  normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.unit())) * Math.cos(2 * Math.PI * this.unit());
  }

  /** A GUID in RFC 9562 version 4 form: lower case, dashed. */
  guid(): string {
    const bytes = this.bytes(16);
    bytes[6] = (bytes[6]! & 0x0f) | 0x40;
    bytes[8] = (bytes[8]! & 0x3f) | 0x80;
    const hex = Buffer.from(bytes).toString('hex');
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
  }
}

/** The stream of one device for one purpose. Index -1 is the run's own. */
export function randomStream(seed: string, index: number, purpose: string): RandomStream {
  return new RandomStream(`${seed}\u0000${index}\u0000${purpose}`);
}
