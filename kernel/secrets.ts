// The only randomness that must be unpredictable: what keeps strangers out of a run (hub token, CA key of the embedded tenant).
// It never decides anything that a run's outcome depends on.
import { randomBytes } from 'node:crypto';

/** A bearer secret, base64url, 256 bits. */
export function randomToken(): string {
  return randomBytes(32).toString('base64url');
}
