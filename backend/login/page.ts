// The pages of the sign-in service: one plain form each, so that a browser, a script or a simulated person can fill it in. A device
// with an Autopilot profile names its tenant, and sees that tenant's name, logo and text.
import { escapeXml } from '../../protocol/encoding/xml.ts';

export interface PageError {
  readonly code: number;
  readonly text: string;
}

export interface SignInPage {
  /** Where the form is sent. */
  readonly action: string;
  /** Carried through the form: the authorization request. */
  readonly context: string;
  readonly userName: string;
  /** The name is the assigned user's: only the password is asked for. */
  readonly userNameFixed: boolean;
  /** Shown above the form, with its number. */
  readonly error?: PageError;
  readonly branding?: Branding | undefined;
}

export interface Branding {
  readonly tenantName: string;
  readonly logoUrl: string;
  readonly text: string;
}

export function signInPage(page: SignInPage): string {
  const { branding } = page;
  const fixed = page.userNameFixed ? ' readonly' : '';
  return htmlDocument(
    branding?.tenantName ?? 'Sign in',
    (branding === undefined ? '' : `<img id="logo" src="${escapeXml(branding.logoUrl)}" alt="Logo" height="48">`) +
      `<h1 id="tenant-name">${escapeXml(branding?.tenantName ?? 'Sign in')}</h1>${errorElement(page.error)}` +
      `<form id="sign-in" method="post" action="${escapeXml(page.action)}">${hidden('ctx', page.context)}` +
      `<label>E-mail <input type="email" name="login" autocomplete="username" value="${escapeXml(page.userName)}"${fixed}></label>` +
      '<label>Password <input type="password" name="passwd" autocomplete="current-password"></label>' +
      '<button type="submit">Sign in</button></form>' +
      (branding === undefined ? '' : `<p id="sign-in-text">${escapeXml(branding.text)}</p>`),
  );
}

/** Asks for a new password in place of one that has expired. */
export function newPasswordPage(page: {
  readonly action: string;
  readonly context: string;
  readonly flowToken: string;
  readonly error: PageError;
}): string {
  return htmlDocument(
    'Update your password',
    `<h1>Update your password</h1>${errorElement(page.error)}` +
      `<form id="new-password" method="post" action="${escapeXml(page.action)}">${hidden('ctx', page.context)}` +
      hidden('flowToken', page.flowToken) +
      '<label>New password <input type="password" name="newpasswd" autocomplete="new-password"></label>' +
      '<label>Confirm password <input type="password" name="confirmnewpasswd" autocomplete="new-password"></label>' +
      '<button type="submit">Sign in</button></form>',
  );
}

/** Where the page of the second factor begins it, asks how far it is, and goes on with it. */
export const MULTIFACTOR_PATHS = {
  begin: '/common/SAS/BeginAuth',
  poll: '/common/SAS/EndAuth',
  process: '/common/SAS/ProcessAuth',
} as const;

/** Waits for an approval on the user's phone. Its script (here: whoever reads the page) begins and polls, then sends the form. */
export function multifactorPage(page: {
  readonly context: string;
  readonly flowToken: string;
  readonly user: string;
}): string {
  return htmlDocument(
    'Approve sign in request',
    `<h1>Approve sign in request</h1><p>${escapeXml(page.user)}</p>` +
      `<form id="multifactor" method="post" action="${MULTIFACTOR_PATHS.process}" data-begin="${MULTIFACTOR_PATHS.begin}" ` +
      `data-poll="${MULTIFACTOR_PATHS.poll}">${hidden('request', page.context)}${hidden('flowToken', page.flowToken)}` +
      `${hidden('mfaAuthMethod', 'PhoneAppNotification')}<button type="submit">Continue</button></form>`,
  );
}

/** A request that cannot be answered with a redirect: its client or its redirect URI is wrong, or the user is not let in. */
export function errorPage(code: number, text: string): string {
  return htmlDocument('Sign in', `<h1>Sorry</h1>${errorElement({ code, text })}`);
}

export function hidden(name: string, value: string): string {
  return `<input type="hidden" name="${name}" value="${escapeXml(value)}">`;
}

function errorElement(error: PageError | undefined): string {
  return error === undefined ? '' : `<div id="error" data-code="${error.code}">${escapeXml(error.text)}</div>`;
}

export function htmlDocument(title: string, body: string): string {
  return (
    `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>${escapeXml(title)}</title>` +
    '<style>body{font-family:sans-serif;max-width:24rem;margin:4rem auto}label{display:block;margin:1rem 0}' +
    'input{width:100%}#error{color:#a00}</style></head>' +
    `<body>${body}</body></html>`
  );
}

/** A tenant's logo: its initial on a square. */
export function logoSvg(tenantName: string): string {
  const initial = /\S/u.exec(tenantName)?.[0] ?? '?';
  return (
    '<svg xmlns="http://www.w3.org/2000/svg" width="48" height="48" viewBox="0 0 48 48">' +
    '<rect width="48" height="48" rx="8" fill="#1f4e79"/><text x="24" y="33" font-family="sans-serif" font-size="26" ' +
    `text-anchor="middle" fill="#fff">${escapeXml(initial)}</text></svg>`
  );
}
