// Time stamps as JSON and SOAP bodies carry them (ISO 8601, UTC).
export { isoTime } from '../kernel/calendar.ts';
