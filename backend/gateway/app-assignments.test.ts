import { describe, expect, it } from 'vitest';
import { NO_CONTENT } from '../../catalog/content.ts';
import type { EspConfig, Win32AppContent } from '../../catalog/content.ts';
import { parseAppPolicies } from '../../protocol/extension/app-policies.ts';
import { ESP_PHASES } from '../../protocol/extension/management-extension.ts';
import { defaultTenant } from '../default-tenant.ts';
import { Identifiers } from '../identifiers.ts';
import { GroupApps } from './app-assignments.ts';

const [GROUP] = defaultTenant({ seed: 'unit', speed: 1, epochMs: 0 }).groups;

function app(name: string, blocking: boolean, ...dependsOn: readonly string[]): Win32AppContent {
  return { name, sizeBytes: 1_000, blocking, dependsOn, restart: 'force' };
}

const DEVICE = [app('A', true, 'B'), app('B', false, 'C'), app('C', false), app('D', false)];
const USER = [app('U', true), app('V', false)];

function appsOf(changes: Partial<EspConfig> = {}): GroupApps {
  const esp: EspConfig = {
    ...GROUP!.esp,
    blocks: 'selected',
    device: { ...NO_CONTENT, win32Apps: DEVICE },
    user: { ...NO_CONTENT, win32Apps: USER },
    ...changes,
  };
  return new GroupApps({ ...GROUP!, esp }, new Identifiers('unit'));
}

/** What each phase gets: names, those that the page waits for with a mark. */
function phases(apps: GroupApps): string[] {
  return ESP_PHASES.map((phase) => {
    const policies = parseAppPolicies(apps.payload(phase));
    if (!policies.ok) throw new Error(policies.error.reason);
    return policies.value.map(({ name, targeted }) => (targeted ? `${name}*` : name)).join(' ');
  });
}

describe('the apps of a group', () => {
  it('are in a phase those that block, and what they need; after the desktop all', () => {
    expect(phases(appsOf())).toEqual(['A* B C', 'U*', 'A* B* C* D* U* V*']);
  });

  it('block all where the page waits for all', () => {
    expect(phases(appsOf({ blocks: 'all' }))).toEqual(['A* B* C* D*', 'U* V*', 'A* B* C* D* U* V*']);
  });

  it('do not block in the device phase where the page is assigned to users', () => {
    expect(phases(appsOf({ assignedTo: 'users' }))).toEqual(['', 'U*', 'A* B* C* D* U* V*']);
    expect(phases(appsOf({ assignedTo: 'users', blocks: 'all' }))[0]).toBe('');
  });

  it('block nothing where no page is shown', () => {
    expect(phases(appsOf({ shown: false })).slice(0, 2)).toEqual(['', '']);
  });

  it('say what they depend on by id, and what becomes of restarts', () => {
    const apps = appsOf();
    const policies = parseAppPolicies(apps.payload('DeviceSetup'));
    if (!policies.ok) throw new Error(policies.error.reason);
    const [a, b] = policies.value;
    expect([a?.dependencies, a?.restart]).toEqual([[b?.id], 'force']);
    expect(apps.app(a!.id.toUpperCase())).toBe(DEVICE[0]);
    expect(apps.app('another')).toBeUndefined();
    expect(appsOf().payload('DeviceSetup')).toBe(apps.payload('DeviceSetup'));
  });
});
