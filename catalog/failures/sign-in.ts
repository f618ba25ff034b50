// Sign-in: error numbers of Entra ID (AADSTS...) and what OOBE makes of a sign-in that it cannot use.
import type { Failure } from './failure.ts';

export const SIGN_IN_FAILURES = {
  'tenant-mismatch': {
    steps: ['sign-in'],
    sentence: 'The user belongs to another tenant than the profile.',
    cause: 'TenantMatched=0: a user of another tenant signed in.',
    remedy: 'Sign in with a user of the tenant that registered the device.',
    source: 'Microsoft Learn, Autopilot troubleshooting',
  },
  '50126': {
    steps: ['sign-in'],
    sentence: 'AADSTS50126: invalid user name or password.',
    cause: 'A mistyped or changed password.',
    remedy: 'Check the password of the user.',
    source: 'Microsoft Learn, Entra error codes',
  },
  '50034': {
    steps: ['sign-in'],
    sentence: 'AADSTS50034: the user account does not exist in the directory.',
    cause: 'A mistyped user name, or a user of another tenant.',
    remedy: 'Check the user name.',
    source: 'Microsoft Learn, Entra error codes',
  },
  '70000': {
    steps: ['sign-in', 'entra-join', 'mdm-enroll'],
    sentence: 'AADSTS70000: the grant is invalid or expired.',
    cause: 'An authorization code or refresh token was used twice, or too late.',
    remedy: 'Sign in again; under load, look at the latency of the token endpoint.',
    source: 'Microsoft Learn, Entra error codes',
  },
  '0x80004005': {
    steps: ['sign-in'],
    sentence: 'The sign-in did not return what the join needs.',
    cause: 'The id_token is not three parts, or a mandatory claim is missing.',
    remedy: 'Check the claims upn, sid, tid and tenant_display_name.',
    source: 'OOBE script: idTokenNotThreeParts',
  },
} as const satisfies Record<string, Failure>;
