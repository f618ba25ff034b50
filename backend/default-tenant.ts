// The tenant of a backend that runs on its own, without a scenario: one group, an ESP with a few policies and one app.
import type { PhaseContent, TenantConfig } from '../catalog/tenant.ts';
import { RandomStream } from '../kernel/random.ts';
import { MIB } from '../kernel/units.ts';

const NOTHING: PhaseContent = { policies: 0, scepCertificates: 0, networkProfiles: 0, msiApps: [], modernApps: [] };

export function defaultTenant(options: { seed: string; speed: number; epochMs: number }): TenantConfig {
  return {
    tenantId: new RandomStream(`${options.seed}\u0000default-tenant`).guid(),
    domain: 'flotilla.example',
    displayName: 'Flotilla Example',
    signInText: 'Sign in with your work account. This is a simulated tenant.',
    password: 'Correct-Horse-9',
    users: 100_000,
    termsOfUse: false,
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
          device: { ...NOTHING, policies: 6, msiApps: [{ name: 'Company Portal', sizeBytes: 1 * MIB }] },
          user: { ...NOTHING, policies: 2 },
        },
        updates: { kind: 'none', sizeBytes: 0 },
      },
    ],
    ...options,
  };
}
