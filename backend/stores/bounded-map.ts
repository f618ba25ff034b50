// A map that refuses what it has no room for, and counts it: the embedded tenant keeps its state in memory, so each of its
// stores has a bound, and a client that meets it is told so.

export class BoundedMap<K, V> {
  readonly #entries = new Map<K, V>();
  readonly #entriesMax: number;
  #refused = 0;

  constructor(entriesMax: number) {
    this.#entriesMax = entriesMax;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** How many new entries found no room. */
  get refused(): number {
    return this.#refused;
  }

  get(key: K): V | undefined {
    return this.#entries.get(key);
  }

  /** Adds or replaces; false where a new entry finds no room. */
  set(key: K, value: V): boolean {
    if (this.#entries.size >= this.#entriesMax && !this.#entries.has(key)) {
      this.#refused += 1;
      return false;
    }
    this.#entries.set(key, value);
    return true;
  }

  delete(key: K): boolean {
    return this.#entries.delete(key);
  }

  values(): MapIterator<V> {
    return this.#entries.values();
  }
}
