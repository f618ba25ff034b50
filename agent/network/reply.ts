// What a service answered: status, headers and a body that is already in memory and bounded.

/** Header fields in the order received: lower-case name, value, name, value, ... */
export type HeaderList = readonly string[];

export class Reply {
  readonly status: number;
  readonly headers: HeaderList;
  readonly body: Buffer;

  constructor(status: number, headers: HeaderList, body: Buffer) {
    this.status = status;
    this.headers = headers;
    this.body = body;
  }

  /** The first field of that (lower-case) name. */
  header(name: string): string | undefined {
    for (let i = 0; i < this.headers.length; i += 2) if (this.headers[i] === name) return this.headers[i + 1];
    return undefined;
  }

  /** The body as UTF-8. */
  text(): string {
    return this.body.toString('utf8');
  }
}
