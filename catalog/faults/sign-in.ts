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
} as const satisfies Record<string, Fault>;
