// Device tickets: what a device shows in `x-device-token` and, at the join, as MSA-DDID. The account's id with an end, sealed.
import { DAY_MS, SECOND_MS } from '../../kernel/units.ts';
import type { DeviceAccount } from '../stores/device-accounts.ts';
import type { Tenant } from '../tenant.ts';

const TICKET_LIFETIME_MS = 1 * DAY_MS;

export interface IssuedTicket {
  readonly text: string;
  readonly createdMs: number;
  readonly expiresMs: number;
}

export function issueTicket(tenant: Tenant, account: DeviceAccount): IssuedTicket {
  const createdMs = tenant.clock.wallMs();
  const expiresMs = createdMs + TICKET_LIFETIME_MS;
  const text = tenant.seal.close('device-ticket', `${account.puid} ${Math.floor(expiresMs / SECOND_MS)}`);
  return { text, createdMs, expiresMs };
}

/** The account of a ticket that is ours and in time. */
export function accountOfTicket(tenant: Tenant, ticket: string): DeviceAccount | undefined {
  const [puid = '', expires = ''] = (tenant.seal.open('device-ticket', ticket) ?? '').split(' ');
  if (Number(expires) * SECOND_MS <= tenant.clock.wallMs()) return undefined;
  return tenant.deviceAccounts.find(puid);
}
