// 815: no profile is assigned to the device.
import { profileRefusal } from './profile-refusal.ts';

export const profileMissing = profileRefusal(815, 'No profile is assigned, and the tenant has no default.');
