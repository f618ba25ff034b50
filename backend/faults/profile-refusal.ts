// A verdict of the profile service in place of a profile (ztd.md 4.1): 404 with code, name and detail.
import { PROFILE_REFUSALS, writeProfileRefusal } from '../../protocol/autopilot/autopilot-profile.ts';
import { jsonTextReply } from '../http/message.ts';
import type { ExchangeFault } from './fault.ts';

export function profileRefusal(code: keyof typeof PROFILE_REFUSALS, detail: string): ExchangeFault {
  return {
    kind: 'exchange',
    operations: ['download'],
    act: () => ({
      ...jsonTextReply(writeProfileRefusal({ code, name: PROFILE_REFUSALS[code], detail: `${detail} (SIMULATED)` })),
      status: 404,
    }),
  };
}
