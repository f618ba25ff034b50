// VPNv2: VPN profiles, here as the one document that servers send. Source: VPNv2 CSP.
import { addable, instances } from '../node-rule.ts';
import type { Csp, NodeRule } from '../node-rule.ts';

const RULES: Readonly<Record<string, NodeRule>> = {
  '*': instances(),
  '*/ProfileXML': addable('chr'),
  '*/AlwaysOn': addable('bool'),
  '*/DeviceTunnel': addable('bool'),
  '*/RememberCredentials': addable('bool'),
  '*/DnsSuffix': addable('chr'),
  '*/NativeProfile/Servers': addable('chr'),
  '*/NativeProfile/NativeProtocolType': addable('chr'),
};

export const vpnV2: Csp = { root: 'Vendor/MSFT/VPNv2', device: RULES, user: RULES };
