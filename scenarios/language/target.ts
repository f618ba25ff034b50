// Where a run may go. A load generator can hurt: loopback is always allowed, public identity and management clouds never, and
// any other host only if the scenario names it and the command line confirms it. No host name is resolved here.
import { SERVICE_NAMES, type ServiceName } from '../../catalog/services.ts';
import { EMBEDDED } from './plan.ts';

export type Target = Readonly<Record<ServiceName, string>>;

/** Domains whose hosts are refused, with all below them: somebody else's production, whatever the reason. */
export const REFUSED_DOMAINS = [
  'microsoft.com',
  'microsoft.us',
  'microsoftonline.com',
  'microsoftonline.us',
  'microsoftonline.cn',
  'microsoftonline-p.com',
  'microsoftazuread-sso.com',
  'windows.net',
  'windows.com',
  'windowsazure.com',
  'windowsupdate.com',
  'msftconnecttest.com',
  'msauth.net',
  'msftauth.net',
  'live.com',
  'live.net',
  'office.com',
  'office.net',
  'office365.com',
  'outlook.com',
  'azure.com',
  'azure.net',
  'azure.us',
  'azure.cn',
  'chinacloudapi.cn',
  'windows.cloud.microsoft',
  'cloud.microsoft',
  'google.com',
  'googleapis.com',
  'apple.com',
  'okta.com',
  'oktapreview.com',
  'onelogin.com',
  'pingone.com',
  'pingidentity.com',
  'duosecurity.com',
  'awmdm.com',
  'jamfcloud.com',
  'mobileiron.com',
  'maas360.com',
  'meraki.com',
] as const;

export type HostVerdict = 'loopback' | 'refused' | 'needs-consent';

export function judgeHost(hostname: string): HostVerdict {
  const host = hostname.toLowerCase().replace(/\.$/, '');
  if (host === 'localhost' || host.endsWith('.localhost') || /^127(?:\.\d{1,3}){3}$/.test(host) || host === '[::1]') {
    return 'loopback';
  }
  return REFUSED_DOMAINS.some((domain) => host === domain || host.endsWith(`.${domain}`)) ? 'refused' : 'needs-consent';
}

/** The host of a service's URL as `URL` writes it (an IPv4 address in its usual form, IPv6 in brackets), or nothing. */
export function hostOf(url: string): string | undefined {
  return URL.canParse(url) ? new URL(url).hostname : undefined;
}

/** A target in full: a map that mentions some services, or one word or URL for all of them. */
export function fullTarget(target: string | Readonly<Partial<Record<ServiceName, string | undefined>>>): Target {
  const entry = (service: ServiceName): string => (typeof target === 'string' ? target : (target[service] ?? EMBEDDED));
  return Object.fromEntries(SERVICE_NAMES.map((service) => [service, entry(service).replace(/\/$/, '')])) as Target;
}
