// 809: the profile was deleted after it was assigned.
import { profileRefusal } from './profile-refusal.ts';

export const profileDeleted = profileRefusal(809, 'The assigned profile does not exist.');
