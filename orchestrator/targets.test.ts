import { describe, expect, it } from 'vitest';
import { SERVICE_NAMES } from '../catalog/services.ts';
import { fullTarget } from '../scenarios/language/target.ts';
import { endpointsOf, needsEmbedded, refusedHosts } from './targets.ts';

describe('refusedHosts', () => {
  it.each([
    'https://login.microsoftonline.com',
    'https://enrollment.manage.microsoft.com/EnrollmentServer',
    'https://ENTERPRISEREGISTRATION.WINDOWS.NET',
    'https://login.live.com.',
    'https://portal.office.com:444',
    'https://tenant.blob.core.windows.net',
    'https://management.azure.com',
    'https://microsoft.com',
  ])('refuses %s', (url) => {
    expect(refusedHosts({ target: fullTarget({ management: url }) })).toHaveLength(1);
  });

  it.each([
    'https://localhost:8443',
    'https://127.0.0.1',
    'https://mdm.example.com',
    'https://notmicrosoft.com.example',
  ])('has nothing against %s', (url) => {
    expect(refusedHosts({ target: fullTarget(url) })).toEqual([]);
  });
});

describe('endpointsOf', () => {
  it('takes the URL of the plan, or where the embedded tenant is', () => {
    const embedded = Object.fromEntries(SERVICE_NAMES.map((service) => [service, `https://localhost/${service}`]));
    const target = fullTarget({ management: 'https://mdm.example.com' });
    expect(needsEmbedded({ target })).toBe(true);
    const endpoints = endpointsOf({ target }, embedded as Parameters<typeof endpointsOf>[1]);
    expect(endpoints.management).toBe('https://mdm.example.com');
    expect(endpoints.login).toBe('https://localhost/login');
  });

  it('needs no embedded tenant when every service is elsewhere', () => {
    expect(needsEmbedded({ target: fullTarget('https://mdm.example.com') })).toBe(false);
  });
});
