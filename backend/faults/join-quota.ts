// The user has as many devices as the tenant allows; the message says so ([MS-DVRE]).
import { joinRefusal } from './join-refusal.ts';

export const joinQuota = joinRefusal(400, { errorType: 'AuthorizationError' }, 'DeviceCapReached');
