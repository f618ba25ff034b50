// Looks things up in a zod schema: what stands at a path, which keys it knows, how it is titled. For error messages only.
import { globalRegistry, type z } from 'zod';

export type KeyPath = readonly (string | number)[];

type Schema = z.core.$ZodType;

/** All schemas that a value at the path may have to satisfy: every option of a union, and what wrappers wrap. */
export function schemasAt(root: Schema, path: KeyPath): Schema[] {
  let here = unwrap(root);
  for (const key of path) {
    here = here.flatMap((schema) => {
      const def = (schema as z.core.$ZodTypes)._zod.def;
      if (def.type === 'array') return unwrap(def.element);
      if (def.type === 'record') return unwrap(def.valueType);
      if (def.type !== 'object') return [];
      const value = Object.hasOwn(def.shape, key) ? def.shape[String(key)] : undefined;
      return value === undefined ? [] : unwrap(value);
    });
  }
  return here;
}

/** The schema and, before it, everything that it wraps or chooses from, outermost first. */
function unwrap(schema: Schema): Schema[] {
  const def = (schema as z.core.$ZodTypes)._zod.def;
  if (def.type === 'pipe') return [schema, ...unwrap(def.in)];
  if (def.type === 'union') return [schema, ...def.options.flatMap(unwrap)];
  const wraps = def.type === 'optional' || def.type === 'default' || def.type === 'prefault';
  return wraps ? [schema, ...unwrap(def.innerType)] : [schema];
}

export function keysOf(schemas: readonly Schema[]): string[] {
  return schemas.flatMap((schema) => {
    const def = (schema as z.core.$ZodTypes)._zod.def;
    return def.type === 'object' ? Object.keys(def.shape) : [];
  });
}

/** Completes "must be ..."; the outermost title counts. */
export function titleOf(schemas: readonly Schema[]): string | undefined {
  return metaOf(schemas)?.title;
}

export function examplesOf(schemas: readonly Schema[]): readonly string[] {
  const examples = metaOf(schemas)?.['examples'];
  return Array.isArray(examples) ? examples.map(String) : [];
}

function metaOf(schemas: readonly Schema[]): z.core.GlobalMeta | undefined {
  return schemas.map((schema) => globalRegistry.get(schema)).find((meta) => meta?.title !== undefined);
}
