// Long lists of Microsoft Graph come in pages: `value`, and a link to the next page where there is one.
import type { BackendRequest } from '../http/message.ts';

const PAGE_ENTRIES = 1_000;

export interface Page {
  readonly value: readonly object[];
  readonly '@odata.nextLink'?: string;
}

/** The entries from `$skip` on, at most one page of them. */
export function listPage<T>(
  entries: Iterable<T>,
  request: Pick<BackendRequest, 'query'>,
  url: string,
  describe: (entry: T) => object,
): Page {
  const skip = Math.max(0, Number(request.query.get('$skip') ?? 0) || 0);
  const value: object[] = [];
  let passed = 0;
  for (const entry of entries) {
    if (passed++ < skip) continue;
    if (value.length === PAGE_ENTRIES) return { value, '@odata.nextLink': `${url}?$skip=${skip + PAGE_ENTRIES}` };
    value.push(describe(entry));
  }
  return { value };
}
