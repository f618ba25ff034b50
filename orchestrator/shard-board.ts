// Where each shard stands: preparing -> ready -> left, or dead at any time. Two moments come out of it: all ready (the start
// barrier), and none left (the end). Which messages and deaths lead there is told from outside.

type Standing = 'preparing' | 'ready' | 'left' | 'dead';

export class ShardBoard {
  readonly #standings: Standing[];
  readonly #allReady = Promise.withResolvers<void>();
  readonly #allEnded = Promise.withResolvers<void>();

  constructor(shards: number) {
    this.#standings = Array.from({ length: shards }, () => 'preparing');
  }

  /** Comes when no shard is preparing any more and at least one is ready. */
  get allReady(): Promise<void> {
    return this.#allReady.promise;
  }

  /** Comes when every shard has left or is dead. */
  get allEnded(): Promise<void> {
    return this.#allEnded.promise;
  }

  get ready(): number {
    return this.#standings.filter((standing) => standing === 'ready').length;
  }

  isOver(shard: number): boolean {
    return this.#standings[shard] === 'left' || this.#standings[shard] === 'dead';
  }

  /** Whether something changed: a shard that is over stays so. */
  move(shard: number, to: Exclude<Standing, 'preparing'>): boolean {
    if (this.#standings[shard] === undefined || this.isOver(shard)) return false;
    this.#standings[shard] = to;
    if (!this.#standings.includes('preparing') && this.#standings.includes('ready')) this.#allReady.resolve();
    if (this.#standings.every((_, at) => this.isOver(at))) this.#allEnded.resolve();
    return true;
  }
}
