// WiFi: wireless network profiles. Source: WiFi CSP.
import { addable, instances } from '../node-rule.ts';
import type { Csp, NodeRule } from '../node-rule.ts';

const RULES: Readonly<Record<string, NodeRule>> = {
  'Profile/*': instances(),
  'Profile/*/WlanXml': addable('chr'),
  'Profile/*/Proxy': addable('chr'),
  'Profile/*/ProxyPacUrl': addable('chr'),
  'Profile/*/ProxyWPAD': addable('bool'),
  'Profile/*/WiFiCost': addable('int'),
  'Profile/*/DisableInternetConnectivityChecks': addable('bool'),
};

export const wifi: Csp = { root: 'Vendor/MSFT/WiFi', device: RULES, user: RULES };
