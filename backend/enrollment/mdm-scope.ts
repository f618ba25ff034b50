// The tenant's mobility configuration: for whom the sign-in names an MDM. Whoever is not in its scope gets an id_token without
// addresses, and the device cannot enroll (0x8018002b).
import type { User } from '../directory.ts';
import type { Tenant } from '../tenant.ts';
import { ENROLLMENT_PATHS } from './paths.ts';

/** The claims of the id_token that name the MDM (flow.md 4.4). */
export function mdmClaims(tenant: Tenant, user: User): Readonly<Record<string, string>> {
  if (!isInScope(tenant, user)) return {};
  const { enrollment } = tenant.endpoints;
  return {
    mdm_enrollment_url: `${enrollment}${ENROLLMENT_PATHS.discovery}`,
    ...(tenant.config.termsOfUse && { mdm_terms_of_use_url: `${enrollment}${ENROLLMENT_PATHS.termsOfUse}` }),
    mdm_compliance_url: `${enrollment}${ENROLLMENT_PATHS.compliance}`,
  };
}

function isInScope({ config, directory }: Tenant, user: User): boolean {
  const { scope } = config.enrollment;
  if (scope === 'selected') return directory.trait(user) !== 'not-in-mdm-scope';
  return scope === 'all';
}
