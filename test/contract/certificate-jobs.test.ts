import { describe, expect, it } from 'vitest';
import type { DeviceContext } from '../../agent/device-context.ts';
import { runCertificateJob } from '../../agent/management/certificate-jobs.ts';
import type { InstallJob } from '../../agent/management/jobs.ts';
import type { DeviceServices } from '../../agent/steps/services.ts';
import { stepFailure } from '../../catalog/failures.ts';
import { ok } from '../../kernel/result.ts';
import { MINUTE_MS } from '../../kernel/units.ts';
import { fakeDevice, prepared, settled } from './fake-device.ts';
import type { FakeDevice } from './fake-device.ts';

type Request = DeviceServices['requestCertificate'];
type Requesting = Parameters<Request>[1];

const INSTANCE = './Device/Vendor/MSFT/ClientCertificateInstall/SCEP/one';
const JOB: InstallJob = {
  kind: 'scep',
  scope: 'device',
  id: 'one',
  node: 'D/Vendor/MSFT/ClientCertificateInstall/SCEP/one',
};
const NODES = {
  ServerURL: 'http://a.example/x;http://b.example/x',
  Challenge: 'secret',
  CAThumbprint: 'AB'.repeat(20),
  SubjectName: 'CN=device',
  KeyUsage: '160',
  EKUMapping: '1.3.6.1.5.5.7.3.2',
  RetryCount: '2',
  RetryDelay: '7',
};

function ordered(requestCertificate: Request, nodes: Partial<typeof NODES> = NODES): FakeDevice {
  const fake = prepared(fakeDevice({ services: { requestCertificate } }));
  fake.device.step = 'device-esp';
  for (const [name, data] of Object.entries(nodes))
    treeOf(fake.device).add(`${INSTANCE}/Install/${name}`, { data, format: undefined });
  return fake;
}

const treeOf = (device: DeviceContext) => device.state.managed!.tree;
const read = (fake: FakeDevice, node: string): string | undefined =>
  treeOf(fake.device).get(`${INSTANCE}/${node}`).value;

function run(fake: FakeDevice): ReturnType<typeof runCertificateJob> {
  return settled(fake.clock, runCertificateJob(fake.device, fake.device.state.managed!, JOB));
}

describe('the job of a SCEP certificate', () => {
  it('asks with what the tree says, forgets the challenge, and notes thumbprint and server', async () => {
    const asked: Requesting[] = [];
    const fake = ordered(async (_network, requesting) => {
      asked.push(requesting);
      return ok({ kind: 'issued', thumbprint: 'CD'.repeat(20) });
    });
    expect(await run(fake)).toEqual(ok('succeeded'));
    expect(asked).toHaveLength(1);
    expect(asked[0]).toMatchObject({
      serverUrl: 'http://a.example/x',
      challenge: 'secret',
      caThumbprint: 'AB'.repeat(20),
      subject: [{ type: 'CN', value: 'device' }],
    });
    expect(read(fake, 'CertThumbprint')).toBe('CD'.repeat(20));
    expect(read(fake, 'RespondentServerUrl')).toBe('http://a.example/x');
    expect(read(fake, 'ErrorCode')).toBe('0');
    expect(read(fake, 'Install/Challenge')).toBe('');
  });

  it('asks the next server where one fails, and notes the last failure as an HRESULT', async () => {
    const asked: string[] = [];
    const fake = ordered(async (_network, { serverUrl }) => {
      asked.push(serverUrl);
      return stepFailure('certificate-refused', 'no');
    });
    expect(await run(fake)).toEqual(ok('failed'));
    expect(asked).toEqual(['http://a.example/x', 'http://b.example/x']);
    expect(read(fake, 'ErrorCode')).toBe(String(0x80094014 | 0));
    expect(read(fake, 'CertThumbprint')).toBe('');
  });

  it('says 0x80091007 where the CA is another', async () => {
    const fake = ordered(async () => stepFailure('0x80091007', 'another'));
    await run(fake);
    expect(read(fake, 'ErrorCode')).toBe('-2146889721');
  });

  it('polls as often and as late as RetryCount and RetryDelay say', async () => {
    let polls = 0;
    const pending = { kind: 'pending' as const, poll: async () => (polls++, ok(pending)) };
    const fake = ordered(async () => ok(pending), { ...NODES, ServerURL: 'http://a.example/x' });
    const beganMs = fake.device.ledger.deviceMs;
    expect(await run(fake)).toEqual(ok('failed'));
    expect(polls).toBe(2);
    // The clock of the test goes on to the end of its minute.
    const tookMs = fake.device.ledger.deviceMs - beganMs;
    expect(tookMs).toBeGreaterThanOrEqual(14 * MINUTE_MS);
    expect(tookMs).toBeLessThan(15 * MINUTE_MS);
    expect(read(fake, 'ErrorCode')).toBe(String(0x800705b4 | 0));
  });

  it('is issued by a poll', async () => {
    const issued = ok({ kind: 'issued' as const, thumbprint: 'EF'.repeat(20) });
    const fake = ordered(async () => ok({ kind: 'pending', poll: async () => issued }));
    expect(await run(fake)).toEqual(ok('succeeded'));
    expect(read(fake, 'CertThumbprint')).toBe('EF'.repeat(20));
  });

  it('fails for settings that cannot be used, and asks nobody', async () => {
    let asked = 0;
    const { Challenge: _challenge, ...rest } = NODES;
    const fake = ordered(async () => (asked++, stepFailure('abandoned', '')), rest);
    expect(await run(fake)).toEqual(ok('failed'));
    expect(asked).toBe(0);
    expect(read(fake, 'ErrorCode')).toBe(String(0x80070057 | 0));
  });

  it('ends with the run', async () => {
    const fake = ordered(async () => stepFailure('abandoned', 'the run ended'));
    expect(await run(fake)).toMatchObject({ ok: false, error: { code: 'abandoned' } });
  });
});
