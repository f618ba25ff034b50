import { expect, it } from 'vitest';
import { audienceOfResource, GRAPH_RESOURCE, isClient, MDM_RESOURCE, mayRedirect, resourceOfScope } from './clients.ts';

const BROKER = '29d9ed98-a469-4536-ade2-f981bc1d605e';

it('knows audiences by URI, by application id, with and without a slash', () => {
  const drs = 'urn:ms-drs:enterpriseregistration.windows.net';
  expect(audienceOfResource(drs)).toBe(drs);
  expect(audienceOfResource('01CB2876-7ebd-4aa4-9cc9-d28bd4d359a9')).toBe(drs);
  expect(audienceOfResource('https://enrollment.manage.microsoft.com')).toBe(MDM_RESOURCE);
  expect(audienceOfResource('https://elsewhere.example')).toBeUndefined();
});

it('takes the resource from a version 2 scope', () => {
  expect(resourceOfScope('openid https://enrollment.manage.microsoft.com//.default')).toBe(MDM_RESOURCE);
  expect(resourceOfScope('https://graph.microsoft.com/.default')).toBe(GRAPH_RESOURCE);
  expect(resourceOfScope('openid profile offline_access')).toBeUndefined();
});

it('sends codes only where the application has registered', () => {
  expect(isClient(BROKER.toUpperCase())).toBe(true);
  expect(mayRedirect(BROKER, 'ms-aadj-redir://auth/drs')).toBe(true);
  expect(mayRedirect(BROKER, 'ms-aadj-redir://auth/drs2')).toBe(false);
  expect([isClient('toString'), mayRedirect('toString', 'x')]).toEqual([false, false]);
});
