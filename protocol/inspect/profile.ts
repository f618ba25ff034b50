// An Autopilot profile, downloaded or from the offline file: all its members, the bit mask and the nested JSON in words.
import { malformed, ok } from '../../kernel/result.ts';
import type { Result } from '../../kernel/result.ts';
import { decodeOobeConfig, OOBE_CONFIG_BITS, parseAutopilotProfile } from '../autopilot/autopilot-profile.ts';
import type { OobeConfigFlag } from '../autopilot/autopilot-profile.ts';
import { readJsonObject } from '../encoding/json.ts';
import { explanation } from './explainer.ts';
import type { Explanation } from './explainer.ts';
import { inputText } from './input.ts';

export function explainProfile(bytes: Uint8Array): Result<Explanation> {
  const text = inputText(bytes);
  const json = readJsonObject(text);
  if (!json.ok) return json;
  const names = Object.keys(json.value);
  if (!names.some((name) => name.startsWith('CloudAssigned'))) {
    return malformed(0, 'no member of a profile is there (CloudAssigned...)');
  }
  // The offline file has no ZtdRegistrationId; a downloaded profile must be whole.
  if (names.includes('ZtdRegistrationId')) {
    const profile = parseAutopilotProfile(text);
    if (!profile.ok) return profile;
  }
  const explained: Record<string, unknown> = { ...json.value };
  const config = json.value['CloudAssignedOobeConfig'];
  if (typeof config === 'number') {
    const flags = decodeOobeConfig(config);
    const set = (Object.keys(OOBE_CONFIG_BITS) as OobeConfigFlag[]).filter((name) => flags[name]);
    explained['CloudAssignedOobeConfig'] = { value: config, set };
  }
  const serverData = json.value['CloudAssignedAadServerData'];
  if (typeof serverData === 'string') {
    const inner = readJsonObject(serverData);
    if (inner.ok) explained['CloudAssignedAadServerData'] = inner.value;
  }
  return ok(explanation('profile', explained));
}
