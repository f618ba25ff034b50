// A signal to stop that thousands of waiting devices can hold at once: adding and removing a listener is O(1) and costs a
// Set entry, where an AbortSignal keeps a linked list that it walks on every removal.

export class Stop {
  #stopped = false;
  readonly #listeners = new Set<() => void>();

  get stopped(): boolean {
    return this.#stopped;
  }

  /** Calls `listener` once when the stop comes (at once if it has come); returns how to forget it. */
  onStop(listener: () => void): () => void {
    if (this.#stopped) {
      listener();
      return () => {};
    }
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  stop(): void {
    if (this.#stopped) return;
    this.#stopped = true;
    const listeners = [...this.#listeners];
    this.#listeners.clear();
    for (const listener of listeners) listener();
  }
}
