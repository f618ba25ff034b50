// The tenant of a backend that runs on its own, without a scenario: one group, an ESP with a few policies and one app.
import { NO_CONTENT } from '../catalog/content.ts';
import type { TenantConfig } from '../catalog/tenant.ts';
import { RandomStream } from '../kernel/random.ts';
import { MIB } from '../kernel/units.ts';

const USERS = 100_000;

export function defaultTenant(options: { seed: string; speed: number; epochMs: number }): TenantConfig {
  return {
    tenantId: new RandomStream(`${options.seed}\u0000default-tenant`).guid(),
    domain: 'flotilla.example',
    displayName: 'Flotilla Example',
    signInText: 'Sign in with your work account. This is a simulated tenant.',
    password: 'Correct-Horse-9',
    users: USERS,
    termsOfUse: false,
    join: { scope: 'all', quota: 50 },
    enrollment: { scope: 'all', minimumOsVersion: null },
    faults: [],
    groups: [
      {
        tag: 'default',
        profile: {
          name: 'User-driven Entra join',
          hidePrivacy: true,
          hideLicence: true,
          hideOemRegistration: true,
          hideKeyboard: false,
          standardUser: true,
          locale: null,
          deviceNameTemplate: '',
        },
        esp: {
          shown: true,
          timeoutMinutes: 60,
          allowReset: true,
          allowTryAgain: true,
          allowContinueAnyway: false,
          assignedTo: 'devices',
          blocks: 'all',
          providerTimeoutMinutes: 15,
          device: { ...NO_CONTENT, policies: 6, msiApps: [{ name: 'Company Portal', sizeBytes: 1 * MIB }] },
          user: { ...NO_CONTENT, policies: 2 },
        },
        assignment: { by: 'default', lagMs: 0, profileAgeDays: 0, profileDeleted: false },
        accounts: { count: USERS, kind: 'managed', multifactor: false, traits: {} },
        updates: { kind: 'none', sizeBytes: 0, quality: null },
        windowsHello: false,
        coManagement: null,
      },
    ],
    ...options,
  };
}
