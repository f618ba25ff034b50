// The management tree of one device: the rules that all devices share, and a small overlay of what this device's server or the
// device itself has set. It answers single commands by Status codes as Windows does; messages, Atomic and sessions are above it.
import { LIMITS } from '../../kernel/limits.ts';
import { assert } from '../../kernel/result.ts';
import { STATUS } from '../../protocol/management/syncml.ts';
import type { DeviceFacts } from './device-facts.ts';
import type { InstallJob } from './jobs.ts';
import { encodeSegment, keyOf } from './loc-uri.ts';
import type { LocUri } from './loc-uri.ts';
import { ADD, DELETE, EXEC, GET, REPLACE } from './node-rule.ts';
import type { NodeContext, NodeRule } from './node-rule.ts';
import { resolveAddress, resolveKey } from './rule-tree.ts';
import type { RuleMatch } from './rule-tree.ts';
import { keepString, ownString } from './string-pool.ts';
import { fitsFormat, formatOf } from './value-format.ts';

/** What a command comes to: its Status and, for Get, the value. */
export interface Answer {
  readonly status: number;
  readonly value?: string;
  readonly format?: string;
}

export interface NewValue {
  readonly data: string;
  /** Meta/Format as the server gave it. */
  readonly format: string | undefined;
}

interface Place {
  readonly uri: LocUri;
  readonly match: RuleMatch;
  readonly context: NodeContext;
}

const NOT_FOUND: Answer = { status: STATUS.notFound };
const NOT_ALLOWED: Answer = { status: STATUS.notAllowed };
const OK: Answer = { status: STATUS.ok };
/** What stands for a node that holds others. */
const INTERIOR = '';

export class ManagementTree {
  readonly facts: DeviceFacts;
  /** Installs that were ordered and not yet taken. */
  readonly jobs: InstallJob[] = [];
  /** ./User nodes are reachable: the account phase has begun and the user has an MDM context. */
  userContext = false;
  /** A setting was made that takes effect only with a restart. */
  restartPending = false;
  readonly #values = new Map<string, string>();
  #characters = 0;
  /** Values before the running Atomic, newest last; undefined where none runs. */
  #undo: { key: string; before: string | undefined }[] | undefined;
  #restartPendingBefore = false;

  constructor(facts: DeviceFacts) {
    this.facts = facts;
  }

  /** Nodes of the overlay. */
  get size(): number {
    return this.#values.size;
  }

  get(address: string): Answer {
    const place = this.#locate(address);
    if ('status' in place) return place;
    const { rule } = place.match.node;
    if (rule !== undefined && (rule.access & GET) === 0) return NOT_ALLOWED;
    if (isInterior(place.match)) {
      if (!this.#instancesExist(place)) return missing(rule);
      const names = this.#childNames(place).map(encodeSegment);
      return { status: STATUS.ok, value: names.join('/'), format: 'node' };
    }
    const value = this.#value(place);
    if (value === undefined) return missing(rule);
    return { status: STATUS.ok, value, format: formatOf(rule!.format, value) };
  }

  add(address: string, value: NewValue): Answer {
    const place = this.#locate(address);
    if ('status' in place) return place;
    const { rule } = place.match.node;
    if (rule === undefined || (rule.access & ADD) === 0) return NOT_ALLOWED;
    // A node with a default can be added as long as nobody has set it.
    if (isInterior(place.match) ? this.#instancesExist(place) : this.#values.has(place.uri.key)) {
      return { status: STATUS.alreadyExists };
    }
    return this.#store(place, rule, value, undefined);
  }

  replace(address: string, value: NewValue): Answer {
    const place = this.#locate(address);
    if ('status' in place) return place;
    const { rule } = place.match.node;
    if (rule === undefined || (rule.access & REPLACE) === 0) return NOT_ALLOWED;
    const before = this.#value(place);
    if (before === undefined && rule.replaceAdds !== true) return NOT_FOUND;
    return this.#store(place, rule, value, before);
  }

  delete(address: string): Answer {
    const place = this.#locate(address);
    if ('status' in place) return place;
    const { rule } = place.match.node;
    if (rule === undefined || (rule.access & DELETE) === 0) return NOT_ALLOWED;
    const { key } = place.uri;
    if (!this.#exists(place)) return NOT_FOUND;
    for (const other of this.#values.keys()) {
      if (other === key || other.startsWith(`${key}/`)) this.#put(other, undefined);
    }
    return OK;
  }

  execute(address: string, data: string): Answer {
    const place = this.#locate(address);
    if ('status' in place) return place;
    const { rule } = place.match.node;
    if (rule === undefined || (rule.access & EXEC) === 0) return NOT_ALLOWED;
    if (!this.#exists(place)) return NOT_FOUND;
    assert(rule.execute !== undefined, `${place.uri.key} has the right Exec and no execution`);
    return { status: rule.execute(data, place.context) };
  }

  /** The value of a node by canonical key, whatever its access; undefined where it is missing. For the device itself. */
  read(key: string): string | undefined {
    const place = this.#placeOf(key);
    if (place === undefined) return undefined;
    if (isInterior(place.match)) return this.#instancesExist(place) ? INTERIOR : undefined;
    return this.#value(place);
  }

  /** Sets a node by canonical key, whatever its access. For the device itself. */
  write(key: string, value: string): void {
    this.#put(key, keepString(value));
  }

  /** Names below a node by canonical key. */
  childNames(key: string): readonly string[] {
    const place = this.#placeOf(key);
    return place === undefined || !this.#instancesExist(place) ? [] : this.#childNames(place);
  }

  /** Notes work for the device; false where it has too much already. */
  order(job: InstallJob): boolean {
    if (this.jobs.length >= LIMITS.installJobsMax) return false;
    const { contentUrl, fileHash } = job;
    this.jobs.push({
      ...job,
      id: keepString(job.id),
      node: keepString(job.node),
      contentUrl: contentUrl === undefined ? undefined : keepString(contentUrl),
      fileHash: fileHash === undefined ? undefined : keepString(fileHash),
    });
    return true;
  }

  /** From here on changes can be undone together. */
  begin(): void {
    assert(this.#undo === undefined, 'an Atomic within an Atomic');
    this.#undo = [];
    this.#restartPendingBefore = this.restartPending;
  }

  commit(): void {
    this.#undo = undefined;
  }

  rollBack(): void {
    const undo = this.#undo ?? [];
    this.#undo = undefined;
    for (const { key, before } of undo.toReversed()) this.#put(key, before);
    this.restartPending = this.#restartPendingBefore;
  }

  /** The place of an address, or the Status that refuses it. */
  #locate(address: string): Place | Answer {
    if (address.includes('?')) return { status: STATUS.unsupported };
    const resolved = resolveAddress(address);
    if (resolved === undefined) return { status: STATUS.badRequest };
    const { uri, match } = resolved;
    if (uri.scope === 'user' && !this.userContext) return NOT_ALLOWED;
    if (match === undefined) return NOT_FOUND;
    const place = this.#place(uri, match);
    for (const { node, length } of place.match.wildcards) {
      const status = node.rule?.whenAbsent;
      if (status !== undefined && !this.#isInstance(uri, node.rule, length)) return { status };
    }
    return place;
  }

  #placeOf(key: string): Place | undefined {
    const { uri, match } = resolveKey(key);
    return match === undefined ? undefined : this.#place(uri, match);
  }

  #place(uri: LocUri, match: RuleMatch): Place {
    return { uri, match, context: { tree: this, scope: uri.scope, key: uri.key, names: match.names } };
  }

  #exists(place: Place): boolean {
    return isInterior(place.match) ? this.#instancesExist(place) : this.#value(place) !== undefined;
  }

  #value(place: Place): string | undefined {
    const stored = this.#values.get(place.uri.key);
    if (stored !== undefined || place.match.node.rule?.value === undefined) return stored;
    return this.#instancesExist(place) ? place.match.node.rule.value(this.facts, place.context) : undefined;
  }

  /** Whether everything that the server or the template must have named on the way is there. */
  #instancesExist(place: Place): boolean {
    return place.match.wildcards.every(({ node, length }) => {
      const leaf = length === place.uri.segments.length && node.rule !== undefined && node.rule.format !== 'node';
      return leaf || this.#isInstance(place.uri, node.rule, length);
    });
  }

  #isInstance(uri: LocUri, rule: NodeRule | undefined, length: number): boolean {
    const named = rule?.instances;
    if (named === 'any' || named?.(this.facts).includes(uri.segments[length - 1]!) === true) return true;
    return this.#values.has(keyOf(uri.scope, uri.segments.slice(0, length)));
  }

  #store(place: Place, rule: NodeRule, value: NewValue, before: string | undefined): Answer {
    if (!fitsFormat(rule.format, value)) return { status: STATUS.unsupportedFormat };
    const refusal = rule.refuses?.(value.data, before, place.context);
    if (refusal !== undefined) return { status: refusal };
    if (this.#values.size >= LIMITS.treeNodesMax || this.#characters + value.data.length > LIMITS.treeCharactersMax) {
      return { status: STATUS.deviceFull };
    }
    // Add creates the nodes above it; a wildcard that nobody may add to has to be there.
    for (const { node, length } of place.match.wildcards) {
      if (length === place.uri.segments.length || this.#isInstance(place.uri, node.rule, length)) continue;
      if (((node.rule?.access ?? 0) & ADD) === 0) return NOT_FOUND;
      this.#put(keyOf(place.uri.scope, place.uri.segments.slice(0, length)), INTERIOR);
    }
    const keep = rule.own === true ? ownString : keepString;
    this.#put(place.uri.key, rule.format === 'node' ? INTERIOR : keep(value.data));
    rule.whenSet?.(value.data, place.context);
    return OK;
  }

  #put(key: string, value: string | undefined): void {
    const before = this.#values.get(key);
    this.#undo?.push({ key, before });
    this.#characters += (value?.length ?? 0) - (before?.length ?? 0);
    if (value === undefined) this.#values.delete(key);
    else if (before === undefined) this.#values.set(keepString(key), value);
    else this.#values.set(key, value);
  }

  #childNames(place: Place): string[] {
    const { node } = place.match;
    const names = new Set<string>();
    for (const [name, child] of node.named) {
      const key = `${place.uri.key}/${name}`;
      const there = child.rule === undefined || child.rule.format === 'node' || this.#values.has(key);
      if (there || child.rule.value?.(this.facts, { ...place.context, key }) !== undefined) names.add(name);
    }
    const instances = node.wildcard?.rule?.instances;
    if (typeof instances === 'function') for (const name of instances(this.facts)) names.add(name);
    const prefix = `${place.uri.key}/`;
    for (const key of this.#values.keys()) {
      if (key.startsWith(prefix)) names.add(key.slice(prefix.length).split('/', 1)[0]!);
    }
    return [...names];
  }
}

function isInterior(match: RuleMatch): boolean {
  return match.node.rule === undefined || match.node.rule.format === 'node';
}

function missing(rule: NodeRule | undefined): Answer {
  if (rule?.valueWhenMissing === undefined) return NOT_FOUND;
  return { status: STATUS.ok, value: rule.valueWhenMissing, format: formatOf(rule.format, rule.valueWhenMissing) };
}
