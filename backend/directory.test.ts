import { expect, it } from 'vitest';
import { groupOfUser } from '../catalog/tenant.ts';
import { testTenant } from './fixtures/tenant.ts';

it('has the users of federated groups in a domain of their own', () => {
  const { tenant: plain } = testTenant();
  const [group] = plain.config.groups;
  const { tenant } = testTenant({
    users: 20,
    groups: [
      { ...group!, tag: 'a', accounts: { ...group!.accounts, count: 10 } },
      { ...group!, tag: 'b', accounts: { ...group!.accounts, count: 10, kind: 'passive' } },
    ],
  });
  const { directory } = tenant;
  const users = Array.from({ length: 20 }, (_, index) => index);
  const ofGroup = (tag: string): number[] => users.filter((index) => groupOfUser(tenant.config, index)?.tag === tag);
  const [managed = 0, federated = 0] = [ofGroup('a')[0], ofGroup('b')[0]];
  expect([ofGroup('a').length, ofGroup('b').length]).toEqual([10, 10]);
  expect(directory.find(`USER${managed}@Flotilla.example`)?.index).toBe(managed);
  expect(directory.find(`user${federated}@federated.flotilla.example`)?.index).toBe(federated);
  for (const name of [
    `user${federated}@flotilla.example`,
    `user${managed}@federated.flotilla.example`,
    'user20@flotilla.example',
    `user0${managed}@flotilla.example`,
  ]) {
    expect(directory.find(name), name).toBeUndefined();
  }
  const realms = ['u@flotilla.example', 'u@federated.flotilla.example', 'u@other.example'].map((name) =>
    directory.realm(name),
  );
  expect(realms).toEqual(['managed', 'federated', undefined]);
  expect(plain.directory.realm('u@federated.flotilla.example')).toBeUndefined();
});
