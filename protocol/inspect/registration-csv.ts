// A registration CSV: its rows by the column names of the header.
import { malformed, ok } from '../../kernel/result.ts';
import type { Result } from '../../kernel/result.ts';
import { parseRegistrationCsv } from '../autopilot/registration-csv.ts';
import { explanation } from './explainer.ts';
import type { Explanation } from './explainer.ts';
import { inputText } from './input.ts';

export function explainRegistrationCsv(bytes: Uint8Array): Result<Explanation> {
  const text = inputText(bytes);
  const read = parseRegistrationCsv(text);
  if (!read.ok) {
    const [problem] = read.error;
    if (problem === undefined) return malformed(0, 'it is no registration CSV');
    const reasons = read.error.map(({ line, column, reason }) => `line ${line}, column ${column}: ${reason}`);
    return malformed(offsetOf(text, problem.line, problem.column), reasons.join('; '));
  }
  const { kind, rows } = read.value;
  return ok(
    explanation('registration-csv', {
      form: kind,
      rowCount: rows.length,
      rows: rows.map((row) => ({
        'Device Serial Number': row.serialNumber,
        'Windows Product ID': row.productId,
        'Hardware Hash': row.hardwareHash,
        ...(row.groupTag === undefined ? {} : { 'Group Tag': row.groupTag }),
        ...(row.assignedUser === undefined ? {} : { 'Assigned User': row.assignedUser }),
        ...(row.manufacturer === undefined ? {} : { 'Manufacturer name': row.manufacturer }),
        ...(row.model === undefined ? {} : { 'Device model': row.model }),
      })),
    }),
  );
}

/** Lines and columns count from 1. */
function offsetOf(text: string, line: number, column: number): number {
  let start = 0;
  for (let i = 1; i < line; i++) {
    const end = text.indexOf('\n', start);
    if (end < 0) break;
    start = end + 1;
  }
  return start + Math.max(0, column - 1);
}
