import { describe, expect, it } from 'vitest';
import { FIRST_USER_DRIVEN_BUILD, OS_VERSION_NAMES, OS_VERSIONS } from './os-versions.ts';
import type { OsVersion } from './os-versions.ts';

/** The day as of which the catalogue says what is supported. */
const TODAY = '2026-11-22';

describe.each(OS_VERSION_NAMES)('%s', (name) => {
  const os: OsVersion = OS_VERSIONS[name];

  it('is supported until its servicing ends', () => {
    expect(os.version).toMatch(/^10\.0\.\d{5}\.\d{4}$/);
    expect(os.servicedUntil).toMatch(/^20\d\d-\d\d-\d\d$/);
    expect(os.supported).toBe(os.servicedUntil >= TODAY);
  });

  it('has user-driven mode from 1703 on, and not in Home', () => {
    const build = Number(os.version.split('.')[2]);
    expect(os.userDriven).toBe(build >= FIRST_USER_DRIVEN_BUILD && os.edition !== 'Home');
    expect(os.title).toContain(os.edition);
  });
});
