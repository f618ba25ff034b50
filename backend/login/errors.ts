// What the sign-in service refuses, with the numbers that Entra gives (AADSTS...; Microsoft Learn, "Entra authentication error
// codes") and the OAuth error that goes with each.

export const SIGN_IN_ERRORS = {
  16000: { error: 'invalid_request', text: 'The request is not one that this page can go on with.' },
  50008: { error: 'invalid_grant', text: 'The SAML assertion is missing, misconfigured or not good at this time.' },
  50011: { error: 'invalid_request', text: 'The redirect URI is not one that is registered for the application.' },
  50013: { error: 'invalid_grant', text: 'The assertion is invalid: its signature or its form is wrong.' },
  50020: { error: 'access_denied', text: 'The user account is not the one that this device is assigned to.' },
  50034: { error: 'invalid_grant', text: 'The user account does not exist in the directory.' },
  50053: { error: 'invalid_grant', text: 'The account is locked: too many sign-ins with a wrong user ID or password.' },
  50055: { error: 'invalid_grant', text: 'The password is expired.' },
  50057: { error: 'invalid_grant', text: 'The user account is disabled.' },
  50076: { error: 'interaction_required', text: 'Multi-factor authentication must be used to access the resource.' },
  50126: { error: 'invalid_grant', text: 'Error validating credentials due to invalid username or password.' },
  50155: { error: 'invalid_grant', text: 'Device authentication failed for this user.' },
  53003: { error: 'access_denied', text: 'Access has been blocked by Conditional Access policies.' },
  70000: { error: 'invalid_grant', text: 'The provided grant is invalid, expired or was used before.' },
  70003: { error: 'unsupported_grant_type', text: 'The app returned an unsupported grant type.' },
  70005: { error: 'unsupported_response_type', text: 'The response type is not one that is supported here.' },
  90002: { error: 'invalid_request', text: 'The tenant was not found.' },
  140000: { error: 'invalid_grant', text: 'The request nonce is missing, expired or was used before.' },
  140001: { error: 'invalid_grant', text: 'The session key is not valid.' },
  500011: { error: 'invalid_resource', text: 'The resource principal was not found in the tenant.' },
  500121: { error: 'access_denied', text: 'Authentication failed during the strong authentication request.' },
  501481: {
    error: 'invalid_grant',
    text: 'The code_verifier does not match the code_challenge of the authorization request.',
  },
  700016: { error: 'unauthorized_client', text: 'The application was not found in the directory.' },
  900144: { error: 'invalid_request', text: 'The request body must contain all parameters that the grant needs.' },
  7000215: { error: 'invalid_client', text: 'Invalid client secret provided.' },
  90033: { error: 'temporarily_unavailable', text: 'A transient error has occurred: no room for another session.' },
} as const;

export type SignInErrorCode = keyof typeof SIGN_IN_ERRORS;

/** "AADSTS50126: ..." */
export function signInErrorText(code: SignInErrorCode): string {
  return `AADSTS${code}: ${SIGN_IN_ERRORS[code].text}`;
}
