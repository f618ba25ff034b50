// What a CSP says about its nodes: access, format, default, what a change means. Rules are shared by all devices and never change;
// a device keeps only what differs from them.
import type { DeviceFacts } from './device-facts.ts';
import type { Scope } from './loc-uri.ts';
import type { ManagementTree } from './tree.ts';

/** Access rights as in the AccessType of a DDF. */
export const GET = 1;
export const ADD = 2;
export const REPLACE = 4;
export const DELETE = 8;
export const EXEC = 16;

/** `any` takes whatever the server says (Policy settings are of all kinds). */
export type NodeFormat = 'chr' | 'int' | 'bool' | 'b64' | 'bin' | 'xml' | 'node' | 'null' | 'any';

/** What an effect may look at and touch. */
export interface NodeContext {
  readonly tree: ManagementTree;
  readonly scope: Scope;
  /** Canonical key of the node. */
  readonly key: string;
  /** What stands at the wildcards of the rule's path, in order. */
  readonly names: readonly string[];
}

export interface NodeRule {
  /** Rights, added up. */
  readonly access: number;
  readonly format: NodeFormat;
  /** The value of a node that nobody set; a rule without it describes a node that is not there until it is added. */
  readonly value?: (facts: DeviceFacts, context: NodeContext) => string | undefined;
  /** The value is a secret or a file of this device alone: it is kept by itself, not among the strings that trees share. */
  readonly own?: boolean;
  /** Replace creates the node too, as Policy does. */
  readonly replaceAdds?: boolean;
  /** Names that stand at this wildcard without having been added; 'any' for all. */
  readonly instances?: 'any' | ((facts: DeviceFacts) => readonly string[]);
  /** At a wildcard: the Status of anything below a name that is not there, instead of 404. */
  readonly whenAbsent?: number;
  /** The Status that refuses a value, or undefined; `before` is the value so far. */
  readonly refuses?: (value: string, before: string | undefined, context: NodeContext) => number | undefined;
  /** What follows from a value that was set. */
  readonly whenSet?: (value: string, context: NodeContext) => void;
  /** Exec: answers the Status. */
  readonly execute?: (data: string, context: NodeContext) => number;
  /** What Get answers where the node is missing, instead of 404. */
  readonly valueWhenMissing?: string;
}

/** A configuration service provider: rules by path below its root, `*` standing for any name. */
export interface Csp {
  /** Path of the root without scope, "Vendor/MSFT/DMClient". */
  readonly root: string;
  readonly device?: Readonly<Record<string, NodeRule>>;
  readonly user?: Readonly<Record<string, NodeRule>>;
}

type Value = NonNullable<NodeRule['value']>;

/** A node that can only be read. */
export function reads(format: NodeFormat, value: string | Value): NodeRule {
  return { access: GET, format, value: typeof value === 'string' ? () => value : value };
}

/** A node that is always there and can be written. */
export function setting(format: NodeFormat, value: string | Value, more: Partial<NodeRule> = {}): NodeRule {
  return { access: GET | REPLACE, format, value: typeof value === 'string' ? () => value : value, ...more };
}

/** A node that is there once it was added. */
export function addable(format: NodeFormat, more: Partial<NodeRule> = {}): NodeRule {
  return { access: GET | ADD | REPLACE | DELETE, format, ...more };
}

/** A node that is executed. */
export function executes(format: NodeFormat, execute: NonNullable<NodeRule['execute']>): NodeRule {
  return { access: EXEC | GET, format, value: () => '', execute };
}

/** The rules of a node that holds others, whose names the server chooses. */
export function instances(names: NodeRule['instances'] = () => [], more: Partial<NodeRule> = {}): NodeRule {
  return { access: GET | ADD | DELETE, format: 'node', instances: names, ...more };
}
