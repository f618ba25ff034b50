// The two files in which devices are registered (hardware-hash.md, section 4): the CSV of Intune and of administrators, and
// Partner Center's. Their readers are strict: header to the letter, ANSI, no quotes, no extra columns. All problems of a file
// are reported, each with its place.
import { LIMITS } from '../../kernel/limits.ts';
import { assert, fail, ok } from '../../kernel/result.ts';
import type { Result } from '../../kernel/result.ts';

export type RegistrationKind = 'intune' | 'partner';

export interface RegistrationRow {
  readonly serialNumber: string;
  /** The Windows product id, or empty. */
  readonly productId: string;
  /** Base64, or empty in a partner's row that names the device otherwise. */
  readonly hardwareHash: string;
  readonly groupTag?: string;
  readonly assignedUser?: string;
  readonly manufacturer?: string;
  readonly model?: string;
}

export interface CsvProblem {
  /** From 1. */
  readonly line: number;
  /** Character in the line, from 1. */
  readonly column: number;
  readonly reason: string;
}

type Member = keyof RegistrationRow;

interface Format {
  readonly columns: readonly (readonly [header: string, member: Member])[];
  /** Columns from the left without which a header is not this format's. */
  readonly columnsLeast: number;
  readonly rowsMax: number;
}

const COMMON = [
  ['Device Serial Number', 'serialNumber'],
  ['Windows Product ID', 'productId'],
  ['Hardware Hash', 'hardwareHash'],
] as const;

const FORMATS: Readonly<Record<RegistrationKind, Format>> = {
  intune: {
    columns: [...COMMON, ['Group Tag', 'groupTag'], ['Assigned User', 'assignedUser']],
    columnsLeast: 3,
    rowsMax: LIMITS.csvRowsMax,
  },
  partner: {
    columns: [...COMMON, ['Manufacturer name', 'manufacturer'], ['Device model', 'model']],
    columnsLeast: 5,
    rowsMax: LIMITS.oemRowsMax,
  },
};

/** The header line of a kind, all columns. */
export function registrationHeader(kind: RegistrationKind): string {
  return FORMATS[kind].columns.map(([header]) => header).join(',');
}

/** The file as text of lines that end in a newline; encode it as latin1. Rows beyond the kind's bound are the caller's error. */
export function writeRegistrationCsv(rows: readonly RegistrationRow[], kind: RegistrationKind): string {
  const { columns, rowsMax } = FORMATS[kind];
  assert(rows.length <= rowsMax, `${rows.length} rows in one file of ${rowsMax}`);
  const lines = rows.map((row) => columns.map(([, member]) => field(row[member] ?? '')).join(','));
  return [registrationHeader(kind), ...lines, ''].join('\n');
}

/** The format has no quotes, so it cannot hold these. */
function field(text: string): string {
  assert(!/[",\r\n]|[^\t\x20-\x7e\xa0-\xff]/.test(text), `${JSON.stringify(text)} does not fit a registration file`);
  return text;
}

/** Reads either kind, told apart by the header. */
export function parseRegistrationCsv(
  text: string,
): Result<{ readonly kind: RegistrationKind; readonly rows: readonly RegistrationRow[] }, readonly CsvProblem[]> {
  if (text.length > LIMITS.requestBytesMax) {
    return fail([{ line: 1, column: 1, reason: `the file is longer than ${LIMITS.requestBytesMax} characters` }]);
  }
  const lines = text.split(/\r\n|\n|\r/);
  while (lines.at(-1) === '') lines.pop();
  const header = readHeader(lines[0]);
  if (!header.ok) return header;
  const { kind, members } = header.value;
  const problems: CsvProblem[] = [];
  const rows: RegistrationRow[] = [];
  for (let i = 1; i < lines.length && problems.length < LIMITS.problemsMax; i++) {
    if (rows.length === FORMATS[kind].rowsMax) {
      problems.push({ line: i + 1, column: 1, reason: `more than ${FORMATS[kind].rowsMax} rows` });
      break;
    }
    rows.push(readRow(lines[i]!, i + 1, kind, members, problems));
  }
  if (rows.length === 0) problems.push({ line: 2, column: 1, reason: 'no device under the header' });
  return problems.length === 0 ? ok({ kind, rows }) : fail(problems);
}

interface Header {
  readonly kind: RegistrationKind;
  readonly members: readonly Member[];
}

function readHeader(line: string | undefined): Result<Header, readonly CsvProblem[]> {
  if (line === undefined || line === '') return fail([{ line: 1, column: 1, reason: 'the file is empty' }]);
  if (/^(\ufeff|\xff\xfe|\xfe\xff|\xef\xbb\xbf)/.test(line) || line.includes('\0')) {
    return fail([
      { line: 1, column: 1, reason: 'the file is Unicode text; the format is ANSI without a byte order mark' },
    ]);
  }
  const names = line.split(',');
  const kind: RegistrationKind = names.some((name) => /^"?(manufacturer|device model)/i.test(name.trim()))
    ? 'partner'
    : 'intune';
  const { columns, columnsLeast } = FORMATS[kind];
  const problems: CsvProblem[] = [];
  let column = 1;
  for (let i = 0; i < Math.max(names.length, columnsLeast); i++) {
    const name = names[i];
    const expected = columns[i]?.[0];
    const reason = headerProblem(name, expected);
    if (reason !== undefined) problems.push({ line: 1, column: Math.min(column, line.length + 1), reason });
    column += (name ?? '').length + 1;
  }
  if (problems.length > 0) return fail(problems);
  return ok({ kind, members: columns.slice(0, names.length).map(([, member]) => member) });
}

function headerProblem(name: string | undefined, expected: string | undefined): string | undefined {
  if (name === expected) return undefined;
  if (name === undefined) return `column "${expected}" is missing`;
  if (expected === undefined) return `column "${name}" is one too many`;
  const bare = name.replace(/^"|"$/g, '').trim();
  if (name.includes('"') && bare === expected) return `quotes around "${expected}"; the format has none`;
  if (bare.toLowerCase() === expected.toLowerCase()) return `"${name}" must be written "${expected}", to the letter`;
  return `"${name}" where "${expected}" belongs`;
}

function readRow(
  line: string,
  lineNumber: number,
  kind: RegistrationKind,
  members: readonly Member[],
  problems: CsvProblem[],
): RegistrationRow {
  const cells = line.split(',');
  const row: { -readonly [M in keyof RegistrationRow]: RegistrationRow[M] } = {
    serialNumber: '',
    productId: '',
    hardwareHash: '',
  };
  let column = 1;
  const problem = (reason: string): void => {
    problems.push({ line: lineNumber, column: Math.min(column, line.length + 1), reason });
  };
  for (let i = 0; i < Math.max(cells.length, members.length); i++) {
    const cell = cells[i];
    const member = members[i];
    if (member === undefined) {
      problem(`${cells.length} columns where the header has ${members.length}`);
      break;
    }
    if (cell === undefined) {
      // Windows' own tool ends a row early where the last columns are empty; nothing before the hash may be missing.
      if (i < 3) problem(`the row ends before "${FORMATS[kind].columns[i]?.[0] ?? ''}"`);
      break;
    }
    const reason = cell === '' ? undefined : cellProblem(member, cell);
    if (reason !== undefined) problem(reason);
    if (cell !== '' || i < 3) row[member] = cell;
    column += cell.length + 1;
  }
  column = 1;
  const reason = cells.length <= members.length ? identityProblem(row, kind) : undefined;
  if (reason !== undefined) problem(reason);
  return row;
}

function cellProblem(member: Member, cell: string): string | undefined {
  if (cell.includes('"')) return 'a quote; the format has none';
  if (/[^\t\x20-\xff]/.test(cell)) return 'a character that is not ANSI';
  if (member === 'hardwareHash') return edmBinaryProblem(cell);
  if (member === 'assignedUser' && !/^[^@\s]+@[^@\s]+$/.test(cell)) return `"${cell}" is no user name with a domain`;
  return undefined;
}

/** Characters of a hash that a message about it shows. */
const LITERAL_CHARACTERS = 24;

/** What the import says of a hash that is no base64 with its padding, in its own words (flow.md 0.1), and why; nothing of a good one. */
export function edmBinaryProblem(hash: string): string | undefined {
  const reason = base64Problem(hash);
  if (reason === undefined) return undefined;
  const literal = hash.length > LITERAL_CHARACTERS ? `${hash.slice(0, LITERAL_CHARACTERS)}...` : hash;
  return `Cannot convert the literal '${literal}' to the expected type 'Edm.Binary': ${reason}`;
}

function base64Problem(hash: string): string | undefined {
  const bad = hash.search(/[^A-Za-z0-9+/=]/);
  if (bad >= 0) return `the hardware hash is not base64: character ${JSON.stringify(hash[bad])} at ${bad + 1}`;
  if (hash.length % 4 !== 0) {
    const missing = 4 - (hash.length % 4);
    return missing === 3
      ? `the hardware hash is cut short: ${hash.length} characters of base64 are no whole bytes`
      : `the hardware hash lacks its base64 padding: ${hash.length} characters need ${missing} more "="`;
  }
  return /^[^=]*={0,2}$/.test(hash) ? undefined : 'the hardware hash has "=" before its end';
}

function identityProblem(row: RegistrationRow, kind: RegistrationKind): string | undefined {
  if (kind === 'intune') {
    if (row.serialNumber === '') return 'no serial number';
    return row.hardwareHash === '' ? 'no hardware hash: an owner registers a device by nothing else' : undefined;
  }
  const tuple = row.serialNumber !== '' && row.manufacturer !== undefined && row.model !== undefined;
  if (tuple || row.productId !== '' || row.hardwareHash !== '') return undefined;
  return 'neither serial number with manufacturer and model, nor product id, nor hardware hash';
}
