import { describe, expect, it } from 'vitest';
import { testRequest } from '../fixtures/tenant.ts';
import { textReply } from './message.ts';
import type { Reply } from './message.ts';
import { Router } from './router.ts';

const router = new Router([
  { method: 'GET', path: '/a/b', handle: () => textReply(200, 'exact') },
  { method: 'POST', path: '/a/b', handle: () => textReply(200, 'posted') },
  { method: 'GET', path: '/:tenant/Discover', handle: ({ parameters }) => textReply(200, parameters['tenant'] ?? '') },
]);

function ask(method: string, path: string): Reply {
  return router.handle(testRequest({ method, path }));
}

describe('Router', () => {
  it('finds exact paths and patterns without regard to case and slashes at the ends', () => {
    expect(ask('GET', '/A/b/').body).toBe('exact');
    expect(ask('POST', '/a/B').body).toBe('posted');
    expect(ask('GET', '/Contoso.Example/discover').body).toBe('Contoso.Example');
  });

  it('decodes parameters, and knows no path that cannot be decoded', () => {
    expect(ask('GET', '/a%40b/Discover').body).toBe('a@b');
    expect(ask('GET', '/%zz/Discover').status).toBe(404);
  });

  it('answers HEAD as GET, and other methods with 405 and what is allowed', () => {
    expect(ask('HEAD', '/a/b').body).toBe('exact');
    const refused = ask('DELETE', '/a/b');
    expect([refused.status, refused.headers?.['allow']]).toEqual([405, 'GET, POST, HEAD']);
    expect(ask('POST', '/x/Discover').headers?.['allow']).toBe('GET, HEAD');
    expect(ask('GET', '/a').status).toBe(404);
    expect(ask('GET', '/a/b/c').status).toBe(404);
  });

  it('asks the next route where one does not take the request', () => {
    const says =
      (word: string) =>
      ({ body }: { readonly body: Buffer }) =>
        body.toString() === word;
    const choosy = new Router([
      { method: 'PUT', path: '/:session', when: says('a'), handle: () => textReply(200, 'first') },
      { method: 'PUT', path: '/:session', when: says('b'), handle: () => textReply(200, 'second') },
    ]);
    const put = (body: string) => choosy.handle(testRequest({ method: 'PUT', path: '/s', body }));
    expect([put('a').body, put('b').body, put('c').status]).toEqual(['first', 'second', 405]);
  });
});
