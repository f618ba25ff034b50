import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { testTenant } from './fixtures/tenant.ts';

const { tenant } = testTenant();

it('announces the SHA-256 of what it sends, in any slicing, and sends other bytes for another name', () => {
  const file = tenant.content.app({ name: 'App', sizeBytes: 150_000 });
  const other = tenant.content.app({ name: 'Other', sizeBytes: 150_000 });
  const hash = createHash('sha256');
  let offset = 0;
  while (offset < file.bytes) {
    const slice = file.body.slice(offset, Math.min(7_001, file.bytes - offset));
    hash.update(slice);
    offset += slice.length;
  }
  expect([offset, hash.digest('hex')]).toEqual([150_000, file.sha256]);
  expect(other.sha256).not.toBe(file.sha256);
  expect(tenant.content.app({ name: 'App', sizeBytes: 150_000 })).toBe(file);
});

it('finds files by the last part of their URL, at their own origin only', () => {
  const file = tenant.content.app({ name: 'Empty', sizeBytes: 0 });
  const name = file.url.slice(file.url.lastIndexOf('/') + 1);
  expect(file.url).toBe(`https://apps.test/content/${name}`);
  expect(tenant.content.at('apps', name.toUpperCase())).toBe(file);
  expect(tenant.content.at('updates', name)).toBeUndefined();
  expect(file.sha256).toBe(createHash('sha256').digest('hex'));
});
