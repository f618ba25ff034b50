// Finds the handler of a path. Paths match without regard to case, as the services that we stand in for do; a path that is
// known under another method answers 405 and says which.
import { errorReply } from './message.ts';
import type { Reply, Route, UnroutedRequest } from './message.ts';

interface CompiledRoute extends Pick<Route, 'method' | 'when' | 'handle'> {
  readonly segments: readonly string[];
}

const NOTHING_HERE = errorReply(404, 'NotFound', 'There is nothing at this path.');
const NO_PARAMETERS: Readonly<Record<string, string>> = Object.freeze({});

export class Router {
  readonly #exact = new Map<string, CompiledRoute[]>();
  readonly #patterns: CompiledRoute[] = [];

  readonly #otherwise: Reply;

  /** `otherwise` answers where no route matches. */
  constructor(routes: readonly Route[], otherwise: Reply = NOTHING_HERE) {
    this.#otherwise = otherwise;
    for (const { path, ...rest } of routes) {
      const segments = splitPath(path).map((segment) => (segment.startsWith(':') ? segment : segment.toLowerCase()));
      const route: CompiledRoute = { ...rest, segments };
      if (segments.some((segment) => segment.startsWith(':'))) this.#patterns.push(route);
      else {
        const key = segments.join('/');
        this.#exact.set(key, [...(this.#exact.get(key) ?? []), route]);
      }
    }
  }

  handle(request: UnroutedRequest): Reply {
    const sent = splitPath(request.path);
    const method = request.method === 'HEAD' ? 'GET' : request.method;
    const allowed = new Set<string>();
    for (const route of this.#exact.get(sent.join('/').toLowerCase()) ?? []) {
      if (takes(route, method, request)) return route.handle({ ...request, parameters: NO_PARAMETERS });
      allowed.add(route.method);
    }
    for (const route of this.#patterns) {
      const parameters = matchSegments(route.segments, sent);
      if (parameters === undefined) continue;
      if (takes(route, method, request)) return route.handle({ ...request, parameters });
      allowed.add(route.method);
    }
    if (allowed.size === 0) return this.#otherwise;
    if (allowed.has('GET')) allowed.add('HEAD');
    return errorReply(405, 'MethodNotAllowed', `This path takes ${[...allowed].join(', ')}.`, {
      allow: [...allowed].join(', '),
    });
  }
}

function takes(route: CompiledRoute, method: string, request: UnroutedRequest): boolean {
  return route.method === method && route.when?.(request) !== false;
}

/** Segments of a path, leading and trailing slashes ignored. */
function splitPath(path: string): string[] {
  let start = 0;
  let end = path.length;
  while (start < end && path[start] === '/') start++;
  while (end > start && path[end - 1] === '/') end--;
  return start === end ? [] : path.slice(start, end).split('/');
}

function matchSegments(pattern: readonly string[], sent: readonly string[]): Record<string, string> | undefined {
  if (pattern.length !== sent.length) return undefined;
  const parameters: Record<string, string> = {};
  for (const [index, segment] of pattern.entries()) {
    const value = sent[index]!;
    if (!segment.startsWith(':')) {
      if (segment !== value.toLowerCase()) return undefined;
      continue;
    }
    const decoded = decodeSegment(value);
    if (decoded === undefined) return undefined;
    parameters[segment.slice(1)] = decoded;
  }
  return parameters;
}

function decodeSegment(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
