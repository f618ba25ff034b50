// A management message of the server with something else in it. The number of its commands must stay: the server wants a Status for
// each one that it sent, and for no other.
import { parseSyncml, writeSyncml } from '../../protocol/management/syncml.ts';
import type { Command, Item, SyncmlMessage } from '../../protocol/management/syncml.ts';
import type { Reply } from '../http/message.ts';

export function changedSyncml(
  reply: Reply,
  change: (message: SyncmlMessage) => SyncmlMessage | undefined,
): Reply | undefined {
  if (reply.status !== 200 || typeof reply.body !== 'string') return undefined;
  const message = parseSyncml(reply.body);
  const changed = message.ok ? change(message.value) : undefined;
  return changed && { ...reply, body: writeSyncml(changed) };
}

/** With other items of commands, at whatever depth; undefined where `change` has something to say to none. */
export function changedItems(
  message: SyncmlMessage,
  change: (item: Item) => readonly Item[] | undefined,
): SyncmlMessage | undefined {
  let changes = 0;
  const changed = (command: Command): Command => {
    if ('commands' in command) return { ...command, commands: command.commands.map(changed) };
    if (command.kind === 'status' || command.kind === 'results' || command.kind === 'alert') return command;
    const items = command.items.flatMap((item) => {
      const others = change(item);
      if (others !== undefined) changes++;
      return others ?? [item];
    });
    return { ...command, items };
  };
  const commands = message.commands.map(changed);
  return changes === 0 ? undefined : { ...message, commands };
}
