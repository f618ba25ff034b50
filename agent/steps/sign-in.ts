// The work or school sign-in of OOBE: the tenant's page, the account's realm, the password, and tokens with the claims that the
// join needs. Pages that stand before it are shown unless the profile hides them.
import { userName } from '../../catalog/tenant.ts';
import type { DeviceContext } from '../device-context.ts';
import { showPages } from './pages.ts';
import { ABANDONED, DONE, failed, type StepResult } from './result.ts';

export async function signIn(device: DeviceContext): Promise<StepResult> {
  const { network, services, state } = device;
  const { tenant } = device.shard.plan;
  if (!(await showPages(device, ['licence', 'work-or-personal', 'oem-registration', 'privacy']))) return ABANDONED;

  const tenantDomain = state.profile?.CloudAssignedTenantDomain ?? tenant.domain;
  const page = await services.openSignInPage(network, { tenantDomain, stream: device.stream('sign-in') });
  if (!page.ok) return page;

  // An assigned user's name is filled in, so only the password is asked for.
  const assigned = state.profile?.CloudAssignedTenantUpn ?? '';
  if (assigned === '' && (await device.prompt('user-name')) === 'stopped') return ABANDONED;
  const account = assigned === '' ? userName(tenant, device.index) : assigned;
  const realm = await services.discoverRealm(network, account);
  if (!realm.ok) return realm;

  if ((await device.prompt('password')) === 'stopped') return ABANDONED;
  const credentials = { userName: account, password: tenant.password };
  const code = await services.submitCredentials(network, page.value, credentials);
  if (!code.ok) return code;
  const signedIn = await services.redeemCode(network, page.value, code.value);
  if (!signedIn.ok) return signedIn;

  const tenantId = state.profile?.CloudAssignedTenantId;
  if (tenantId !== undefined && signedIn.value.claims.tid.toLowerCase() !== tenantId.toLowerCase()) {
    return failed('tenant-mismatch', `the user is of tenant ${signedIn.value.claims.tid}, the profile of ${tenantId}`);
  }
  state.signIn = signedIn.value;
  state.credentialsKept = true;
  return DONE;
}
