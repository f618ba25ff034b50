// The join of a device to Microsoft Entra ID: HRESULTs of device registration.
import type { Failure } from './failure.ts';

export const JOIN_FAILURES = {
  '0x801c0001': {
    steps: ['entra-join'],
    sentence: 'The response of device registration is not in a valid format.',
    cause: 'The join service answered something else than the protocol says.',
    remedy: 'Run the device again with `--trace`.',
    source: 'Microsoft Learn, join errors',
  },
  '0x801c0002': {
    steps: ['entra-join'],
    sentence: 'The server failed to authenticate the user.',
    cause: 'The token is missing, expired, of another audience or tenant, or its signature is wrong.',
    remedy: 'Check issuer, audience and clock of the join service.',
    source: 'Microsoft Learn, join errors',
  },
  '0x801c0003': {
    steps: ['entra-join'],
    sentence: 'The user is not authorized to enroll.',
    cause: 'Join scope or quota.',
    remedy: 'Check who may join devices, and how many the user has.',
    source: 'Microsoft Learn, join errors',
  },
  '0x801c000c': {
    steps: ['entra-join'],
    sentence: 'Discovery of the device registration service failed.',
    cause: 'The discovery answer is missing or cannot be read.',
    remedy: 'Check the discovery endpoint of the join service.',
    source: 'Microsoft Learn, join errors',
  },
  '0x801c000e': {
    steps: ['entra-join'],
    sentence: 'The registration quota of the user is reached.',
    cause: 'The user has as many devices as the tenant allows.',
    remedy: 'Remove devices of the user or raise the quota.',
    source: 'Microsoft Learn, join errors',
  },
  '0x801c03e9': {
    steps: ['entra-join'],
    sentence: 'The response message of device registration is invalid.',
    cause: 'The issued certificate cannot be read or is not for the key of the device.',
    remedy: 'Run the device again with `--trace` and inspect the certificate.',
    source: 'Microsoft Learn, join errors',
  },
  '0x801c03ea': {
    steps: ['entra-join'],
    sentence: 'The server failed to authorize the user or device.',
    cause: 'The registered device and the token do not belong together.',
    remedy: 'Check the registration of the device.',
    source: 'Microsoft Learn, join errors',
  },
  '0x801c03eb': {
    steps: ['entra-join'],
    sentence: 'Device registration answered with an HTTP status that is not valid.',
    cause: 'The join service failed inside.',
    remedy: "Look at the join service's log.",
    source: 'Microsoft Learn, join errors',
  },
  '0x801c03ed': {
    steps: ['entra-join'],
    sentence: 'Administrator policy does not allow the user to join this device.',
    cause: 'Join scope, missing MFA, or an invalid request or token.',
    remedy: 'Check the device settings of the tenant.',
    source: 'Microsoft Learn, join errors',
  },
  '0x801c03f3': {
    steps: ['entra-join'],
    sentence: 'The device object is missing in the directory.',
    cause: 'The pre-created device object was deleted.',
    remedy: 'Remove the Autopilot registration and register the device again.',
    source: 'Microsoft Learn, join errors',
  },
} as const satisfies Record<string, Failure>;
