// The device object that registration made was deleted from the directory.
import { joinRefusal } from './join-refusal.ts';

export const deviceObjectMissing = joinRefusal(
  400,
  { errorType: 'DirectoryError', subcode: 'error_missing_device' },
  'The device object by the given id is not found.',
);
