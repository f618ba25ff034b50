import { describe, expect, it } from 'vitest';
import { contentReply } from './content-reply.ts';
import { testRequest, testTenant } from './fixtures/tenant.ts';
import type { ContentBody } from './http/message.ts';

const { tenant } = testTenant();
const file = tenant.content.app({ name: 'App', sizeBytes: 1_000 });

function ask(headers: Readonly<Record<string, string>>, method = 'GET') {
  const reply = contentReply(file, testRequest({ method, headers }));
  const body = reply.body as ContentBody | string;
  return { ...reply, sent: typeof body === 'string' ? body : body.slice(0, body.bytes) };
}

const all = file.body.slice(0, 1_000);

describe('a content origin', () => {
  it('says that it knows ranges, and names the version', () => {
    expect(ask({})).toMatchObject({ status: 200, headers: { 'accept-ranges': 'bytes', etag: `"${file.sha256}"` } });
    expect(contentReply(undefined).status).toBe(404);
  });

  it.each([
    ['bytes=100-', 100, 999],
    ['bytes=0-0', 0, 0],
    ['bytes=990-5000', 990, 999],
    ['bytes=-10', 990, 999],
    ['bytes=-5000', 0, 999],
  ])('answers %s by those bytes', (range, first, last) => {
    const reply = ask({ range, 'if-range': file.etag });
    expect(reply).toMatchObject({ status: 206, headers: { 'content-range': `bytes ${first}-${last}/1000` } });
    expect(reply.sent).toEqual(all.subarray(first, last + 1));
  });

  it.each([
    { range: 'bytes=0-1,5-6' },
    { range: 'items=1-2' },
    { range: 'bytes=-' },
    { range: 'bytes=9-1' },
    { range: 'bytes=100-', 'if-range': '"another"' },
  ])('sends the whole for what it does not know, or another version: %o', (headers) => {
    expect(ask(headers)).toMatchObject({ status: 200, sent: all });
  });

  it('has no byte behind the last', () => {
    expect(ask({ range: 'bytes=1000-' })).toMatchObject({ status: 416, headers: { 'content-range': 'bytes */1000' } });
    expect(ask({ range: 'bytes=-0' })).toMatchObject({ status: 416 });
    expect(ask({ range: 'bytes=0-1' }, 'HEAD')).toMatchObject({ status: 200 });
  });
});

describe('files', () => {
  it('are named as Windows knows them: the extension and ccmsetup by their MSIs, packages by their ending', () => {
    const { extensionInstaller } = tenant.content;
    expect(extensionInstaller.url).toMatch(/\/content\/[0-9a-f-]{36}\/IntuneWindowsAgent\.msi$/);
    expect(tenant.content.at('apps', extensionInstaller.url.split('/').slice(-2).join('/'))).toBe(extensionInstaller);
    expect(tenant.content.configManagerInstaller({ clientSizeBytes: 5_000 })).toMatchObject({ bytes: 5_000 });
    expect(tenant.content.configManagerInstaller({ clientSizeBytes: 5_000 }).url).toMatch(/\/ccmsetup\.msi$/);
    const { url, bytes } = tenant.content.win32App({ name: 'Reader', sizeBytes: 4_096 });
    expect(url).toMatch(
      new RegExp(`^https://apps\\.test/${tenant.config.tenantId}/([0-9a-f-]{36})/\\1\\.intunewin\\.bin$`),
    );
    expect(bytes).toBe(4_096);
  });
});
