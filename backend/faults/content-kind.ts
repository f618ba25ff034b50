// The two kinds of content that the app origin has: packages of Win32 apps, which are encrypted and which the management extension
// fetches, and files that OMA-DM orders.
import type { BackendRequest } from '../http/message.ts';

export function isPackage({ path }: BackendRequest): boolean {
  return path.endsWith('.intunewin.bin');
}
