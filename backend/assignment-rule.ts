// Membership rules of dynamic device groups, as far as Autopilot uses them: conditions on devicePhysicalIds (flow.md 0.3), joined
// by -and, -or, -not. Names, operators and values are compared without regard to case, as Entra does: everything in lower case.
import { malformed, ok } from '../kernel/result.ts';
import type { Result } from '../kernel/result.ts';

/** Whether a device object with these physical ids, in lower case, is a member. */
export type MembershipRule = (physicalIds: readonly string[]) => boolean;

type Condition = (id: string, value: string) => boolean;

const OPERATORS: Readonly<Record<string, Condition>> = {
  '-eq': (id, value) => id === value,
  '-ne': (id, value) => id !== value,
  '-startswith': (id, value) => id.startsWith(value),
  '-notstartswith': (id, value) => !id.startsWith(value),
  '-endswith': (id, value) => id.endsWith(value),
  '-notendswith': (id, value) => !id.endsWith(value),
  '-contains': (id, value) => id.includes(value),
  '-notcontains': (id, value) => !id.includes(value),
};
const PROPERTY = 'device.devicephysicalids';

/** A string, a parenthesis, or a word. */
const TOKEN = /\s*("[^"]*"|[()]|[^\s()"]+)/y;

/** Deeper parentheses than anybody writes. */
const DEPTH_MAX = 16;

/**
 * Reads a rule. Both documented forms are taken: `(device.devicePhysicalIds -any (_ -eq "..."))` and the older one without the
 * inner parentheses. -and binds tighter than -or.
 */
export function parseMembershipRule(text: string): Result<MembershipRule> {
  const tokens = tokenize(text);
  if (!tokens.ok) return tokens;
  const reader = new RuleReader(tokens.value, text.length);
  const rule = reader.either(0);
  if (!rule.ok) return rule;
  return reader.atEnd() ? rule : reader.unexpected();
}

interface Token {
  readonly text: string;
  readonly offset: number;
}

function tokenize(text: string): Result<readonly Token[]> {
  const tokens: Token[] = [];
  for (TOKEN.lastIndex = 0; ;) {
    const at = TOKEN.lastIndex;
    const found = TOKEN.exec(text);
    if (found !== null) tokens.push({ text: found[1]!, offset: TOKEN.lastIndex - found[1]!.length });
    else return text.slice(at).trim() === '' ? ok(tokens) : malformed(at, 'a string has no end');
  }
}

class RuleReader {
  readonly #tokens: readonly Token[];
  readonly #end: number;
  #next = 0;

  constructor(tokens: readonly Token[], end: number) {
    this.#tokens = tokens;
    this.#end = end;
  }

  atEnd(): boolean {
    return this.#next === this.#tokens.length;
  }

  unexpected(): ReturnType<typeof malformed> {
    const token = this.#tokens[this.#next];
    if (token === undefined) return malformed(this.#end, 'the rule ends too soon');
    return malformed(token.offset, `${token.text} is not understood here`);
  }

  either(depth: number): Result<MembershipRule> {
    const first = this.#both(depth);
    if (!first.ok || !this.#takes('-or')) return first;
    const rest = this.either(depth);
    return rest.ok ? ok((ids) => first.value(ids) || rest.value(ids)) : rest;
  }

  #both(depth: number): Result<MembershipRule> {
    const first = this.#one(depth);
    if (!first.ok || !this.#takes('-and')) return first;
    const rest = this.#both(depth);
    return rest.ok ? ok((ids) => first.value(ids) && rest.value(ids)) : rest;
  }

  #one(depth: number): Result<MembershipRule> {
    if (depth > DEPTH_MAX) return this.unexpected();
    if (this.#takes('-not')) {
      const negated = this.#one(depth + 1);
      return negated.ok ? ok((ids) => !negated.value(ids)) : negated;
    }
    if (!this.#takes('(')) return this.#condition();
    const inner = this.either(depth + 1);
    if (!inner.ok) return inner;
    return this.#takes(')') ? inner : this.unexpected();
  }

  /** `device.devicePhysicalIds -any (_ -eq "value")`, or -all. */
  #condition(): Result<MembershipRule> {
    if (!this.#takes(PROPERTY)) return this.unexpected();
    const any = this.#takes('-any');
    if (!any && !this.#takes('-all')) return this.unexpected();
    const inParentheses = this.#takes('(');
    if (!this.#takes('_')) return this.unexpected();
    const operator = OPERATORS[this.#word()];
    if (operator === undefined) return this.unexpected();
    this.#next++;
    const value = this.#word();
    if (!value.startsWith('"')) return this.unexpected();
    this.#next++;
    if (inParentheses && !this.#takes(')')) return this.unexpected();
    const wanted = value.slice(1, -1);
    const holds = (id: string): boolean => operator(id, wanted);
    return ok(any ? (ids) => ids.some(holds) : (ids) => ids.every(holds));
  }

  #word(): string {
    return this.#tokens[this.#next]?.text.toLowerCase() ?? '';
  }

  #takes(word: string): boolean {
    if (this.#word() !== word) return false;
    this.#next++;
    return true;
  }
}
