// The device object that registration made was deleted from the directory (entra-join.md 4.2).
import { joinRefusal } from './join-refusal.ts';

export const deviceObjectMissing = joinRefusal(
  400,
  'DirectoryError',
  'The device object by the given id is not found (SIMULATED).',
);
