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
