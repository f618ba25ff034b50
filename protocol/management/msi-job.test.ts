import { describe, expect, it } from 'vitest';
import { parseMsiJob, writeMsiJob } from './msi-job.ts';

const job = {
  id: '{f5645004-3214-46ea-92c2-48835689da06}',
  version: '1.80.161.0',
  contentUrls: ['https://content.example/a.msi?x=1&y=2'],
  fileHash: '5F'.repeat(32),
  commandLine: '/quiet PROPERTY="a b"',
  timeoutMinutes: 10,
  retryCount: 1,
  retryIntervalMinutes: 5,
};

describe('MsiInstallJob', () => {
  it('is written as the CSP documents it', async () => {
    await expect(writeMsiJob(job)).toMatchFileSnapshot('../fixtures/golden-msi-job.xml');
    expect(parseMsiJob(writeMsiJob(job))).toEqual({ ok: true, value: job });
  });

  it('is refused without product, content or enforcement, and with broken numbers', () => {
    const written = writeMsiJob(job);
    const reason = (text: string): unknown => {
      const read = parseMsiJob(text);
      return read.ok ? 'accepted' : read.error.reason;
    };
    expect(reason('<MsiInstallJob/>')).toBe('MsiInstallJob needs an id and a Product');
    expect(reason(written.replace(/<ContentURL>.*<\/ContentURL>/, ''))).toBe('the Product has no ContentURL');
    expect(reason(written.replace(/<Enforcement>.*<\/Enforcement>/, ''))).toBe('the Product has no Enforcement');
    expect(reason(written.replace('<TimeOut>10<', '<TimeOut>ten<'))).toContain('is not a whole number');
    expect(reason('<Other/>')).toBe('<Other> is not MsiInstallJob');
  });
});
