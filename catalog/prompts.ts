// The pages on which a person spends time, with how long a person takes by default (lognormal: median and 95th percentile,
// seconds). The distributions are ours: plausible, not measured. A page that the profile hides costs nothing.

export const PROMPTS = {
  language: { title: 'Language', medianSeconds: 12, p95Seconds: 45 },
  region: { title: 'Region', medianSeconds: 8, p95Seconds: 30 },
  keyboard: { title: 'Keyboard', medianSeconds: 6, p95Seconds: 25 },
  'second-keyboard': { title: 'Second keyboard', medianSeconds: 4, p95Seconds: 15 },
  'network-choice': { title: 'Wi-Fi network and key', medianSeconds: 35, p95Seconds: 120 },
  licence: { title: 'Licence terms', medianSeconds: 10, p95Seconds: 40 },
  privacy: { title: 'Privacy settings', medianSeconds: 20, p95Seconds: 70 },
  'oem-registration': { title: 'Manufacturer registration', medianSeconds: 15, p95Seconds: 60 },
  'work-or-personal': { title: 'Work or personal use', medianSeconds: 6, p95Seconds: 25 },
  'user-name': { title: 'E-mail address', medianSeconds: 14, p95Seconds: 50 },
  password: { title: 'Password', medianSeconds: 10, p95Seconds: 40 },
  'new-password': { title: 'New password in place of an expired one', medianSeconds: 25, p95Seconds: 80 },
  multifactor: { title: 'Approval on a second factor', medianSeconds: 18, p95Seconds: 60 },
  'terms-of-use': { title: 'Terms of use', medianSeconds: 12, p95Seconds: 45 },
  'windows-sign-in': { title: 'Windows sign-in', medianSeconds: 15, p95Seconds: 60 },
  'restart-device': { title: 'Noticing that there is no profile, and a restart', medianSeconds: 300, p95Seconds: 1800 },
  'failed-page': { title: 'Reading a failed status page and choosing a button', medianSeconds: 120, p95Seconds: 900 },
  'windows-hello': { title: 'Windows Hello PIN', medianSeconds: 25, p95Seconds: 90 },
} as const;

export type PromptName = keyof typeof PROMPTS;
export const PROMPT_NAMES = Object.keys(PROMPTS) as PromptName[];
