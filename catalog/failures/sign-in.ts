// Sign-in: error numbers of Entra ID (AADSTS...) and what OOBE makes of a sign-in that it cannot use.
import type { Failure } from './failure.ts';

const SOURCE = 'Microsoft Learn, Entra error codes';

export const SIGN_IN_FAILURES = {
  'tenant-mismatch': {
    steps: ['sign-in'],
    sentence: 'The user belongs to another tenant than the profile.',
    cause: 'TenantMatched=0: a user of another tenant signed in.',
    remedy: 'Sign in with a user of the tenant that registered the device.',
    source: 'Microsoft Learn, Autopilot troubleshooting',
  },
  OOBEIDPS: {
    steps: ['sign-in', 'windows-sign-in', 'user-esp', 'windows-hello', 'polling'],
    sentence: 'The identity provider of the account cannot be reached (OOBEIDPS).',
    cause:
      'AD FS, or another federation service, is down, or the network or proxy of the site does not let devices reach it.',
    remedy:
      'Open the federation service to the devices: its metadata and its sign-in page, before anybody is signed in.',
    source: 'Microsoft Learn, Autopilot troubleshooting',
  },
  '50126': {
    steps: ['sign-in', 'windows-sign-in', 'user-esp', 'windows-hello', 'polling'],
    sentence: 'AADSTS50126: invalid user name or password.',
    cause: 'A mistyped or changed password. AD FS says the same of accounts that are locked, disabled or expired.',
    remedy: 'Check the password of the user, and with AD FS the state of the account.',
    source: SOURCE,
  },
  '50034': {
    steps: ['sign-in', 'windows-sign-in'],
    sentence: 'AADSTS50034: the user account does not exist in the directory.',
    cause: 'A mistyped user name, or a user of another tenant.',
    remedy: 'Check the user name.',
    source: SOURCE,
  },
  '50020': {
    steps: ['sign-in'],
    sentence: 'AADSTS50020: the user account may not be used here.',
    cause: 'The device is assigned to another user, whose name the page has filled in.',
    remedy: 'Sign in as the assigned user, or take the assignment back.',
    source: SOURCE,
  },
  '50053': {
    steps: ['sign-in', 'windows-sign-in', 'user-esp', 'windows-hello', 'polling'],
    sentence: 'AADSTS50053: the account is locked.',
    cause: 'Too many sign-ins with a wrong password (smart lockout after ten), or an administrator locked it.',
    remedy: 'Wait for the lockout to end, or unlock the account.',
    source: SOURCE,
  },
  '50055': {
    steps: ['sign-in', 'windows-sign-in'],
    sentence: 'AADSTS50055: the password is expired.',
    cause: 'The user did not choose a new password, or was not asked for one where it could be given.',
    remedy: 'Reset the password, or sign in once at a page that can change it.',
    source: SOURCE,
  },
  '50057': {
    steps: ['sign-in', 'windows-sign-in'],
    sentence: 'AADSTS50057: the user account is disabled.',
    cause: 'The account was disabled, such as that of somebody who left.',
    remedy: 'Enable the account, or assign the device to another user.',
    source: SOURCE,
  },
  '50076': {
    steps: ['sign-in', 'windows-hello'],
    sentence: 'AADSTS50076: multi-factor authentication is needed here.',
    cause:
      'A policy asks for a second factor where no page can: AD FS by WS-Trust, or a token that is older than the factor.',
    remedy: 'Sign in at the page, or let AD FS redirect to one.',
    source: SOURCE,
  },
  '50155': {
    steps: ['windows-sign-in', 'user-esp', 'windows-hello', 'polling'],
    sentence: 'AADSTS50155: device authentication failed.',
    cause: 'The certificate of the join is not one of the directory any more, or did not sign the request.',
    remedy: 'Check whether the device object still exists and is enabled.',
    source: SOURCE,
  },
  '53003': {
    steps: ['sign-in'],
    sentence: 'AADSTS53003: access has been blocked by Conditional Access policies.',
    cause: 'A policy applies to the sign-in of OOBE, often one that wants a compliant device.',
    remedy: 'Exclude Microsoft Intune Enrollment and the device registration from the policy, or the user.',
    source: SOURCE,
  },
  '140000': {
    steps: ['windows-sign-in', 'user-esp', 'windows-hello', 'polling'],
    sentence: 'AADSTS140000: the nonce of the request is not good.',
    cause: 'A nonce was used twice, or more than five minutes after it was given.',
    remedy: 'Look at the latency of the token endpoint, and run the device again with `--trace`.',
    source: SOURCE,
  },
  '140001': {
    steps: ['windows-sign-in', 'user-esp', 'windows-hello', 'polling'],
    sentence: 'AADSTS140001: the session key is not valid.',
    cause: 'A request with a primary refresh token was not signed with its session key.',
    remedy: 'Run the device again with `--trace`.',
    source: SOURCE,
  },
  '50008': {
    steps: ['sign-in', 'windows-sign-in', 'user-esp', 'windows-hello', 'polling'],
    sentence: 'AADSTS50008: the SAML assertion is not good.',
    cause:
      'It is of another issuer, audience, time or user: a wrong clock at AD FS, or a user that is not synchronized.',
    remedy: 'Check the clock and the relying party trust of AD FS, and the immutable id of the user.',
    source: SOURCE,
  },
  '50013': {
    steps: ['sign-in', 'windows-sign-in', 'user-esp', 'windows-hello', 'polling'],
    sentence: 'AADSTS50013: the assertion is invalid.',
    cause:
      'Its signature is wrong: the token-signing certificate of AD FS was renewed and the tenant does not know it yet.',
    remedy: 'Update the federation trust of the domain.',
    source: SOURCE,
  },
  '500121': {
    steps: ['sign-in', 'windows-hello'],
    sentence: 'AADSTS500121: the second factor was denied or not given.',
    cause: 'The person denied the request on the phone, or has no method that works.',
    remedy: 'Check the authentication methods of the user.',
    source: SOURCE,
  },
  '70000': {
    steps: ['sign-in', 'entra-join', 'mdm-enroll'],
    sentence: 'AADSTS70000: the grant is invalid or expired.',
    cause: 'An authorization code or refresh token was used twice, or too late.',
    remedy: 'Sign in again; under load, look at the latency of the token endpoint.',
    source: SOURCE,
  },
  '0x80004005': {
    steps: ['sign-in'],
    sentence: 'The sign-in did not return what the join needs.',
    cause: 'The id_token is not three parts, or a mandatory claim is missing.',
    remedy: 'Check the claims upn, sid, tid and tenant_display_name.',
    source: 'OOBE script: idTokenNotThreeParts',
  },
} as const satisfies Record<string, Failure>;
