// 908: the hardware is not what was registered.
import { profileRefusal } from './profile-refusal.ts';

export const hardwareMismatch = profileRefusal(908, 'The serial number differs from the registration.');
