// The directory does not have what the join refers to: event 204 (entra-join.md 4.2).
import { joinRefusal } from './join-refusal.ts';

export const directoryObjectMissing = joinRefusal(
  400,
  { errorType: 'DirectoryError' },
  'The public key user certificate is not found on the device object.',
);
