// The sign-in service knows the session key of the device no more: AADSTS140001.
import { windowsSignInRefusal } from './windows-sign-in-refusal.ts';

export const sessionKeyUnknown = windowsSignInRefusal('session', 140001);
