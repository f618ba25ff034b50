// Faults of the sign-in service.
import type { Fault } from './fault.ts';

export const SIGN_IN_FAULTS = {
  'user-unknown': {
    title: 'AADSTS50034: the account is not known',
    service: 'login',
    causes: { code: '50034', step: 'sign-in' },
  },
  'password-refused': {
    title: 'AADSTS50126: the password is not right',
    service: 'login',
    causes: { code: '50126', step: 'sign-in' },
  },
  'code-expired': {
    title: 'AADSTS70000: the authorization code has expired',
    service: 'login',
    causes: { code: '70000', step: 'sign-in' },
  },
  'session-lost': {
    title: 'AADSTS70000: the sign-in session is gone when a further token is asked for',
    service: 'login',
    causes: { code: '70000', step: 'mdm-enroll' },
  },
  'id-token-broken': {
    title: 'The id_token has two parts',
    service: 'login',
    causes: { code: '0x80004005', step: 'sign-in' },
  },
  'id-token-incomplete': {
    title: 'The id_token has no claim `sid`',
    service: 'login',
    causes: { code: '0x80004005', step: 'sign-in' },
  },
  'other-tenant': {
    title: 'The user is of another tenant than the profile',
    service: 'login',
    causes: { code: 'tenant-mismatch', step: 'sign-in' },
  },
  'id-token-sid-empty': {
    title: 'The claim `sid` of the id_token is empty',
    service: 'login',
    causes: { code: '0x801c0014', step: 'entra-join' },
  },
  'several-mdms': {
    title: 'The user is in the scope of two MDMs',
    service: 'login',
    causes: { code: '0xc1036501', step: 'mdm-enroll' },
  },
  'federation-down': {
    title: 'AD FS does not work',
    service: 'federation',
    causes: { code: 'OOBEIDPS', step: 'sign-in' },
  },
  'assertion-outdated': {
    title: 'AADSTS50008: assertions of AD FS are out of date',
    service: 'login',
    causes: { code: '50008', step: 'sign-in' },
  },
  'assertion-tampered': {
    title: 'AADSTS50013: assertions of AD FS are not what it signed',
    service: 'login',
    causes: { code: '50013', step: 'sign-in' },
  },
  'device-unauthenticated': {
    title: 'AADSTS50155: the device is unknown at the Windows sign-in after a restart',
    service: 'login',
    causes: { code: '50155', step: 'windows-sign-in' },
  },
  'nonce-stale': {
    title: 'AADSTS140000: the nonce of the Windows sign-in after a restart is too old',
    service: 'login',
    causes: { code: '140000', step: 'windows-sign-in' },
  },
  'session-key-unknown': {
    title: 'AADSTS140001: the session key of the Windows sign-in is lost',
    service: 'login',
    causes: { code: '140001', step: 'user-esp' },
  },
  'new-password-refused': {
    title: 'AADSTS50055: the new password in place of an expired one is not taken',
    service: 'login',
    causes: { code: '50055', step: 'sign-in' },
  },
  'user-not-assigned': {
    title: 'AADSTS50020: the device is assigned to another user (where one is assigned)',
    service: 'login',
    causes: { code: '50020', step: 'sign-in' },
  },
  'id-token-tenant-empty': {
    title: 'The claim `tid` of the id_token is empty',
    service: 'login',
    causes: { code: '0x801c0013', step: 'entra-join' },
  },
} as const satisfies Record<string, Fault>;
