// A connectivity service that says nothing for a while: who arrives in that time waits until its end.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface StallingProbe {
  readonly url: string;
  readonly close: () => void;
}

/** Answers at once, except from `afterMs` to `afterMs + stallMs` counted from the first request. */
export async function stallingProbe(afterMs: number, stallMs: number): Promise<StallingProbe> {
  let firstMs: number | undefined;
  const server: Server = createServer((_request, response) => {
    const nowMs = performance.now();
    firstMs ??= nowMs;
    const sinceMs = nowMs - firstMs;
    const answer = (): void => {
      response.setHeader('content-length', 22);
      response.end('Microsoft Connect Test');
    };
    if (sinceMs < afterMs || sinceMs >= afterMs + stallMs) answer();
    else setTimeout(answer, afterMs + stallMs - sinceMs);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => server.close(),
  };
}
