// Texts of a scenario that have a form: names, URLs, instants, thresholds. Pattern and reader stand together.
import { utcEpochMs } from '../../kernel/calendar.ts';
import type { ThresholdPlan } from './plan.ts';
import { DURATION, PERCENT, readQuantity } from './quantities.ts';

export interface TextForm {
  /** Completes "must be ...". */
  readonly title: string;
  readonly examples: readonly string[];
  readonly pattern: RegExp;
}

export const NAME: TextForm = {
  title: 'a name of small letters, digits and hyphens, at most 40',
  examples: ['head-office', 'wave-1'],
  pattern: /^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/,
};

export const LOCALE: TextForm = {
  title: 'a language and region, or `os-default`',
  examples: ['en-GB', 'de-DE', 'os-default'],
  pattern: /^(?:[a-z]{2,3}(?:-[A-Z][a-z]{3})?-[A-Z]{2}|os-default)$/,
};

/** At most 15 characters once the macros are gone; Windows cuts the serial number to fit. */
export const DEVICE_NAME: TextForm = {
  title: 'a device name template: letters, digits, hyphens, `%SERIAL%`, `%RAND:n%`; at most 15 characters',
  examples: ['LAB-%SERIAL%', 'PC-%RAND:6%'],
  pattern: /^(?=(?:%SERIAL%|%RAND:\d%|.){1,15}$)(?=.*(?:%|[A-Za-z]))(?:[A-Za-z0-9-]|%SERIAL%|%RAND:[1-9]%)+$/,
};

export const URL_TEXT: TextForm = {
  title: 'an origin: http or https, host, perhaps a port and a path, without credentials or query',
  examples: ['https://mdm.example.com', 'http://127.0.0.1:8080'],
  pattern: /^https?:\/\/(?:[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?(?:\/[^\s?#@]*)?$/,
};

export const OS_VERSION: TextForm = {
  title: 'a version of Windows: four numbers',
  examples: ['10.0.22631.0'],
  pattern: /^10\.0\.\d{5}\.\d{1,5}$/,
};

export const EPOCH: TextForm = {
  title: 'an instant in UTC',
  examples: ['2026-01-01T00:00:00Z'],
  pattern: /^(20\d\d)-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)Z$/,
};

/** Milliseconds since the Unix epoch, or nothing where the calendar has no such second. */
export function readEpoch(text: string): number | undefined {
  const parts = EPOCH.pattern.exec(text)?.slice(1).map(Number);
  if (parts === undefined) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts;
  return utcEpochMs({ year, month, day, hour, minute, second });
}

export const THRESHOLD: TextForm = {
  title: 'a threshold: `failed < SHARE`, or `deployment` or `setup` with a percentile `< DURATION` (device time)',
  examples: ['failed < 1%', 'deployment p95 < 40 min', 'setup p99 < 1 h'],
  pattern:
    /^(?:failed < \d{1,3}(?:\.\d{1,6})?%|(?:deployment|setup) p\d{1,2}(?:\.\d{1,3})? < \d{1,9}(?:\.\d{1,6})? ?(?:ms|s|min|h|d))$/,
};

/** Takes only text that matches THRESHOLD. */
export function readThreshold(text: string): ThresholdPlan {
  const [left = '', right = ''] = text.split(' < ');
  const [of, percentile = ''] = left.split(' ');
  if (of === 'failed') return { text, measure: { of: 'failed-share' }, below: readQuantity(PERCENT, right)! };
  return {
    text,
    measure: {
      of: of === 'setup' ? 'setup' : 'deployment',
      quantile: Number((Number(percentile.slice(1)) / 100).toPrecision(6)),
    },
    below: readQuantity(DURATION, right)!,
  };
}
