// Runs the commands of one server message on the tree and answers them: a Status for each, Results for what was read. Atomic is all
// or nothing. Source: OMA-TS-DM_Protocol-V1_2_1, [MS-MDM] 3.1.5, "OMA DM protocol support".
import { never } from '../../kernel/result.ts';
import { ELEMENT_NAMES, isRequest, STATUS } from '../../protocol/management/syncml.ts';
import type {
  Command,
  GroupCommand,
  Item,
  RequestCommand,
  StatusCommand,
  TreeCommand,
} from '../../protocol/management/syncml.ts';
import type { LargeObject } from './large-object.ts';
import type { Answer, ManagementTree } from './tree.ts';

/** HRESULTs that Windows gives beside a Status (observed). */
const ORIGINAL_ERRORS: Readonly<Record<number, string>> = {
  [STATUS.notFound]: '0x86000002',
  [STATUS.commandFailed]: '0x800710DF',
};

type Reply = Command & { readonly kind: 'status' | 'results' };

export class CommandRunner {
  readonly #tree: ManagementTree;
  readonly #msgRef: number;
  readonly #largeObject: LargeObject;
  readonly #nextId: () => string;
  readonly #statuses: StatusCommand[] = [];
  readonly #results: Reply[] = [];

  /** `msgRef` is the MsgID of the server's message; `nextId` gives the CmdIDs of the answer. */
  constructor(tree: ManagementTree, msgRef: number, largeObject: LargeObject, nextId: () => string) {
    this.#tree = tree;
    this.#msgRef = msgRef;
    this.#largeObject = largeObject;
    this.#nextId = nextId;
  }

  /** The answers so far: statuses in the order of the commands, then what was read. */
  get replies(): readonly Reply[] {
    return [...this.#statuses, ...this.#results];
  }

  status(cmdRef: string, cmd: string, code: number): void {
    this.#statuses.push({
      kind: 'status',
      cmdId: this.#nextId(),
      msgRef: this.#msgRef,
      cmdRef,
      cmd,
      code,
      originalError: ORIGINAL_ERRORS[code],
    });
  }

  run(command: RequestCommand): void {
    switch (command.kind) {
      case 'atomic':
        if (command.cmdId === '') this.#answer(command, STATUS.badRequest);
        else this.#runAtomic(command);
        break;
      case 'sequence':
        this.#answer(command, command.cmdId === '' ? STATUS.badRequest : STATUS.ok);
        for (const child of command.commands) if (isRequest(child)) this.run(child);
        break;
      case 'alert':
        // A server's alerts (1222, text to show) ask nothing of a device without a person; they are taken.
        this.#answer(command, command.cmdId === '' ? STATUS.badRequest : STATUS.ok);
        break;
      case 'get':
      case 'add':
      case 'replace':
      case 'delete':
      case 'exec':
        this.#answer(command, this.#perform(command));
        break;
      default:
        never(command);
    }
  }

  #answer(command: RequestCommand, code: number): void {
    this.status(command.cmdId, ELEMENT_NAMES[command.kind], code);
  }

  /** The Status of a command: of its items the first that failed, else the last. */
  #perform(command: TreeCommand): number {
    if (command.cmdId === '' || command.items.length === 0) return STATUS.badRequest;
    let code: number = STATUS.ok;
    const found: Item[] = [];
    for (const item of command.items) {
      const answer = this.#performItem(command.kind, item);
      if (answer.value !== undefined) found.push(resultItem(item, answer));
      if (code < 300) code = answer.status;
    }
    if (found.length > 0) {
      this.#results.push({
        kind: 'results',
        cmdId: this.#nextId(),
        msgRef: this.#msgRef,
        cmdRef: command.cmdId,
        items: found,
      });
    }
    return code;
  }

  #performItem(kind: TreeCommand['kind'], sent: Item): Answer {
    const item = this.#largeObject.join(sent);
    if (typeof item === 'number') return { status: item };
    const { target } = item;
    if (target === undefined) return { status: STATUS.badRequest };
    const value = { data: item.data ?? '', format: item.format };
    switch (kind) {
      case 'get':
        return this.#tree.get(target);
      case 'add':
        return this.#tree.add(target, value);
      case 'replace':
        return this.#tree.replace(target, value);
      case 'delete':
        return this.#tree.delete(target);
      case 'exec':
        return this.#tree.execute(target, value.data);
      default:
        return never(kind);
    }
  }

  /**
   * All or nothing. What failed keeps its own code, what was done before it is rolled back (216; 516 for an Exec, which has
   * begun and goes on), what comes after is not begun (215), and the Atomic itself is 507. A Get or another Atomic inside is refused with 500.
   */
  #runAtomic(atomic: GroupCommand): void {
    const children = atomic.commands.filter(isRequest);
    const codes: number[] = [];
    this.#tree.begin();
    for (const child of children) {
      const code = this.#performInAtomic(child);
      codes.push(code);
      if (code >= 300) break;
    }
    const failedAt = codes.findIndex((code) => code >= 300);
    if (failedAt < 0) this.#tree.commit();
    else this.#tree.rollBack();
    this.#answer(atomic, failedAt < 0 ? STATUS.ok : STATUS.atomicFailed);
    for (const [i, child] of children.entries()) {
      let code = codes[i] ?? STATUS.notExecuted;
      if (i < failedAt) code = child.kind === 'exec' ? STATUS.rollBackFailed : STATUS.rolledBack;
      this.#answer(child, code);
    }
  }

  #performInAtomic(child: RequestCommand): number {
    switch (child.kind) {
      case 'alert':
        return STATUS.ok;
      case 'get':
      case 'atomic':
      case 'sequence':
        return STATUS.commandFailed;
      case 'add':
      case 'replace':
      case 'delete':
      case 'exec':
        return this.#perform(child);
      default:
        return never(child);
    }
  }
}

function resultItem(item: Item, answer: Answer): Item {
  return { source: item.target, format: answer.format, type: 'text/plain', data: answer.value };
}
