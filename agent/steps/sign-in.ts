// The work or school sign-in of OOBE: the tenant's page, the account's realm, the password, and tokens with the claims that the
// join needs. Pages that stand before it are shown unless the profile hides them.
import type { StepFailure } from '../../catalog/failures.ts';
import type { Result } from '../../kernel/result.ts';
import type { DeviceContext } from '../device-context.ts';
import type { SignIn, SignInAnswer, SignInPage } from '../services/login.ts';
import { showPages } from './pages.ts';
import { ABANDONED, DONE, failed, type StepResult } from './result.ts';
import { answerPages, whoSignsIn, withPassword, type Person } from './sign-in-person.ts';

export async function signIn(device: DeviceContext): Promise<StepResult> {
  const { network, services, state } = device;
  if (!(await showPages(device, ['licence', 'work-or-personal', 'oem-registration', 'privacy']))) return ABANDONED;

  const tenantDomain = state.profile?.CloudAssignedTenantDomain ?? device.shard.plan.tenant.domain;
  const assigned = state.profile?.CloudAssignedTenantUpn ?? '';
  const stream = device.stream('sign-in');
  const page = await services.openSignInPage(network, { tenantDomain, stream, loginHint: assigned });
  if (!page.ok) return page;
  const person = await whoSignsIn(device, assigned, page.value.fixedUserName);
  if (person === undefined) return ABANDONED;
  const signedIn = await signInAs(device, page.value, person);
  network.close('federation');
  if (!signedIn.ok) return signedIn;

  const tenantId = state.profile?.CloudAssignedTenantId;
  const { tid } = signedIn.value.claims;
  // A token that names no tenant is the join's to refuse.
  if (tenantId !== undefined && tid !== '' && tid.toLowerCase() !== tenantId.toLowerCase()) {
    return failed('tenant-mismatch', `the user is of tenant ${tid}, the profile of ${tenantId}`);
  }
  state.signIn = signedIn.value;
  state.person = person;
  state.credentialsKept = true;
  return DONE;
}

/** By the page of the tenant or of AD FS, and then with its code; or by WS-Trust, which needs no page. */
async function signInAs(device: DeviceContext, page: SignInPage, person: Person): Promise<Result<SignIn, StepFailure>> {
  const { network, services } = device;
  const { userName } = person;
  const realm = await services.discoverRealm(network, userName, page);
  if (!realm.ok) return realm;
  let answer: Result<SignInAnswer, StepFailure>;
  if (realm.value === 'managed') {
    answer = await withPassword(device, 'password', person, (password) =>
      services.submitCredentials(network, page, { userName, password }),
    );
  } else if (realm.value.redirectUrl !== undefined) {
    const form = await services.openFederatedPage(network, realm.value.redirectUrl);
    if (!form.ok) return form;
    answer = await withPassword(device, 'password', person, (password) =>
      services.submitFederatedCredentials(network, page, form.value, { userName, password }),
    );
  } else {
    const federated = realm.value;
    const stream = device.stream('ws-trust');
    return withPassword(device, 'password', person, (password) => {
      const wallMs = device.shard.clock.wallMs();
      return services.signInByTrust(network, page, federated, { userName, password, stream, wallMs });
    });
  }
  if (!answer.ok) return answer;
  const code = await answerPages(device, page, answer.value, person);
  return code.ok ? services.redeemCode(network, page, code.value) : code;
}
