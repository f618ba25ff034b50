import { expect, it } from 'vitest';
import { testTenant } from './fixtures/tenant.ts';

it('has the users of federated groups in a domain of their own', () => {
  const { tenant: plain } = testTenant();
  const [group] = plain.config.groups;
  const { tenant } = testTenant({
    users: 20,
    groups: [
      { ...group!, tag: 'a', accounts: { ...group!.accounts, first: 0, count: 10 } },
      { ...group!, tag: 'b', accounts: { ...group!.accounts, first: 10, count: 10, kind: 'passive' } },
    ],
  });
  const { directory } = tenant;
  expect(directory.find('USER9@Flotilla.example')?.index).toBe(9);
  expect(directory.find('user10@federated.flotilla.example')?.index).toBe(10);
  for (const name of [
    'user10@flotilla.example',
    'user9@federated.flotilla.example',
    'user20@flotilla.example',
    'user09@flotilla.example',
  ]) {
    expect(directory.find(name), name).toBeUndefined();
  }
  const realms = ['u@flotilla.example', 'u@federated.flotilla.example', 'u@other.example'].map((name) =>
    directory.realm(name),
  );
  expect(realms).toEqual(['managed', 'federated', undefined]);
  expect(plain.directory.realm('u@federated.flotilla.example')).toBeUndefined();
});
