// How often something may be asked for in a while: a fixed window that begins with its first request.

export class RequestWindow {
  readonly #requestsMax: number;
  readonly #windowMs: number;
  #beganMs = -Infinity;
  #requests = 0;

  constructor(requestsMax: number, windowMs: number) {
    this.#requestsMax = requestsMax;
    this.#windowMs = windowMs;
  }

  /** 0 where a request may pass, else the milliseconds until the window ends. */
  wait(nowMs: number): number {
    if (nowMs >= this.#beganMs + this.#windowMs) {
      this.#beganMs = nowMs;
      this.#requests = 0;
    }
    if (this.#requests >= this.#requestsMax) return this.#beganMs + this.#windowMs - nowMs;
    this.#requests++;
    return 0;
  }
}

/** Retry-After is whole seconds, and asking again a little too soon is of no use. */
export function retryAfter(waitMs: number): Readonly<Record<'retry-after', string>> {
  return { 'retry-after': String(Math.max(1, Math.ceil(waitMs / 1000))) };
}
