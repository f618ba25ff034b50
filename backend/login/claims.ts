// What the tenant's tokens say of a user and, once one has joined, of the device.
import type { Session } from '../stores/sessions.ts';
import type { Tenant } from '../tenant.ts';
import type { User } from '../directory.ts';
import { mdmClaims } from '../enrollment/mdm-scope.ts';
import { objectSid } from '../identifiers.ts';

/** Claim of ours: the sign-in session, so that a join can bind its device to it. */
export const SESSION_CLAIM = 'flotilla_session';

/** An access token of a user; from a session in which a device joined it names the device (`deviceid`). */
export function accessToken(
  tenant: Tenant,
  grant: {
    readonly user: User;
    readonly session: Session;
    readonly audience: string;
    readonly clientId: string;
    /** A young second factor, for the keys of Windows Hello. */
    readonly forKeys: boolean;
  },
): string {
  const { user, session, audience, clientId, forKeys } = grant;
  return tenant.tokens.issue(audience, {
    ver: '1.0',
    appid: clientId,
    amr: [
      session.federated ? 'fed' : 'pwd',
      ...(session.multifactorMs === undefined ? [] : ['mfa']),
      ...(forKeys ? ['ngcmfa'] : []),
    ],
    oid: user.objectId,
    sub: user.objectId,
    upn: user.upn,
    unique_name: user.upn,
    name: user.displayName,
    scp: 'user_impersonation',
    [SESSION_CLAIM]: session.id,
    ...(session.deviceId === undefined ? {} : { deviceid: session.deviceId }),
  });
}

/** The id_token that OOBE reads (flow.md 4.4): who joined, which tenant, and where its MDM is. */
export function idToken(tenant: Tenant, user: User, clientId: string, nonce: string | undefined): string {
  return tenant.tokens.issue(clientId, {
    ver: '1.0',
    oid: user.objectId,
    sub: user.objectId,
    upn: user.upn,
    unique_name: user.upn,
    preferred_username: user.upn,
    name: user.displayName,
    sid: objectSid(user.objectId),
    tenant_display_name: tenant.config.displayName,
    ...mdmClaims(tenant, user),
    ...(nonce === undefined ? {} : { nonce }),
  });
}
