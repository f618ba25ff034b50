// A node's address (LocURI) in one form: scope and percent-decoded segments, so that "./Vendor/MSFT/X", "./Device/Vendor/MSFT/X"
// and differently encoded spellings are one node. Source: [MS-MDM], "OMA DM protocol support": "./" first, never "/".

export type Scope = 'device' | 'user';

export interface LocUri {
  readonly scope: Scope;
  /** Canonical key of the node: "D/Vendor/MSFT/..." or "U/...", segments decoded. */
  readonly key: string;
  readonly segments: readonly string[];
}

/** The canonical address, or undefined where the text is not a LocURI. */
export function parseLocUri(text: string): LocUri | undefined {
  if (text !== '.' && !text.startsWith('./')) return undefined;
  const segments = text.slice(2).split('/');
  if (segments.at(-1) === '') segments.pop();
  const scope: Scope = segments[0] === 'User' ? 'user' : 'device';
  if (segments[0] === 'User' || segments[0] === 'Device') segments.shift();
  if (text.includes('%')) {
    for (let i = 0; i < segments.length; i++) {
      const decoded = decode(segments[i]!);
      if (decoded === undefined) return undefined;
      segments[i] = decoded;
    }
  }
  if (segments.includes('')) return undefined;
  return { scope, key: keyOf(scope, segments), segments };
}

export function keyOf(scope: Scope, segments: readonly string[]): string {
  return `${scope === 'user' ? 'U' : 'D'}/${segments.join('/')}`;
}

/** A name as it stands between slashes. */
export function encodeSegment(name: string): string {
  return encodeURIComponent(name).replaceAll('%252F', '%2F');
}

function decode(segment: string): string | undefined {
  try {
    // A slash within a name stays encoded: it must not become a step of the path.
    return decodeURIComponent(segment.replaceAll(/%2[Ff]/g, '%252F'));
  } catch {
    return undefined;
  }
}
