import { describe, expect, it } from 'vitest';
import { maskText } from './mask.ts';
import { traceEntry } from './trace.ts';

const SECRET = 'S3cret-value';

describe('maskText', () => {
  it.each([
    ['a form', `grant_type=password&password=${SECRET}&client_id=1`],
    ['a refresh form', `refresh_token=${SECRET}&resource=urn:x`],
    ['a redirect', `ms-aadj-redir://auth/drs?code=${SECRET}&state=1`],
    ['JSON', `{"access_token":"${SECRET}","token_type":"Bearer","refresh_token" : "${SECRET}"}`],
    [
      'a SOAP token',
      `<wsse:BinarySecurityToken ValueType="urn:ietf:params:oauth:token-type:jwt">${SECRET}</wsse:BinarySecurityToken>`,
    ],
    ['a SOAP password', `<wsse:Password Type="x">${SECRET}</wsse:Password>`],
    ['a device credential', `<Password>${SECRET}</Password>`],
    ['a hidden field', `<input type="hidden" name="ctx" value="${SECRET}">`],
    ['a new password', `ctx=1&newpasswd=${SECRET}&confirmnewpasswd=${SECRET}`],
    ['a form of AD FS', `UserName=u%40x&Password=${SECRET}&AuthMethod=FormsAuthentication`],
    ['a signed request', `grant_type=urn%3Aietf%3Aparams&request=${SECRET}&client_info=1`],
    ['the field of an answer of AD FS', `<input type="hidden" name="wresult" value="&lt;t:x>${SECRET}">`],
    ['an answer of AD FS', `wa=wsignin1.0&wresult=%3Ct%3E${SECRET}&wctx=1`],
    ['an assertion', `<saml:Assertion AssertionID="_1"><saml:Conditions/>\n<a>${SECRET}</a></saml:Assertion>`],
    ['an assertion as a grant', `grant_type=urn&assertion=${SECRET}&scope=openid`],
    ['a password of WS-Trust', `<o:Username>u</o:Username><o:Password Type="x">${SECRET}</o:Password>`],
    ['a step of a sign-in', `{"Method":"EndAuth","FlowToken":"${SECRET}","Ctx":"${SECRET}"}`],
    ['a session key', `{"token_type":"pop","session_key_jwe":"${SECRET}..x"}`],
    ['an encrypted answer', `eyJhbGciOiJkaXIifQ..aXY.UzNjcmV0LXZhbHVl${SECRET}.dGFn`],
    ['a token anywhere', 'said eyJhbGciOiJub25lIn0.eyJhIjoiUzNjcmV0LXZhbHVlIn0.S3cret-value'],
    ['keys of content', '{"EncryptionKey":"S3cret/value+","IV":"S3cret/value+","x":"y"}'],
    ['keys of content in a string', String.raw`{"DecryptInfo":"{\"MacKey\":\"S3cret/value+\"}"}`],
    ['the envelope of keys', `{"DecryptInfo":"<EncryptedMessage><EncryptedContent>${SECRET}</EncryptedContent>"}`],
    [
      'a challenge that a server sets',
      `<Item><Target><LocURI>./Device/x/SCEP/1/Install/Challenge</LocURI></Target><Meta><Format>chr</Format></Meta><Data>${SECRET}</Data></Item>`,
    ],
    [
      'a key that a server sends',
      `<Item><Target><LocURI>./User/x/PFXCertInstall/1/PFXCertBlob</LocURI></Target><Data>${SECRET}</Data></Item>`,
    ],
    ['an account of a provisioning document', `<parm name="AAUTHSECRET" value="${SECRET}"/>`],
  ])('takes the secret out of %s', (_name, text) => {
    expect(maskText(text)).not.toContain('S3cret');
    expect(maskText(text)).toContain('***');
  });

  it('leaves what is no secret', () => {
    const request = '<wsse:BinarySecurityToken ValueType="http://x/enrollment#PKCS10">MIIB</wsse:BinarySecurityToken>';
    const plain = 'client_id=1&code_challenge=abc&resource=urn:x <Status><Data>200</Data></Status>';
    expect(maskText(request)).toBe(request);
    expect(maskText(plain)).toBe(plain);
    const question = '<Item><Target><LocURI>./x/Install/Challenge</LocURI></Target></Item><Item><Data>1</Data></Item>';
    expect(maskText(question)).toBe(question);
  });
});

describe('traceEntry', () => {
  it('masks URL and bodies and names binary by its size', () => {
    const facts = {
      atMs: 1,
      service: 'login',
      operation: 'token',
      method: 'POST',
      status: '200',
      durationMs: 2,
    } as const;
    const entry = traceEntry(
      { ...facts, url: `https://a/?code=${SECRET}` },
      `password=${SECRET}`,
      new Uint8Array([0, 255, 3]),
    );
    expect(entry).toEqual({
      ...facts,
      url: 'https://a/?code=***',
      requestBody: 'password=***',
      replyBody: '(3 bytes)',
    });
  });
});
