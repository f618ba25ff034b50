// Whether a value is of its node's format (else Status 415), and the format that a Get answers.
import { never } from '../../kernel/result.ts';
import type { NodeFormat } from './node-rule.ts';
import type { NewValue } from './tree.ts';

export function fitsFormat(format: NodeFormat, value: NewValue): boolean {
  if (format === 'any' || format === 'null') return true;
  if (value.format !== undefined && value.format !== format) return false;
  switch (format) {
    case 'int':
      return /^-?\d{1,10}$/.test(value.data);
    case 'bool':
      return value.data === 'true' || value.data === 'false';
    case 'b64':
    case 'bin':
      return /^[A-Za-z0-9+/\s]*={0,2}\s*$/.test(value.data);
    case 'chr':
    case 'xml':
    case 'node':
      return true;
    default:
      return never(format);
  }
}

/** A node that takes any format answers the plainest one that its value has. */
export function formatOf(format: NodeFormat, value: string): string {
  if (format !== 'any') return format;
  if (/^-?\d{1,10}$/.test(value)) return 'int';
  return value === 'true' || value === 'false' ? 'bool' : 'chr';
}
