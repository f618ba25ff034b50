// The connectivity probe (NCSI): plain HTTP and an expected text. A captive portal answers with something else.
import { stepFailure } from '../../catalog/failures.ts';
import type { StepFailure } from '../../catalog/failures.ts';
import { ok } from '../../kernel/result.ts';
import type { Result } from '../../kernel/result.ts';
import type { DeviceNetwork } from '../network/device-network.ts';

const EXPECTED = 'Microsoft Connect Test';
const HEADERS = { 'User-Agent': 'Microsoft NCSI' };

export async function probeConnectivity(network: DeviceNetwork): Promise<Result<void, StepFailure>> {
  const reply = await network.exchange('connectivity', 'probe', {
    method: 'GET',
    target: '/connecttest.txt',
    headers: HEADERS,
  });
  if (!reply.ok) return reply;
  const { status } = reply.value;
  if (status === 200 && reply.value.text() === EXPECTED) return ok(undefined);
  return stepFailure('no-network', `the probe got status ${status} and not the expected text`);
}
