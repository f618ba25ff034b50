// The directory does not know the device any more when its user signs in to Windows: AADSTS50155.
import { windowsSignInRefusal } from './windows-sign-in-refusal.ts';

export const deviceUnauthenticated = windowsSignInRefusal('device', 50155);
