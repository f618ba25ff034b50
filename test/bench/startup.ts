// From the command to the first exchange of the first device, embedded backend included: the connectivity probe goes to a server
// of this bench, which notes when it is asked.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { performance } from 'node:perf_hooks';
import { runScenario } from '../run-scenario.ts';
import { enrollmentScenario } from './scenarios.ts';
import { row, type BenchRow } from './table.ts';

export async function benchStartup(repeat: number): Promise<BenchRow[]> {
  const seconds: number[] = [];
  for (let i = 0; i < repeat; i++) {
    let askedMs = 0;
    const server = createServer((request, response) => {
      // The orchestrator's own check at the start uses HEAD or no path of the probe; the device asks for the text.
      if (askedMs === 0 && request.url === '/connecttest.txt' && request.method === 'GET') askedMs = performance.now();
      response.setHeader('content-length', 22);
      response.end('Microsoft Connect Test');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const startMs = performance.now();
    await runScenario(
      enrollmentScenario({
        devices: 1,
        arrivals: '{ kind: at-once }',
        target: `{ connectivity: "http://127.0.0.1:${port}" }`,
      }),
    );
    server.close();
    seconds.push((askedMs - startMs) / 1000);
  }
  return [row('from command to first exchange', 's', seconds, { atMost: 2 })];
}
