// The nonce of a Windows sign-in is too old when it comes back: AADSTS140000.
import { windowsSignInRefusal } from './windows-sign-in-refusal.ts';

export const nonceStale = windowsSignInRefusal('device', 140000);
