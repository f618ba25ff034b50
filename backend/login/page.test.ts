import { expect, it } from 'vitest';
import { logoSvg, signInPage } from './page.ts';

it('escapes what strangers and configurations put into the page', () => {
  const hostile = '"><script>alert(1)</script>';
  const branding = { tenantName: hostile, logoUrl: hostile, text: hostile };
  const page = {
    action: '/t/login',
    context: hostile,
    userName: hostile,
    userNameFixed: false,
    error: { code: 1, text: hostile },
    branding,
  };
  expect(signInPage(page)).not.toContain('<script>');
  expect(logoSvg('<b>')).toContain('>&lt;</text>');
});
