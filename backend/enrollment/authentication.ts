// Who enrolls: the access token in the security header of GetPolicies and RST (mde2, 2, "Federated, Entra join").
import { fail, ok } from '../../kernel/result.ts';
import type { Result } from '../../kernel/result.ts';
import type { SecurityToken } from '../../protocol/enrollment/soap.ts';
import type { SoapFault } from '../../protocol/enrollment/soap-fault.ts';
import type { User } from '../directory.ts';
import { MDM_RESOURCE } from '../login/clients.ts';
import type { JoinedDevice } from '../stores/joined-devices.ts';
import type { Tenant } from '../tenant.ts';
import { claimText } from '../tokens.ts';

/** The audiences of tokens for this MDM: the public one, and the URL of the service itself. */
export function mdmAudiences(tenant: Tenant): readonly string[] {
  return [MDM_RESOURCE, tenant.endpoints.enrollment];
}

export interface Enroller {
  readonly user: User;
  readonly device: JoinedDevice;
}

/** The user and the joined device of a token. */
export function authenticate(tenant: Tenant, security: SecurityToken | undefined): Result<Enroller, SoapFault> {
  if (security === undefined) return fault('InvalidSecurity', 'The message has no security token.');
  if (security.kind !== 'jwt') return fault('Authentication', 'This service takes an access token only.');
  const claims = tenant.tokens.verify(security.token, mdmAudiences(tenant));
  if (!claims.ok) return fault('Authentication', `The access token was refused: ${claims.error}.`);
  const user = tenant.directory.find(claimText(claims.value, 'upn') ?? '');
  if (user === undefined) return fault('Authentication', 'The user of the token is not in the directory.');
  const deviceId = claimText(claims.value, 'deviceid');
  if (deviceId === undefined) return fault('Authentication', 'The token names no device: the device has not joined.');
  const device = tenant.joinedDevices.find(deviceId);
  if (device === undefined) return fault('Authorization', 'The device of the token is not in the directory.');
  return ok({ user, device });
}

function fault(subcode: SoapFault['subcode'], reason: string): ReturnType<typeof fail<SoapFault>> {
  return fail({ subcode, reason });
}
