// Faults of the embedded backend and the validation list, as a scenario writes them.
import { z } from 'zod';
import { FAULT_NAMES } from '../../catalog/faults.ts';
import { SERVICE_NAMES } from '../../catalog/services.ts';
import { NAME } from './text-forms.ts';
import { duration, probability, text } from './schema-values.ts';

export const faults = z
  .array(
    z.strictObject({
      fault: z.enum(FAULT_NAMES).describe('docs/faults.md lists them.'),
      rate: probability.default(1).describe('Share of devices that meet it; a device meets it always or never.'),
      cohort: text(NAME).optional().describe('Only the devices of this cohort.'),
      service: z.enum(SERVICE_NAMES).optional().describe('For a fault that can be anywhere: where it is.'),
      from: duration.prefault('0 s').describe('Real time after the start at which it begins.'),
      until: duration.optional().describe('Real time after the start at which it ends; without it, never.'),
      delay: duration.prefault('2 s').describe('For a fault that delays: how long, in real time.'),
    }),
  )
  .max(64)
  .default([])
  .describe('What goes wrong in the embedded backend.');
