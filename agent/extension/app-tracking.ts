// What the management extension writes into EnrollmentStatusTracking: that it is there, that its list of apps is made, and where
// each app of a phase stands. The status page and the server read it. Source: EnrollmentStatusTracking CSP; the names of the app
// nodes are those that Windows' diagnostics show ("Win32App_<id>_<version>").
import type { AppPolicy } from '../../protocol/extension/app-policies.ts';
import { keyOf } from '../management/loc-uri.ts';
import type { Scope } from '../management/loc-uri.ts';
import type { ManagedDevice } from '../management/managed-device.ts';

const EXTENSION_PROVIDER = 'Sidecar';

export const INSTALLATION = { notInstalled: '1', inProgress: '2', completed: '3', failed: '4' } as const;
export const RESTART_REQUIRED = { none: '1', soft: '2', hard: '3' } as const;

const PREPARATION = `${root('device')}/DevicePreparation/PolicyProviders/${EXTENSION_PROVIDER}/InstallationState`;

/** The extension's package is installed: the page leaves its preparation, and the extension has work. */
export function extensionInstalled({ tree }: ManagedDevice): void {
  tree.write(PREPARATION, INSTALLATION.completed);
}

export function isExtensionInstalled({ tree }: ManagedDevice): boolean {
  return tree.read(PREPARATION) === INSTALLATION.completed;
}

/** The apps of one phase that the status page waits for. */
export class AppTracking {
  readonly #managed: ManagedDevice;
  readonly #root: string;

  constructor(managed: ManagedDevice, scope: Scope) {
    this.#managed = managed;
    this.#root = `${root(scope)}/Setup/Apps`;
  }

  /** Lists the apps, where they are not listed yet, and says that the list is made. */
  list(apps: readonly AppPolicy[]): void {
    const { tree } = this.#managed;
    const tracking = `${this.#root}/Tracking/${EXTENSION_PROVIDER}`;
    const provider = `${this.#root}/PolicyProviders/${EXTENSION_PROVIDER}`;
    for (const node of [provider, tracking]) if (tree.read(node) === undefined) tree.write(node, INTERIOR);
    for (const app of apps) {
      const node = this.#node(app);
      if (tree.read(node) !== undefined) continue;
      tree.write(node, INTERIOR);
      // Empty: where the app stands is said by the nodes beside it.
      tree.write(`${node}/TrackingUri`, '');
      tree.write(`${node}/InstallationState`, INSTALLATION.notInstalled);
      tree.write(`${node}/RebootRequired`, RESTART_REQUIRED.none);
    }
    tree.write(`${provider}/TrackingPoliciesCreated`, 'true');
  }

  reached(app: AppPolicy, state: (typeof INSTALLATION)[keyof typeof INSTALLATION]): void {
    this.#managed.tree.write(`${this.#node(app)}/InstallationState`, state);
  }

  asks(app: AppPolicy, restart: (typeof RESTART_REQUIRED)[keyof typeof RESTART_REQUIRED]): void {
    this.#managed.tree.write(`${this.#node(app)}/RebootRequired`, restart);
  }

  #node({ id, version }: AppPolicy): string {
    return `${this.#root}/Tracking/${EXTENSION_PROVIDER}/Win32App_${id}_${version}`;
  }
}

/** What stands for a node that holds others. */
const INTERIOR = '';

function root(scope: Scope): string {
  return keyOf(scope, ['Vendor', 'MSFT', 'EnrollmentStatusTracking']);
}
