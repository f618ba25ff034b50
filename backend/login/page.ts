// The sign-in page: one plain form, so that a browser, a script or a simulated person can fill it in. A device with an
// Autopilot profile names its tenant, and sees that tenant's name, logo and text.
import { escapeXml } from '../../protocol/xml.ts';

export interface SignInPage {
  /** Where the form is sent. */
  readonly action: string;
  /** Carried through the form: the authorization request. */
  readonly context: string;
  readonly userName: string;
  /** Shown above the form, with its number. */
  readonly error?: { readonly code: number; readonly text: string };
  readonly branding?: Branding | undefined;
}

export interface Branding {
  readonly tenantName: string;
  readonly logoUrl: string;
  readonly text: string;
}

export function signInPage(page: SignInPage): string {
  const { branding, error } = page;
  return document(
    branding?.tenantName ?? 'Sign in',
    (branding === undefined ? '' : `<img id="logo" src="${escapeXml(branding.logoUrl)}" alt="Logo" height="48">`) +
      `<h1 id="tenant-name">${escapeXml(branding?.tenantName ?? 'Sign in')}</h1>` +
      (error === undefined ? '' : `<div id="error" data-code="${error.code}">${escapeXml(error.text)}</div>`) +
      `<form id="sign-in" method="post" action="${escapeXml(page.action)}">` +
      `<input type="hidden" name="ctx" value="${escapeXml(page.context)}">` +
      `<label>E-mail <input type="email" name="login" autocomplete="username" value="${escapeXml(page.userName)}"></label>` +
      '<label>Password <input type="password" name="passwd" autocomplete="current-password"></label>' +
      '<button type="submit">Sign in</button></form>' +
      (branding === undefined ? '' : `<p id="sign-in-text">${escapeXml(branding.text)}</p>`),
  );
}

/** A request that cannot be answered with a redirect: its client or its redirect URI is wrong. */
export function errorPage(code: number, text: string): string {
  return document('Sign in', `<h1>Sorry</h1><div id="error" data-code="${code}">${escapeXml(text)}</div>`);
}

function document(title: string, body: string): string {
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
