// Where a text stops being JSON. JSON.parse tells for some mistakes and not for others, so a text that it refused is walked
// once more, token by token.
import { never } from '../../kernel/result.ts';

/** One token, after blanks (RFC 8259): punctuation, a string, a number or a name. */
const TOKEN =
  /[ \t\n\r]*(?:([{}[\],:])|("(?:[^"\\\0-\x1f]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*")|(-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null))/y; // oxlint-disable-line no-control-regex

/** What may come next. `end` closes the innermost list or object, or nothing is open. */
type Expected = 'value' | 'value or ]' | 'name' | 'name or }' | 'colon' | 'end';

/** The offset of the first token that JSON does not allow there; the length if the text just ends too soon. */
export function jsonErrorOffset(text: string): number {
  const open: ('{' | '[')[] = [];
  let expected: Expected = 'value';
  for (let at = 0; ; at = TOKEN.lastIndex) {
    TOKEN.lastIndex = at;
    const token = TOKEN.exec(text);
    if (token === null) return at + /^[ \t\n\r]*/.exec(text.slice(at))![0].length;
    const [, punctuation, string, other] = token;
    const next = step(expected, punctuation, string !== undefined, open);
    if (next === undefined) return TOKEN.lastIndex - (punctuation ?? string ?? other ?? '').length;
    expected = next;
  }
}

function step(
  expected: Expected,
  punctuation: string | undefined,
  isString: boolean,
  open: ('{' | '[')[],
): Expected | undefined {
  const inner = open.at(-1);
  switch (expected) {
    case 'colon':
      return punctuation === ':' ? 'value' : undefined;
    case 'name':
    case 'name or }':
      if (isString) return 'colon';
      return punctuation === '}' && expected === 'name or }' ? close(open) : undefined;
    case 'end':
      if (punctuation === ',' && inner !== undefined) return inner === '{' ? 'name' : 'value';
      return (punctuation === '}' && inner === '{') || (punctuation === ']' && inner === '[') ? close(open) : undefined;
    case 'value':
    case 'value or ]':
      if (punctuation === undefined) return 'end';
      if (punctuation === ']' && expected === 'value or ]') return close(open);
      if (punctuation !== '{' && punctuation !== '[') return undefined;
      open.push(punctuation);
      return punctuation === '{' ? 'name or }' : 'value or ]';
    default:
      return never(expected);
  }
}

function close(open: unknown[]): Expected {
  open.pop();
  return 'end';
}
