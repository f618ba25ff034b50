// Which pages of OOBE are shown: each one that the profile does not hide costs the person time. The order inside a step does
// not matter to the ledger; whether a page is hidden does (ztd.md 3.1, 3.3).
import type { PromptName } from '../../catalog/prompts.ts';
import { OOBE_CONFIG_BITS, type OobeConfigFlag } from '../../protocol/autopilot/autopilot-profile.ts';
import type { DeviceContext } from '../device-context.ts';
import type { ProfileFacts } from '../device-state.ts';

type PageName = Extract<
  PromptName,
  | 'language'
  | 'region'
  | 'keyboard'
  | 'second-keyboard'
  | 'licence'
  | 'privacy'
  | 'oem-registration'
  | 'work-or-personal'
>;

/** Whether a profile hides a page. Without a profile nothing is hidden, except that one installed language is not asked for. */
const HIDDEN_BY: Record<PageName, (profile: ProfileFacts) => boolean> = {
  language: (profile) => isGiven(profile.CloudAssignedLanguage),
  region: (profile) => isGiven(profile.CloudAssignedRegion),
  keyboard: (profile) => skips(profile, 'skipKeyboard'),
  'second-keyboard': (profile) => skips(profile, 'skipKeyboard'),
  licence: (profile) => skips(profile, 'skipEula'),
  privacy: (profile) => skips(profile, 'skipExpressSettings'),
  'oem-registration': (profile) => skips(profile, 'skipOemRegistration'),
  // A device that must enroll is not asked whose it is (hideEscapeLink).
  'work-or-personal': (profile) => profile.CloudAssignedForcedEnrollment === 1,
};

/** Shows the pages that are not hidden, one after the other; false when the run ended meanwhile. */
export async function showPages(device: DeviceContext, pages: readonly PageName[]): Promise<boolean> {
  for (const page of pages) {
    if (page === 'language' && device.cohort.languages < 2) continue;
    if (device.state.profile !== null && HIDDEN_BY[page](device.state.profile)) continue;
    if ((await device.prompt(page)) === 'stopped') return false;
  }
  return !device.stopped;
}

function skips(profile: ProfileFacts, flag: OobeConfigFlag): boolean {
  return ((profile.CloudAssignedOobeConfig ?? 0) & OOBE_CONFIG_BITS[flag]) !== 0;
}

function isGiven(value: string | undefined): boolean {
  return value !== undefined && value !== '';
}
