import { describe, expect, it } from 'vitest';
import { DEVICE_NAME, EPOCH, LOCALE, NAME, readEpoch, readThreshold, THRESHOLD, URL_TEXT } from './text-forms.ts';

describe('text forms', () => {
  it('match every example that they give', () => {
    for (const form of [DEVICE_NAME, EPOCH, LOCALE, NAME, THRESHOLD, URL_TEXT]) {
      for (const example of form.examples) expect(form.pattern.test(example), example).toBe(true);
    }
  });

  it.each(['%SERIAL%', 'A-%SERIAL%-%RAND:3%', 'ABCDEFGHIJKLMNO'])('device name template %s', (name) => {
    expect(DEVICE_NAME.pattern.test(name)).toBe(true);
  });
  it.each(['', '12345', 'ABCDEFGHIJKLMNOP', 'A B', '%USER%', '%RAND:0%'])('no device name template: %s', (name) => {
    expect(DEVICE_NAME.pattern.test(name)).toBe(false);
  });

  it.each(['https://user:pass@host', 'https://host/?q=1', 'ftp://host', 'https://', 'https://a b'])(
    'no target: %s',
    (url) => {
      expect(URL_TEXT.pattern.test(url)).toBe(false);
    },
  );

  it('reads an instant, if the calendar has it', () => {
    expect(readEpoch('2026-01-01T00:00:00Z')).toBe(1_767_225_600_000);
    expect(readEpoch('2026-02-30T00:00:00Z')).toBeUndefined();
  });

  it('reads thresholds: shares, and milliseconds of device time', () => {
    expect(readThreshold('failed < 2.5%')).toMatchObject({ measure: { of: 'failed-share' }, below: 0.025 });
    expect(readThreshold('deployment p95 < 40 min')).toEqual({
      text: 'deployment p95 < 40 min',
      measure: { of: 'deployment', quantile: 0.95 },
      below: 2_400_000,
    });
    expect(readThreshold('setup p99.9 < 1 h').measure).toEqual({ of: 'setup', quantile: 0.999 });
  });
});
