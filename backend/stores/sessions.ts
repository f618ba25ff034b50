// Sign-in sessions: what a person's sign-in at a device leaves behind. A session redeems its authorization code once, then
// refreshes tokens for other audiences; joining a device binds it, and later tokens name the device. (With Entra ID a primary
// refresh token does that; the binding by session is ours.)
import { LIMITS } from '../../kernel/limits.ts';
import { BoundedMap } from './bounded-map.ts';

/** What an authorization code stands for until it is redeemed. */
export interface PendingCode {
  readonly clientId: string;
  readonly redirectUri: string;
  /** PKCE challenge (S256); undefined where the client sent none. */
  readonly challenge: string | undefined;
  readonly resource: string | undefined;
  readonly nonce: string | undefined;
  readonly expiresMs: number;
}

export interface Session {
  readonly id: string;
  readonly userIndex: number;
  /** Gone once redeemed. */
  code: PendingCode | undefined;
  /** The Entra device id of the device that joined in this session, or that signed the user in to Windows. */
  deviceId: string | undefined;
  /** AD FS authenticated the user. */
  readonly federated: boolean;
  /** When the second factor was given, by the tenant's clock; undefined where none was asked for. */
  readonly multifactorMs: number | undefined;
  /** Its refresh token is a primary one, good only with a proof of its session key. */
  readonly primary: boolean;
}

/** What a session may begin with. */
export type SessionFacts = Partial<Pick<Session, 'deviceId' | 'federated' | 'multifactorMs' | 'primary'>>;

export class Sessions {
  readonly #sessions = new BoundedMap<string, Session>(LIMITS.backendEntitiesMax);
  #next = 0;

  get count(): number {
    return this.#sessions.size;
  }

  get refused(): number {
    return this.#sessions.refused;
  }

  /** A new session; undefined where there is no room. */
  open(userIndex: number, code: PendingCode | undefined, facts: SessionFacts = {}): Session | undefined {
    const session: Session = {
      id: String(this.#next),
      userIndex,
      code,
      deviceId: facts.deviceId,
      federated: facts.federated ?? false,
      multifactorMs: facts.multifactorMs,
      primary: facts.primary ?? false,
    };
    if (!this.#sessions.set(session.id, session)) return undefined;
    this.#next += 1;
    return session;
  }

  find(id: string): Session | undefined {
    return this.#sessions.get(id);
  }

  /** Takes the code of a session: the second time there is none. */
  redeem(id: string): { readonly session: Session; readonly code: PendingCode } | undefined {
    const session = this.#sessions.get(id);
    const code = session?.code;
    if (session === undefined || code === undefined) return undefined;
    session.code = undefined;
    return { session, code };
  }

  bindDevice(id: string, deviceId: string): void {
    const session = this.#sessions.get(id);
    if (session !== undefined) session.deviceId = deviceId;
  }
}
