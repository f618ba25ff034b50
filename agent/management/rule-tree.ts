// The frozen template of all devices: the rules of every CSP as one tree by path, built once per thread. It answers which rule
// holds for an address, and knows nothing of any device.
import { LIMITS } from '../../kernel/limits.ts';
import { assert } from '../../kernel/result.ts';
import { CSPS } from './csp/catalog.ts';
import { parseLocUri } from './loc-uri.ts';
import type { LocUri, Scope } from './loc-uri.ts';
import type { NodeRule } from './node-rule.ts';
import { keepString } from './string-pool.ts';

export interface RuleNode {
  /** Children with a name of their own. */
  readonly named: ReadonlyMap<string, RuleNode>;
  /** The child that stands for any other name. */
  readonly wildcard: RuleNode | undefined;
  /** Undefined for a node that only holds others. */
  readonly rule: NodeRule | undefined;
}

/** Where an address leads: the rule's node, and what stands at its wildcards. */
export interface RuleMatch {
  readonly node: RuleNode;
  readonly names: readonly string[];
  /** The wildcards on the way, with the number of segments up to and including each. */
  readonly wildcards: readonly { readonly node: RuleNode; readonly length: number }[];
}

interface Growing {
  named: Map<string, Growing>;
  wildcard: Growing | undefined;
  rule: NodeRule | undefined;
}

function grow(scope: Scope): RuleNode {
  const root: Growing = empty();
  for (const csp of Object.values(CSPS)) {
    for (const [path, rule] of Object.entries(csp[scope] ?? {})) {
      let node = root;
      for (const segment of `${csp.root}/${path}`.split('/')) node = step(node, segment);
      assert(node.rule === undefined, `two rules for ${csp.root}/${path}`);
      node.rule = rule;
    }
  }
  return root;
}

function empty(): Growing {
  return { named: new Map(), wildcard: undefined, rule: undefined };
}

function step(node: Growing, segment: string): Growing {
  if (segment === '*') return (node.wildcard ??= empty());
  let child = node.named.get(segment);
  if (child === undefined) {
    child = empty();
    node.named.set(segment, child);
  }
  return child;
}

const ROOTS: Record<Scope, RuleNode> = { device: grow('device'), user: grow('user') };

const NOTHING: readonly never[] = [];

/** An address with what the rules say about it. */
export interface Resolved {
  readonly uri: LocUri;
  readonly match: RuleMatch | undefined;
}

/** All devices of a cohort are asked for the same addresses, so an address is taken apart once. */
const remembered = new Map<string, Resolved>();

/** Undefined where the text is no LocURI. */
export function resolveAddress(address: string): Resolved | undefined {
  const known = remembered.get(address);
  if (known !== undefined) return known;
  const own = keepString(address);
  const uri = parseLocUri(own);
  if (uri === undefined) return undefined;
  const resolved = { uri, match: matchRule(uri) };
  if (remembered.size < LIMITS.resolvedAddressesMax) remembered.set(own, resolved);
  return resolved;
}

const rememberedKeys = new Map<string, Resolved>();

/** The same for a canonical key, by which the device itself reads its tree. */
export function resolveKey(key: string): Resolved {
  const known = rememberedKeys.get(key);
  if (known !== undefined) return known;
  const own = keepString(key);
  const uri: LocUri = { scope: own.startsWith('U/') ? 'user' : 'device', key: own, segments: own.slice(2).split('/') };
  const resolved = { uri, match: matchRule(uri) };
  if (rememberedKeys.size < LIMITS.resolvedAddressesMax) rememberedKeys.set(own, resolved);
  return resolved;
}

function matchRule(uri: LocUri): RuleMatch | undefined {
  let node: RuleNode | undefined = ROOTS[uri.scope];
  let names: string[] | undefined;
  let wildcards: { node: RuleNode; length: number }[] | undefined;
  for (let i = 0; i < uri.segments.length; i++) {
    const segment = uri.segments[i]!;
    const named: RuleNode | undefined = node.named.get(segment);
    if (named === undefined) {
      node = node.wildcard;
      if (node === undefined) return undefined;
      (names ??= []).push(segment);
      (wildcards ??= []).push({ node, length: i + 1 });
    } else node = named;
  }
  return { node, names: names ?? NOTHING, wildcards: wildcards ?? NOTHING };
}
