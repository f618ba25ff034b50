import { describe, expect, it } from 'vitest';
import { OS_VERSION_NAMES, OS_VERSIONS, WINDOWS_EDITIONS } from '../../catalog/os-versions.ts';
import { checkWindows } from './os-support.ts';

const check = (osVersion: string, osEditionSku: number) => checkWindows({ osVersion, osEditionSku });

describe('user-driven mode', () => {
  it('is there from build 15063 on, but not in Home', () => {
    expect(check('10.0.15063.0', 48).ok).toBe(true);
    expect(check('10.0.14393.9999', 48)).toMatchObject({ error: { code: 'windows-too-old' } });
    expect(check('10.0.26200.6725', 101)).toMatchObject({ error: { code: '114' } });
  });

  it.each(OS_VERSION_NAMES)('is where the catalogue has it: %s', (name) => {
    const { version, edition, userDriven } = OS_VERSIONS[name];
    expect(check(version, WINDOWS_EDITIONS[edition]).ok).toBe(userDriven);
  });
});
