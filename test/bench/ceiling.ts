// The raw ceiling of the embedded backend: how many plain requests a second it answers when nobody has to think about them.
// autocannon keeps a few TLS connections busy with the OpenID configuration, which every device asks for.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import autocannon from 'autocannon';
import { ENTRY } from '../run-scenario.ts';
import { row, type BenchRow } from './table.ts';

const CONNECTIONS = 8;
const SECONDS = 3;

export async function benchCeiling(repeat: number): Promise<BenchRow[]> {
  const child = spawn(process.execPath, [ENTRY, 'backend', '--json'], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  const ready = JSON.parse(line) as { services: { login: string }; ca: string; tenant: { id: string } };
  const perSecond: number[] = [];
  for (let i = 0; i < repeat; i++) {
    const result = await autocannon({
      url: `${ready.services.login}/${ready.tenant.id}/v2.0/.well-known/openid-configuration`,
      connections: CONNECTIONS,
      duration: SECONDS,
      tlsOptions: { ca: readFileSync(ready.ca) },
    });
    if (result.non2xx > 0 || result.errors > 0) throw new Error(`${result.non2xx} refusals, ${result.errors} errors`);
    perSecond.push(result.requests.mean);
  }
  child.kill('SIGTERM');
  await once(child, 'exit');
  return [row('requests a second of the backend by autocannon', '/s', perSecond)];
}
