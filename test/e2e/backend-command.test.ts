// `flotilla backend` as a person or a script starts it: one line of JSON, devices from CSV files, a clean stop, clear refusals.
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ForeignClient, hardware, hardwareHash } from './foreign-client.ts';
import * as walk from './foreign-walk.ts';
import type { Target } from './foreign-walk.ts';

const FLOTILLA = fileURLToPath(new URL('../../bin/flotilla.js', import.meta.url));

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'flotilla-command-'));
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

function flotilla(...options: string[]): ChildProcess {
  return spawn(process.execPath, [FLOTILLA, 'backend', ...options], { stdio: ['ignore', 'pipe', 'pipe'] });
}

/** Standard output up to its first newline. */
async function firstLine(child: ChildProcess): Promise<string> {
  let text = '';
  for await (const chunk of child.stdout!) {
    text += String(chunk);
    if (text.includes('\n')) break;
  }
  return text.slice(0, text.indexOf('\n'));
}

async function refusal(...options: string[]): Promise<{ code: number; message: string }> {
  const child = flotilla(...options);
  let message = '';
  child.stderr!.on('data', (chunk) => {
    message += String(chunk);
  });
  const [code] = (await once(child, 'close')) as [number];
  return { code, message };
}

type Ready = Target & { readonly ca: string; readonly tenant: { readonly user: string } };

describe('flotilla backend', () => {
  it('prints one line of JSON, has the registered devices, and stops cleanly', async () => {
    const csv = join(folder, 'devices.csv');
    const header = 'Device Serial Number,Windows Product ID,Hardware Hash,Group Tag';
    const rows = [1, 2].map(
      (number) => `${hardware(number).serialNumber},,${hardwareHash(hardware(number))},elsewhere`,
    );
    await writeFile(csv, `${[header, ...rows].join('\n')}\n`);
    const child = flotilla('--json', '--register', csv);
    const ready = JSON.parse(await firstLine(child)) as Ready;
    const client = new ForeignClient(await readFile(ready.ca, 'utf8'));
    const token = await walk.deviceToken(client, ready, hardware(2));
    const profile = await walk.profile(client, ready, token);
    expect([profile.status, profile.json()['CloudAssignedTenantDomain']]).toEqual([200, ready.tenant.domain]);
    const signedIn = await walk.signInAs(client, ready, ready.tenant.user);
    expect(signedIn.claims['upn']).toBe(ready.tenant.user);
    expect(await walk.adminToken(client, ready)).toContain('.');
    client.close();
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
    expect(existsSync(ready.ca)).toBe(false);
  });

  it('exits with 2 and says why: a taken port, impossible options, files that cannot be read', async () => {
    const child = flotilla('--json');
    const { services } = JSON.parse(await firstLine(child)) as Ready;
    const { port } = new URL(services.login);
    const taken = await refusal('--port', port);
    expect(taken).toEqual({ code: 2, message: `flotilla backend: port 127.0.0.1:${port} is taken\n` });
    child.kill('SIGINT');
    expect(await once(child, 'exit')).toEqual([0, null]);

    expect(await refusal('--port', '70000')).toMatchObject({ code: 2, message: expect.stringContaining('65535') });
    expect(await refusal('--speed', '0')).toMatchObject({ code: 2, message: expect.stringContaining('--speed') });
    const missing = join(folder, 'missing.csv');
    expect(await refusal('--register', missing)).toMatchObject({ code: 2, message: expect.stringContaining(missing) });
    const broken = join(folder, 'broken.csv');
    await writeFile(broken, 'Serial,Hash\n');
    const problems = await refusal('--register', broken);
    expect([problems.code, problems.message]).toEqual([2, expect.stringContaining(`${broken}:1:1: `)]);
    expect(await refusal('--scenario', missing)).toMatchObject({ code: 2, message: expect.stringContaining(missing) });
    expect((await refusal('--nonsense')).code).toBe(2);
  });
});
