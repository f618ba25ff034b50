import { describe, expect, it } from 'vitest';
import { fullTarget, hostOf, judgeHost } from './target.ts';

describe('hosts', () => {
  it.each(['localhost', 'mdm.localhost', '127.0.0.1', '127.255.1.2', '[::1]'])('%s is loopback', (host) => {
    expect(judgeHost(host)).toBe('loopback');
  });
  it.each([
    'login.microsoftonline.com',
    'MANAGE.microsoft.com',
    'microsoft.com.',
    'graph.windows.net',
    'login.live.com',
    'x.okta.com',
  ])('%s is refused', (host) => {
    expect(judgeHost(host)).toBe('refused');
  });
  it.each([
    'mdm.example.com',
    'notmicrosoft.com',
    'microsoft.com.example.org',
    '10.0.0.1',
    '128.0.0.1',
    '127.0.0.1.example.org',
  ])('%s needs consent', (host) => {
    expect(judgeHost(host)).toBe('needs-consent');
  });
  it('are judged as the URL parser writes them, so that no spelling hides one', () => {
    expect(hostOf('http://2130706433/')).toBe('127.0.0.1');
    expect(hostOf('http://0x7f.1/')).toBe('127.0.0.1');
    expect(judgeHost(hostOf('https://LOGIN.MicrosoftOnline.com./x')!)).toBe('refused');
    expect(judgeHost(hostOf('https://ｍicrosoft.com/')!)).toBe('refused');
  });
});

describe('a target in full', () => {
  it('fills in the embedded tenant', () => {
    const target = fullTarget({ management: 'https://mdm.example.com/' });
    expect(target.management).toBe('https://mdm.example.com');
    expect(target.login).toBe('embedded');
    expect(new Set(Object.values(fullTarget('http://localhost:1')))).toEqual(new Set(['http://localhost:1']));
  });
});
