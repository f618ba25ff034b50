// Which Win32 apps the devices of a group get, and when: what the status page waits for in a phase, with what that depends on, and
// after the desktop everything. The answers of a group are written once: all its devices get the same bytes.
import type { EspConfig, Win32AppContent } from '../../catalog/content.ts';
import type { GroupConfig } from '../../catalog/tenant.ts';
import { USUAL_RETURN_CODES, writeAppPolicies } from '../../protocol/extension/app-policies.ts';
import type { AppPolicy } from '../../protocol/extension/app-policies.ts';
import type { EspPhase } from '../../protocol/extension/management-extension.ts';
import type { Identifiers } from '../identifiers.ts';

/** Attempts and their distance are the extension's usual ones, and so is the time that an installer may take. */
const ATTEMPTS = 3;
const RETRY_MINUTES = 5;
const RUN_MINUTES = 60;

type Target = AppPolicy['target'];

export class GroupApps {
  readonly #apps = new Map<string, Win32AppContent>();
  readonly #payloads = new Map<EspPhase, string>();
  readonly #group: Pick<GroupConfig, 'tag' | 'esp'>;
  readonly #identifiers: Identifiers;

  constructor(group: Pick<GroupConfig, 'tag' | 'esp'>, identifiers: Identifiers) {
    this.#group = group;
    this.#identifiers = identifiers;
    for (const app of allApps(group.esp)) this.#apps.set(this.#id(app.name), app);
  }

  /** The app with this id, if the group has it. */
  app(id: string): Win32AppContent | undefined {
    return this.#apps.get(id.toLowerCase());
  }

  /** ResponsePayload with the policies of a phase. */
  payload(phase: EspPhase): string {
    let payload = this.#payloads.get(phase);
    if (payload === undefined) {
      payload = writeAppPolicies(this.#policies(phase));
      this.#payloads.set(phase, payload);
    }
    return payload;
  }

  #policies(phase: EspPhase): AppPolicy[] {
    const { esp } = this.#group;
    if (phase === 'NotInEsp') {
      return [
        ...esp.device.win32Apps.map((app) => this.#policy(app, 'device', true)),
        ...esp.user.win32Apps.map((app) => this.#policy(app, 'user', true)),
      ];
    }
    const target: Target = phase === 'DeviceSetup' ? 'device' : 'user';
    const apps = esp[target].win32Apps;
    const blocking = new Set(blockingApps(esp, target));
    const needed = withDependencies(apps, blocking);
    return apps.filter((app) => needed.has(app)).map((app) => this.#policy(app, target, blocking.has(app)));
  }

  #policy(app: Win32AppContent, target: Target, targeted: boolean): AppPolicy {
    return {
      id: this.#id(app.name),
      name: app.name,
      version: 1,
      target,
      targeted,
      dependencies: app.dependsOn.map((name) => this.#id(name)),
      returnCodes: USUAL_RETURN_CODES,
      attemptsMax: ATTEMPTS,
      retryMinutes: RETRY_MINUTES,
      runMinutesMax: RUN_MINUTES,
      restart: app.restart,
    };
  }

  #id(name: string): string {
    return this.#identifiers.guid('win32-app', `${this.#group.tag}\u0000${name}`);
  }
}

/** A status page for users has its list of apps for them: in the device phase nothing blocks (realism.md; flow.md 9.2). */
function blockingApps(esp: EspConfig, target: Target): readonly Win32AppContent[] {
  if (!esp.shown || (target === 'device' && esp.assignedTo === 'users')) return [];
  const apps = esp[target].win32Apps;
  return esp.blocks === 'all' ? apps : apps.filter(({ blocking }) => blocking);
}

function withDependencies(
  apps: readonly Win32AppContent[],
  wanted: ReadonlySet<Win32AppContent>,
): ReadonlySet<Win32AppContent> {
  const needed = new Set(wanted);
  // A set that grows while it is walked is walked to its end.
  for (const { dependsOn } of needed) {
    for (const app of apps) if (dependsOn.includes(app.name)) needed.add(app);
  }
  return needed;
}

function allApps({ device, user }: EspConfig): readonly Win32AppContent[] {
  return [...device.win32Apps, ...user.win32Apps];
}
