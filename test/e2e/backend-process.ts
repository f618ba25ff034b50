// The embedded backend as the orchestrator starts it: a process of its own, configured by message.
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { defaultTenant } from '../../backend/default-tenant.ts';
import type { BackendReady, BackendRefused, ConfigureBackend, FromBackend } from '../../catalog/backend-messages.ts';
import type { TenantConfig } from '../../catalog/tenant.ts';
import type { Target } from './foreign-walk.ts';

export const EPOCH_MS = 1_767_225_600_000;

export function testTenant(changes: Partial<TenantConfig> = {}): TenantConfig {
  return { ...defaultTenant({ seed: 'test', speed: 1, epochMs: EPOCH_MS }), ...changes };
}

export interface BackendProcess {
  readonly child: ChildProcess;
  readonly answer: BackendReady | BackendRefused;
  /** Disconnects, and resolves with the exit code. */
  stop(): Promise<number | null>;
}

export async function startProcess(configuration: Omit<ConfigureBackend, 'kind'>): Promise<BackendProcess> {
  const entry = fileURLToPath(new URL('../../backend/main.ts', import.meta.url));
  const child = fork(entry, { serialization: 'advanced' });
  child.send({ kind: 'configure', ...configuration } satisfies ConfigureBackend);
  const [answer] = (await once(child, 'message')) as [FromBackend];
  if (answer.kind === 'usage') throw new Error('usage before an answer');
  return {
    child,
    answer,
    stop: async () => {
      if (child.exitCode !== null) return child.exitCode;
      const exited = once(child, 'exit') as Promise<[number | null]>;
      if (child.connected) child.disconnect();
      return (await exited)[0];
    },
  };
}

/** The answer of a backend that must be ready. */
export function readyOf(process: BackendProcess): BackendReady {
  if (process.answer.kind !== 'ready') throw new Error(process.answer.message);
  return process.answer;
}

export function targetOf(ready: BackendReady, tenant: TenantConfig): Target {
  const { tenantId, domain, password } = tenant;
  return { services: ready.endpoints, tenant: { id: tenantId, domain, password }, admin: ready.admin };
}
