// 807: the profile service does not know the device, though it is registered.
import { profileRefusal } from './profile-refusal.ts';

export const deviceNotRegistered = profileRefusal(807, 'No registration matches the hardware of the device.');
