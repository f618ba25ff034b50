// The Configuration Manager client of a co-managed device, once its MSI is installed: it takes over what its site says (here by the MDM's
// mouth), passes workloads to the MDM one after the other, and only then reports to the status page that it is there; afterwards it
// installs what its task sequence says. All that it knows is in the device's tree, so it goes on after a restart where it was.
import type { StepFailure } from '../../catalog/failures.ts';
import { never, ok } from '../../kernel/result.ts';
import type { Result } from '../../kernel/result.ts';
import { SECOND_MS } from '../../kernel/units.ts';
import {
  CO_MANAGED,
  CONFIG_MANAGER_PRODUCT,
  parseTaskSequence,
  parseWorkloadOrder,
} from '../../protocol/management/co-management.ts';
import type { TaskSequenceApp } from '../../protocol/management/co-management.ts';
import type { DeviceContext } from '../device-context.ts';
import { MSI_STATUS } from '../management/csp/enterprise-desktop-app-management.ts';
import type { InstallJob } from '../management/jobs.ts';
import type { ManagedDevice } from '../management/managed-device.ts';
import { managedOf } from '../steps/manage.ts';
import type { Work, WorkSource } from '../work.ts';
import { CLIENT_KEYS, INSTALLATION, trackedAppKey } from './client-keys.ts';

/** Time of a client to take over new authorities, after which it has the device synchronise; ours, not measured. */
const PASSING_MS = 30 * SECOND_MS;

type Task =
  | { readonly kind: 'not-installed' }
  | { readonly kind: 'pass'; readonly flags: number }
  | { readonly kind: 'report' }
  | { readonly kind: 'install'; readonly app: TaskSequenceApp };

/** Work of the client in one phase. Without co-management there is none. */
export function configManagerClient(
  device: DeviceContext,
  phase: 'device-esp' | 'user-esp' | 'desktop',
): ConfigManagerClient {
  return new ConfigManagerClient(device, phase === 'device-esp');
}

/** Whether an MSI job is the client's. */
export function isConfigManagerClient(job: InstallJob): boolean {
  return job.kind === 'msi' && job.id === CONFIG_MANAGER_PRODUCT;
}

/** The client is there: the device is co-managed, and all authority is Configuration Manager's. */
export function configManagerInstalled(managed: ManagedDevice): void {
  if (managed.tree.read(CLIENT_KEYS.flags) === undefined) managed.tree.write(CLIENT_KEYS.flags, String(CO_MANAGED));
}

export class ConfigManagerClient implements WorkSource {
  readonly #device: DeviceContext;
  readonly #blocking: boolean;
  #failure: StepFailure | undefined;
  #released = false;
  #sequence: readonly TaskSequenceApp[] | undefined;

  constructor(device: DeviceContext, blocking: boolean) {
    this.#device = device;
    this.#blocking = blocking;
  }

  hasWork(): boolean {
    return this.#task() !== undefined;
  }

  dueMs(): undefined {
    return undefined;
  }

  failure(): StepFailure | undefined {
    return this.#failure;
  }

  release(): void {
    this.#released = true;
  }

  async begin(): Promise<Result<Work | undefined, StepFailure>> {
    const task = this.#task();
    if (task === undefined) return ok(undefined);
    switch (task.kind) {
      case 'not-installed':
        this.#write(CLIENT_KEYS.provider, INSTALLATION.failed);
        return ok(undefined);
      case 'pass':
        return ok(this.#work(PASSING_MS, () => this.#write(CLIENT_KEYS.flags, String(task.flags))));
      case 'report':
        this.#report();
        return ok(undefined);
      case 'install':
        return this.#install(task.app);
      default:
        return never(task);
    }
  }

  /** What the client does next, by what the tree says. */
  #task(): Task | undefined {
    const order = this.#read(CLIENT_KEYS.workloads);
    if (order === undefined) return undefined;
    const flags = this.#read(CLIENT_KEYS.flags);
    const provider = this.#read(CLIENT_KEYS.provider);
    if (flags === undefined) {
      const failed = NOT_INSTALLED.has(this.#read(CLIENT_KEYS.setup) ?? '') && provider !== INSTALLATION.failed;
      return failed ? { kind: 'not-installed' } : undefined;
    }
    const steps = parseWorkloadOrder(order) ?? [CO_MANAGED];
    const next = steps[steps.indexOf(Number(flags)) + 1];
    if (next !== undefined) return { kind: 'pass', flags: next };
    if (provider !== INSTALLATION.completed) return { kind: 'report' };
    const app = this.#apps().find(({ name }) => OPEN.has(this.#read(trackedAppKey(name, 'InstallationState')) ?? ''));
    return app === undefined ? undefined : { kind: 'install', app };
  }

  /** The client has its site's policy: the page may go on, and knows which apps the task sequence will bring. */
  #report(): void {
    this.#write(CLIENT_KEYS.tracking, '');
    for (const { name } of this.#apps()) {
      this.#write(trackedAppKey(name), '');
      this.#write(trackedAppKey(name, 'InstallationState'), INSTALLATION.notInstalled);
    }
    this.#write(CLIENT_KEYS.trackingPoliciesCreated, 'true');
    this.#write(CLIENT_KEYS.provider, INSTALLATION.completed);
  }

  async #install({ name, contentUrl, sha256 }: TaskSequenceApp): Promise<Result<Work | undefined, StepFailure>> {
    const { cohort, network, services, shard } = this.#device;
    const state = trackedAppKey(name, 'InstallationState');
    this.#write(state, INSTALLATION.inProgress);
    const content = await services.downloadContent(network, contentUrl, { sha256Hex: sha256 });
    if (this.#released) return ok(undefined);
    if (!content.ok) {
      if (content.error.code === 'abandoned') return content;
      this.#write(state, INSTALLATION.failed);
      if (this.#blocking) this.#failure ??= content.error;
      else this.#device.noteSoftFailure(content.error);
      return ok(undefined);
    }
    shard.recorder.count('flotilla_content_bytes_total', [cohort.site], content.value.bytes);
    const installMs = this.#device.draw(cohort.installs.app, `task-sequence:${name}`);
    return ok(this.#work(installMs, () => this.#write(state, INSTALLATION.completed)));
  }

  #work(deviceMs: number, ended: () => void): Work {
    return {
      deviceMs,
      blocking: this.#blocking,
      finish: () => {
        ended();
        return 'done';
      },
    };
  }

  /** Apps of the task sequence; what cannot be read is no sequence. */
  #apps(): readonly TaskSequenceApp[] {
    if (this.#sequence === undefined) {
      const read = parseTaskSequence(this.#read(CLIENT_KEYS.taskSequence) ?? '');
      this.#sequence = read.ok ? read.value : [];
    }
    return this.#sequence;
  }

  #read(key: string): string | undefined {
    return managedOf(this.#device).tree.read(key);
  }

  #write(key: string, value: string): void {
    managedOf(this.#device).tree.write(key, value);
  }
}

/** Status of an MSI that did not come to be installed. */
const NOT_INSTALLED: ReadonlySet<string> = new Set([MSI_STATUS.downloadFailed, MSI_STATUS.enforcementFailed]);
/** An app that a restart broke off is installed again. */
const OPEN: ReadonlySet<string> = new Set([INSTALLATION.notInstalled, INSTALLATION.inProgress]);
