// A fault of MDM enrollment that Windows has no code for.
import { enrollmentRefusal } from './enrollment-refusal.ts';

export const enrollmentFaultUnknown = enrollmentRefusal({ subcode: 'Simulated' }, 'The server has a fault of its own.');
