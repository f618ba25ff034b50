// The second factor: begun by the page, polled by it while the person reaches for the phone, and the form that goes on with it. There
// is no phone: the first poll finds nothing yet, the next one finds an approval, or a denial where the account has that trait.
import {
  parseStrongAuthenticationRequest,
  writeStrongAuthenticationReply,
} from '../../protocol/sign-in/strong-authentication.ts';
import type { StrongAuthenticationReply } from '../../protocol/sign-in/strong-authentication.ts';
import { errorReply, hasMediaType, jsonTextReply } from '../http/message.ts';
import type { BackendRequest, Reply } from '../http/message.ts';
import type { Tenant } from '../tenant.ts';
import { admit, checkRequest, queryOfContext, refuseOnPage, refusePage } from './authorization.ts';
import { closeFlow, openFlow } from './flow-token.ts';
import type { Flow, FlowStage } from './flow-token.ts';

const DENIED = 500121;

/** POST BeginAuth or EndAuth. */
export function multifactor(tenant: Tenant, request: BackendRequest): Reply {
  const parsed = parseStrongAuthenticationRequest(request.body.toString('utf8'));
  if (!parsed.ok) return errorReply(400, 'BadRequest', parsed.error.reason);
  const { Method, Ctx, FlowToken } = parsed.value;
  const flow = openFlow(tenant, FlowToken, Ctx);
  if (flow === undefined) return errorReply(400, 'BadRequest', 'The flow token is not valid.');
  const next = Method === 'BeginAuth' ? begin(flow) : poll(tenant, flow);
  if (next === undefined) return errorReply(400, 'BadRequest', 'The flow token is of another stage.');
  const { stage, ...reply } = next;
  return jsonTextReply(
    writeStrongAuthenticationReply({
      ...reply,
      FlowToken: closeFlow(tenant, flow.proof, stage, Ctx),
      SessionId: tenant.identifiers.guid('trace', Ctx),
    }),
  );
}

type Next = Omit<StrongAuthenticationReply, 'FlowToken' | 'SessionId'> & { readonly stage: FlowStage };

function begin({ stage }: Flow): Next | undefined {
  if (stage !== 'asked') return undefined;
  return { stage: 'begun', Success: true, ResultValue: 'Success', Retry: false, ErrCode: 0 };
}

function poll(tenant: Tenant, { stage, proof }: Flow): Next | undefined {
  if (stage === 'begun') {
    return { stage: 'pending', Success: false, ResultValue: 'AuthenticationPending', Retry: true, ErrCode: 0 };
  }
  if (stage !== 'pending') return undefined;
  return tenant.directory.trait(proof.user) === 'multifactor-denied'
    ? { stage: 'asked', Success: false, ResultValue: 'PhoneAppDenied', Retry: false, ErrCode: DENIED }
    : { stage: 'approved', Success: true, ResultValue: 'Success', Retry: false, ErrCode: 0 };
}

/** POST of the page's form. */
export function afterMultifactor(tenant: Tenant, request: BackendRequest): Reply {
  if (!hasMediaType(request, 'application/x-www-form-urlencoded')) return refusePage(16000);
  const form = new URLSearchParams(request.body.toString('utf8'));
  const context = form.get('request') ?? '';
  const checked = checkRequest(tenant, 'common', queryOfContext(context));
  if ('refusal' in checked) return checked.refusal;
  const flow = openFlow(tenant, form.get('flowToken') ?? '', context);
  if (flow?.stage !== 'approved') return refuseOnPage(DENIED);
  return admit(tenant, checked.request, { ...flow.proof, multifactorMs: tenant.clock.nowMs() });
}
