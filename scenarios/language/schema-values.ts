// The values that keys of a scenario take: quantities with units, shares, times. Titles and examples are what error messages
// quote.
import { z } from 'zod';
import type { Distribution } from '../../kernel/distribution.ts';
import { LIMITS } from '../../kernel/limits.ts';
import { DURATION, PERCENT, readQuantity, SIZE, type Quantity } from './quantities.ts';
import type { TextForm } from './text-forms.ts';

export function quantity(kind: Quantity, min: number, max: number) {
  return z
    .string()
    .regex(kind.pattern)
    .meta({ title: kind.title, examples: [...kind.examples] })
    .transform((text) => readQuantity(kind, text)!)
    .refine((value) => value >= min && value <= max, {
      error: `must be between ${kind.format(min)} and ${kind.format(max)}.`,
    });
}

export function text(form: TextForm) {
  return z
    .string()
    .regex(form.pattern)
    .meta({ title: form.title, examples: [...form.examples] });
}

/** An object with these keys, each optional: unlike a record, it lets an editor complete the keys. */
export function byName<Name extends string, Value extends z.ZodType>(
  names: readonly Name[],
  value: Value,
): z.ZodObject<Record<Name, z.ZodOptional<Value>>, z.core.$strict> {
  const shape = Object.fromEntries(names.map((name) => [name, value.optional()]));
  return z.strictObject(shape as Record<Name, z.ZodOptional<Value>>);
}

export const duration = quantity(DURATION, 0, LIMITS.waitMsMax);
const positiveDuration = quantity(DURATION, 1, LIMITS.waitMsMax);
export const size = quantity(SIZE, 0, LIMITS.contentBytesMax);
export const freeText = z.string().max(LIMITS.textCharactersMax);

export const probability = z
  .union([quantity(PERCENT, 0, 1), z.number().min(0).max(1)])
  .meta({ id: 'probability', title: 'a probability', examples: ['1%', '0.01'] });
export const share = z
  .union([quantity(PERCENT, 0.000001, 1), z.number().gt(0).max(1_000_000)])
  .meta({ id: 'share', title: 'a share, as a percentage or a relative weight', examples: ['60%', '3'] });

const distributionForms = [
  duration.transform((ms): Distribution => ({ kind: 'constant', ms })),
  z
    .strictObject({ median: positiveDuration, p95: positiveDuration })
    .refine((form) => form.p95 >= form.median, { path: ['p95'], error: 'must not be below `median`.' })
    .transform((form): Distribution => ({ kind: 'lognormal', medianMs: form.median, p95Ms: form.p95 })),
  z
    .strictObject({ min: duration, max: duration })
    .refine((form) => form.max >= form.min, { path: ['max'], error: 'must not be below `min`.' })
    .transform((form): Distribution => ({ kind: 'uniform', minMs: form.min, maxMs: form.max })),
  z.strictObject({ mean: duration }).transform((form): Distribution => ({ kind: 'exponential', meanMs: form.mean })),
] as const;

const DISTRIBUTION_TITLE = 'a time: a constant, `{ median, p95 }` (lognormal), `{ min, max }` or `{ mean }`';
export const distribution = z
  .union(distributionForms)
  .meta({ id: 'time', title: DISTRIBUTION_TITLE, examples: ['20 s', '{ median: 20 s, p95: 1 min }'] });

/** One time for every name, or a time for each name that is mentioned. */
export function timesByName<Name extends string>(names: readonly Name[]) {
  return z
    .union([...distributionForms, byName(names, distribution)])
    .transform((times): Partial<Record<Name, Distribution>> =>
      'kind' in times
        ? (Object.fromEntries(names.map((name) => [name, times])) as Record<Name, Distribution>)
        : (times as Partial<Record<Name, Distribution>>),
    );
}
