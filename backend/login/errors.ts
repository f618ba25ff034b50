// What the sign-in service refuses, with the numbers that Entra gives (AADSTS...; Microsoft Learn, "Entra authentication error
// codes") and the OAuth error that goes with each.

export const SIGN_IN_ERRORS = {
  16000: { error: 'invalid_request', text: 'The request is not one that this page can go on with.' },
  50011: { error: 'invalid_request', text: 'The redirect URI is not one that is registered for the application.' },
  50034: { error: 'invalid_grant', text: 'The user account does not exist in the directory.' },
  50126: { error: 'invalid_grant', text: 'Error validating credentials due to invalid username or password.' },
  70000: { error: 'invalid_grant', text: 'The provided grant is invalid, expired or was used before.' },
  70003: { error: 'unsupported_grant_type', text: 'The app returned an unsupported grant type.' },
  70005: { error: 'unsupported_response_type', text: 'The response type is not one that is supported here.' },
  90002: { error: 'invalid_request', text: 'The tenant was not found.' },
  500011: { error: 'invalid_resource', text: 'The resource principal was not found in the tenant.' },
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
