// Time stamps as JSON and SOAP bodies carry them (ISO 8601, UTC).
import { utcTime } from '../kernel/calendar.ts';

/** "2026-01-31T09:05:00.000Z" of milliseconds since the Unix epoch. */
export function isoTime(epochMs: number): string {
  const { year, month, day, hour, minute, second } = utcTime(epochMs);
  const milliseconds = Math.floor(epochMs) % 1000;
  return (
    `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}T${two(hour)}:${two(minute)}:${two(second)}` +
    `.${String(milliseconds).padStart(3, '0')}Z`
  );
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}
