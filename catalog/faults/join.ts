// Faults of device registration.
import type { Fault } from './fault.ts';

export const JOIN_FAULTS = {
  'join-discovery-failed': {
    title: 'The device registration service is not found',
    service: 'join',
    causes: { code: '0x801c000c', step: 'entra-join' },
  },
  'join-reply-invalid': {
    title: 'The answer of device registration is not in the form of the protocol',
    service: 'join',
    causes: { code: '0x801c0001', step: 'entra-join' },
  },
  'join-unauthenticated': {
    title: 'Device registration does not take the token',
    service: 'join',
    causes: { code: '0x801c0002', step: 'entra-join' },
  },
  'join-forbidden': {
    title: 'Device registration does not let the user enroll',
    service: 'join',
    causes: { code: '0x801c0003', step: 'entra-join' },
  },
  'join-quota': {
    title: 'The user has as many devices as the tenant allows',
    service: 'join',
    causes: { code: '0x801c000e', step: 'entra-join' },
  },
  'join-certificate-invalid': {
    title: 'The device certificate is for another key',
    service: 'join',
    causes: { code: '0x801c03e9', step: 'entra-join' },
  },
  'join-scope': {
    title: 'Administrator policy does not allow the user to join',
    service: 'join',
    causes: { code: '0x801c03ed', step: 'entra-join' },
  },
  'device-object-missing': {
    title: 'The device object was deleted from the directory',
    service: 'join',
    causes: { code: '0x801c03f3', step: 'entra-join' },
  },
} as const satisfies Record<string, Fault>;
