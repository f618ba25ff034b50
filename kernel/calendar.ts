// Calendar arithmetic in UTC, for wire formats that spell dates out. It reads no clock: the instant is always an argument.

/** A second of the Gregorian calendar in UTC; month 1-12, day 1-31. */
export interface UtcTime {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

/** The calendar time of an instant (milliseconds since the Unix epoch); parts of a second are dropped. */
export function utcTime(epochMs: number): UtcTime {
  const date = new Date(epochMs);
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
    second: date.getUTCSeconds(),
  };
}

/** The instant of a calendar time, or nothing where the calendar has no such second (30 February, 24:00). */
export function utcEpochMs(time: UtcTime): number | undefined {
  // Years below 100 would be read as 19xx by Date.UTC; no format here reaches back that far.
  if (time.year < 100) return undefined;
  const epochMs = Date.UTC(time.year, time.month - 1, time.day, time.hour, time.minute, time.second);
  const back = utcTime(epochMs);
  const same =
    back.year === time.year &&
    back.month === time.month &&
    back.day === time.day &&
    back.hour === time.hour &&
    back.minute === time.minute &&
    back.second === time.second;
  return same ? epochMs : undefined;
}

/** "2026-01-31T09:05:00.000Z" of milliseconds since the Unix epoch. */
export function isoTime(epochMs: number): string {
  const { year, month, day, hour, minute, second } = utcTime(epochMs);
  const milliseconds = Math.floor(epochMs) % 1000;
  return (
    `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}T${two(hour)}:${two(minute)}:${two(second)}` +
    `.${String(milliseconds).padStart(3, '0')}Z`
  );
}

const ISO_TIME = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})(\.\d{1,9})?Z$/;

/** The instant of such a text (UTC, any fraction of a second), or nothing where it is none. */
export function isoEpochMs(text: string): number | undefined {
  const parts = ISO_TIME.exec(text);
  if (parts === null) return undefined;
  const [year, month, day, hour, minute, second] = parts.slice(1, 7).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const epochMs = utcEpochMs({ year, month, day, hour, minute, second });
  return epochMs === undefined ? undefined : epochMs + Math.floor(Number(`0${parts[7] ?? ''}`) * 1000);
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}
