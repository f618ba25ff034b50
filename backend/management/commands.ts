// Small makers of server commands. CmdIDs are given when a round is complete, so makers leave them open.
import type { GroupCommand, Item, RequestCommand, TreeCommand } from '../../protocol/management/syncml.ts';

/** Where a phase's nodes stand. */
export type Scope = 'device' | 'user';

export const PREFIX: Record<Scope, string> = { device: './Device', user: './User' };

export function get(...addresses: readonly string[]): TreeCommand {
  return { kind: 'get', cmdId: '', items: addresses.map((target) => ({ target })) };
}

export function add(target: string, format: string, data: string): TreeCommand {
  return { kind: 'add', cmdId: '', items: [item(target, format, data)] };
}

export function replace(target: string, format: string, data: string): TreeCommand {
  return { kind: 'replace', cmdId: '', items: [item(target, format, data)] };
}

/** Adds a node without a value yet. */
export function addEmpty(target: string): TreeCommand {
  return { kind: 'add', cmdId: '', items: [{ target }] };
}

export function remove(target: string): TreeCommand {
  return { kind: 'delete', cmdId: '', items: [{ target }] };
}

export function execute(target: string, format: string, data: string): TreeCommand {
  return { kind: 'exec', cmdId: '', items: [item(target, format, data)] };
}

export function atomic(commands: readonly RequestCommand[]): GroupCommand {
  return { kind: 'atomic', cmdId: '', commands };
}

export function sequence(commands: readonly RequestCommand[]): GroupCommand {
  return { kind: 'sequence', cmdId: '', commands };
}

function item(target: string, format: string, data: string): Item {
  return { target, format, type: 'text/plain', data };
}

/** A list in pieces of at most `size`. */
export function inPieces<T>(list: readonly T[], size: number): T[][] {
  const pieces: T[][] = [];
  for (let i = 0; i < list.length; i += size) pieces.push(list.slice(i, i + size));
  return pieces;
}
