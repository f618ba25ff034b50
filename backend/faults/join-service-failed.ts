// Device registration fails on something that it stands on, and says so ([MS-DVRE]).
import { joinRefusal } from './join-refusal.ts';

export const joinServiceFailed = joinRefusal(500, { errorType: 'UnknownError' }, 'The directory cannot be written.');
