// The person at the sign-in page: who it is, what is typed, what is mistyped, and what is answered when the page asks for more. What
// people do that is not as it should be comes from the cohort, with the device's own chance.
import { stepFailure, type StepFailure } from '../../catalog/failures.ts';
import { userTrait } from '../../catalog/accounts.ts';
import type { PromptName } from '../../catalog/prompts.ts';
import { accountsOf, groupOfUser, userName } from '../../catalog/tenant.ts';
import { LIMITS } from '../../kernel/limits.ts';
import { never, ok, type Result } from '../../kernel/result.ts';
import { SECOND_MS } from '../../kernel/units.ts';
import type { DeviceContext } from '../device-context.ts';
import type { Authorization, AuthorizationCode, SignInAnswer } from '../services/login.ts';
import type { MultifactorPage } from '../services/login-page.ts';
import { ABANDONED } from './result.ts';

export interface Person {
  readonly userName: string;
  password: string;
}

/**
 * Who signs in. The page may have filled a name in (the assigned user's): where it is fixed, nobody can be anybody else; where not
 * (AD FS), somebody else may sign in. Undefined when the run ended meanwhile.
 */
export async function whoSignsIn(
  device: DeviceContext,
  assigned: string,
  fixedName: string | undefined,
): Promise<Person | undefined> {
  const { tenant } = device.shard.plan;
  const { password } = tenant;
  if (fixedName !== undefined) return { userName: fixedName, password };
  const isOther = device.stream('other-user').chance(device.cohort.mistakes.otherUser);
  if (assigned !== '' && !isOther) return { userName: assigned, password };
  if ((await device.prompt('user-name')) === 'stopped') return undefined;
  const index = assigned === '' ? device.index : otherIndex(device);
  return { userName: userName(tenant, index), password };
}

/** The next user of the same accounts, or of the tenant where there is no other. */
function otherIndex({ shard, index }: DeviceContext): number {
  const { tenant } = shard.plan;
  const group = groupOfUser(tenant, index);
  for (let next = 1; next < tenant.users; next++) {
    const other = (index + next) % tenant.users;
    if (groupOfUser(tenant, other) === group) return other;
  }
  return (index + 1) % tenant.users;
}

/** The password that a person chooses in place of an expired one. */
function renewedPassword(password: string): string {
  return `${password}-renewed`;
}

/** Asks for the password until it is taken, or refused although it was typed as it should be. */
export async function withPassword<T>(
  device: DeviceContext,
  prompt: PromptName,
  person: Person,
  attempt: (password: string) => Promise<Result<T, StepFailure>>,
): Promise<Result<T, StepFailure>> {
  const chance = device.stream(`mistyped:${prompt}`);
  for (let tries = 1; ; tries++) {
    if ((await device.prompt(prompt)) === 'stopped') return ABANDONED;
    const mistyped = chance.chance(device.cohort.mistakes.mistypedPassword);
    const result = await attempt(mistyped ? `${person.password}${tries}` : person.password);
    if (result.ok || result.error.code !== '50126' || tries === LIMITS.passwordTriesMax) return result;
    if (!mistyped && !remembersAnother(device, person)) return result;
    device.noteSoftFailure(result.error);
  }
}

/** A person whose password had expired may have chosen a new one at another device. */
function remembersAnother({ shard, index }: DeviceContext, person: Person): boolean {
  const { tenant } = shard.plan;
  const accounts = accountsOf(tenant, index);
  if (person.password !== tenant.password || accounts === undefined) return false;
  if (userTrait(tenant.seed, accounts, index) !== 'password-expired') return false;
  person.password = renewedPassword(tenant.password);
  return true;
}

/** Gives the pages what else they ask for, until there is a code. */
export async function answerPages(
  device: DeviceContext,
  authorization: Authorization,
  first: SignInAnswer,
  person: Person | undefined,
): Promise<Result<AuthorizationCode, StepFailure>> {
  const { network, services } = device;
  let answer: SignInAnswer = first;
  for (let pages = 0; typeof answer !== 'string'; pages++) {
    if (pages === LIMITS.signInPagesMax) return stepFailure('reply-unexpected', 'the sign-in asks without end');
    let next: Result<SignInAnswer, StepFailure>;
    switch (answer.kind) {
      case 'new-password': {
        if (person === undefined || pages > 0) return stepFailure('50055', 'the new password was not taken');
        if ((await device.prompt('new-password')) === 'stopped') return ABANDONED;
        const password = renewedPassword(person.password);
        next = await services.submitNewPassword(network, authorization, answer, password);
        if (next.ok) person.password = password;
        break;
      }
      case 'multifactor':
        next = await approve(device, authorization, answer);
        break;
      default:
        return never(answer);
    }
    if (!next.ok) return next;
    answer = next.value;
  }
  return ok(answer);
}

/** The person reaches for the phone while the page polls. */
async function approve(
  device: DeviceContext,
  authorization: Authorization,
  page: MultifactorPage,
): Promise<Result<SignInAnswer, StepFailure>> {
  const { network, services } = device;
  const pending = await services.beginMultifactor(network, page);
  if (!pending.ok) return pending;
  let polled = await services.pollMultifactor(network, page, pending.value);
  if (polled.ok && polled.value === 'pending') {
    if ((await device.prompt('multifactor')) === 'stopped') return ABANDONED;
    polled = await services.pollMultifactor(network, page, pending.value);
  }
  for (let polls = 0; polled.ok && polled.value === 'pending'; polls++) {
    if (polls === LIMITS.multifactorPollsMax) return stepFailure('500121', 'nobody approved the second factor');
    if ((await device.shard.clock.waitReal(SECOND_MS, device.shard.stop)) === 'stopped') return ABANDONED;
    polled = await services.pollMultifactor(network, page, pending.value);
  }
  return polled.ok ? services.completeMultifactor(network, authorization, page, pending.value) : polled;
}
