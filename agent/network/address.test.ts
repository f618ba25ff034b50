import { describe, expect, it } from 'vitest';
import { isLoopback, parseAddress } from './address.ts';

describe('parseAddress', () => {
  it('reads host, port, origin and path', () => {
    expect(parseAddress('https://Login.Flotilla.localhost:8443/a/b?c=d#e')).toEqual({
      ok: true,
      value: {
        secure: true,
        host: 'login.flotilla.localhost',
        port: 8443,
        origin: 'https://login.flotilla.localhost:8443',
        authority: 'login.flotilla.localhost:8443',
        path: '/a/b?c=d',
      },
    });
  });

  it('fills in port and path, and writes the authority as a browser does', () => {
    const plain = parseAddress('http://mdm.example?x=1');
    expect(plain).toMatchObject({ value: { port: 80, authority: 'mdm.example', path: '/?x=1' } });
    expect(parseAddress('https://[::1]:443')).toMatchObject({ value: { host: '::1', authority: '[::1]', path: '/' } });
  });

  it.each([
    'ftp://a/',
    'https://',
    'https://user:secret@a/',
    'https://a:0/',
    'https://a:70000/',
    'https://a/b c',
    '/a',
    'https://a/\r\nX: y',
  ])('refuses %j', (url) => {
    expect(parseAddress(url).ok).toBe(false);
  });
});

describe('isLoopback', () => {
  it('knows this machine by its names and literals only', () => {
    expect(['localhost', 'mdm.flotilla.localhost', '127.0.0.1', '127.9.9.9', '::1'].every(isLoopback)).toBe(true);
    expect(['localhost.example', '128.0.0.1', '127.0.0.1.example', 'xlocalhost', '10.0.0.1'].some(isLoopback)).toBe(
      false,
    );
  });
});
