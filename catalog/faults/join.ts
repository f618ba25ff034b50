// Faults of device registration.
import type { Fault } from './fault.ts';

export const JOIN_FAULTS = {
  'join-discovery-failed': {
    title: 'The device registration service is not found',
    service: 'join',
    causes: { code: '0x801c000c', step: 'entra-join' },
    anonymous: true,
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
  'join-discovery-refused': {
    title: 'Discovery of device registration does not take the request',
    service: 'join',
    causes: { code: '0x801c0012', step: 'entra-join' },
    anonymous: true,
  },
  'join-redirected': {
    title: 'The join is redirected to a server that the device does not know',
    service: 'join',
    causes: { code: '0x801c000b', step: 'entra-join' },
  },
  'join-status-invalid': {
    title: 'Device registration answers with a status that says nothing',
    service: 'join',
    causes: { code: '0x801c03eb', step: 'entra-join' },
  },
  'join-service-failed': {
    title: 'Device registration fails on what it stands on (UnknownError)',
    service: 'join',
    causes: { code: '0x801c0006', step: 'entra-join' },
  },
  'join-unhandled-exception': {
    title: 'Device registration fails inside (internal_server_error)',
    service: 'join',
    causes: { code: '0x801c03ec', step: 'entra-join' },
  },
  'join-device-refused': {
    title: 'Device registration does not let this device join',
    service: 'join',
    causes: { code: '0x801c03ea', step: 'entra-join' },
  },
  'directory-object-missing': {
    title: 'The directory does not have what the join refers to',
    service: 'join',
    causes: { code: '0x801c03f2', step: 'entra-join' },
  },
  'attestation-failed': {
    title: 'The attestation of the device is not taken',
    service: 'join',
    causes: { code: '0x801c03ee', step: 'entra-join' },
  },
  'attestation-certificate-untrusted': {
    title: 'The attestation identity key is not trusted',
    service: 'join',
    causes: { code: '0x801c0010', step: 'entra-join' },
  },
  'attestation-certificate-expired': {
    title: 'The certificate of the attestation identity key has expired',
    service: 'join',
    causes: { code: '0x801c03ef', step: 'entra-join' },
  },
  'transport-key-refused': {
    title: 'The attestation of the transport key is not taken',
    service: 'join',
    causes: { code: '0x801c0011', step: 'entra-join' },
  },
  'hello-key-refused': {
    title: 'The key service does not let the user register a Windows Hello key',
    service: 'join',
    causes: null,
    notes: { code: '0x801c03ea', step: 'windows-hello' },
  },
  'hello-device-unknown': {
    title: 'The key service finds no device in the token',
    service: 'join',
    causes: null,
    notes: { code: '0x801c044d', step: 'windows-hello' },
  },
} as const satisfies Record<string, Fault>;
