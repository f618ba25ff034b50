import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { elementById, readHtmlForm, resolveUrl } from './html-form.ts';

const PAGE = `<!DOCTYPE html><html><body><img id="logo" src="/logo.svg?a=1&amp;b=2" alt='x'>
<h1 id="tenant-name">Caf&#233; &amp; Co &lt;1&gt;</h1>
<form id="sign-in" method="post" action="/tenant/login?x=1&amp;y=2">
<input type="hidden" name="ctx" value="a&quot;b>c"><input name=login value='' readonly><INPUT TYPE=password NAME=passwd><input type="submit">
</form><form action="/other"><input name="late"></form></body></html>`;

describe('readHtmlForm', () => {
  it('reads the first form as a browser would', () => {
    expect(readHtmlForm(PAGE, 'https://login.example/authorize?a=b')).toEqual({
      ok: true,
      value: {
        id: 'sign-in',
        action: 'https://login.example/tenant/login?x=1&y=2',
        fields: [
          { name: 'ctx', type: 'hidden', value: 'a"b>c', readonly: false },
          { name: 'login', type: 'text', value: '', readonly: true },
          { name: 'passwd', type: 'password', value: '', readonly: false },
        ],
      },
    });
  });

  it.each([
    '',
    '<p>no form</p>',
    '<form action="/x"><input name="a">',
    `<form action="x">${'<input name="a">'.repeat(65)}</form>`,
  ])('refuses a page without a complete form: %.30s', (html) => {
    expect(readHtmlForm(html, 'https://login.example/').ok).toBe(false);
  });

  it('never throws', () => {
    const pieces = fc.array(
      fc.constantFrom('<form', ' action="', '"', '>', '<input', ' name=', "'", '&#x110000;', '&#x41;', '</form>', 'x'),
    );
    fc.assert(
      fc.property(pieces, (parts) => {
        expect(typeof readHtmlForm(parts.join(''), 'https://a.example/').ok).toBe('boolean');
      }),
    );
  });
});

describe('elementById', () => {
  it('finds attributes and text, with entities decoded', () => {
    expect(elementById(PAGE, 'tenant-name')?.text).toBe('Café & Co <1>');
    expect(elementById(PAGE, 'logo')?.attributes['src']).toBe('/logo.svg?a=1&b=2');
    expect(elementById(PAGE, 'error')).toBeUndefined();
  });
});

describe('resolveUrl', () => {
  it('resolves against the page', () => {
    expect(resolveUrl('../b', 'https://a.example/x/y/z')).toBe('https://a.example/x/b');
    expect(resolveUrl('https://[', 'https://a.example/')).toBeUndefined();
  });
});
