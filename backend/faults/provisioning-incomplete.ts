// A provisioning document without its APPLICATION: nothing says where the device is managed.
import { changedProvisioning } from './changed-provisioning.ts';
import type { ExchangeFault } from './fault.ts';

export const provisioningIncomplete: ExchangeFault = {
  kind: 'exchange',
  operations: ['request-security-token'],
  act: ({ answer }) => changedProvisioning(answer(), withoutApplication),
};

/** APPLICATION stands between the certificates and DMClient, and has characteristics of its own inside. */
function withoutApplication(document: string): string {
  const start = document.indexOf('<characteristic type="APPLICATION">');
  const end = document.indexOf('<characteristic type="DMClient">');
  return start < 0 || end < start ? document : document.slice(0, start) + document.slice(end);
}
