// The enrollment of a certificate that the server ordered: settings from the tree, a key of the device, the SCEP exchange, and the
// nodes that tell the server how it went. What fails is the certificate, never the device. Source: ClientCertificateInstall CSP.
import type { FailureCode, StepFailure } from '../../catalog/failures.ts';
import { stepFailure } from '../../catalog/failures.ts';
import { ok } from '../../kernel/result.ts';
import type { Result } from '../../kernel/result.ts';
import { MINUTE_MS } from '../../kernel/units.ts';
import type { DeviceContext } from '../device-context.ts';
import { SCEP_PURPOSES } from '../identity/prime-pairs.ts';
import type { ScepPurpose } from '../identity/prime-pairs.ts';
import type { CertificateAnswer } from '../services/certificates.ts';
import { certificateSettings } from './certificate-settings.ts';
import type { CertificateSettings } from './certificate-settings.ts';
import type { InstallJob, JobOutcome } from './jobs.ts';
import { keyOf } from './loc-uri.ts';
import type { ManagedDevice } from './managed-device.ts';

/** HRESULTs for the ErrorCode node where the failure's code is none itself. */
const HRESULTS: Partial<Record<FailureCode, number>> = {
  // E_INVALIDARG
  'certificate-settings': 0x80070057,
  // CERTSRV_E_ADMIN_DENIED_REQUEST
  'certificate-refused': 0x80094014,
  // ERROR_TIMEOUT
  'certificate-pending': 0x800705b4,
};
/** E_FAIL. */
const FAILED = 0x80004005;

/** Enrolls and notes the result in the tree, but for Status, which is the job's. A failure only where the run ends. */
export async function runCertificateJob(
  device: DeviceContext,
  managed: ManagedDevice,
  job: InstallJob,
): Promise<Result<JobOutcome, StepFailure>> {
  const { tree } = managed;
  const settings = certificateSettings((node) => tree.read(`${job.node}/Install/${node}`));
  const enrolled = settings.ok
    ? await enroll(device, managed, job, settings.value)
    : stepFailure('certificate-settings', settings.error);
  if (!enrolled.ok) {
    if (enrolled.error.code === 'abandoned') return enrolled;
    device.noteSoftFailure(enrolled.error);
    if (enrolled.error.code === 'certificate-refused') forgetChallenge(managed, job);
    tree.write(`${job.node}/ErrorCode`, String(hresult(enrolled.error.code) | 0));
    return ok('failed');
  }
  forgetChallenge(managed, job);
  tree.write(`${job.node}/ErrorCode`, '0');
  tree.write(`${job.node}/CertThumbprint`, enrolled.value.thumbprint);
  tree.write(`${job.node}/RespondentServerUrl`, enrolled.value.serverUrl);
  return ok('succeeded');
}

/** Once it was used it is good for nothing; one that no server has seen may serve when the person tries again. */
function forgetChallenge({ tree }: ManagedDevice, { node }: InstallJob): void {
  tree.write(`${node}/Install/Challenge`, '');
}

interface Enrolled {
  readonly thumbprint: string;
  readonly serverUrl: string;
}

/** Asks one server after the other until one has answered. */
async function enroll(
  device: DeviceContext,
  managed: ManagedDevice,
  job: InstallJob,
  settings: CertificateSettings,
): Promise<Result<Enrolled, StepFailure>> {
  const purpose = keyPurpose(managed, job);
  const stream = device.stream(`scep:${job.scope}:${job.id}:${device.ledger.deviceMs}`);
  let failure: Result<never, StepFailure> | undefined;
  for (const serverUrl of settings.serverUrls) {
    const answer = await device.services.requestCertificate(device.network, {
      ...settings,
      serverUrl,
      key: device.key(purpose),
      wallMs: device.shard.clock.wallMs(),
      random: (length) => stream.bytes(length),
    });
    const settled = answer.ok ? await decided(device, settings, answer.value) : answer;
    if (settled.ok) return ok({ thumbprint: settled.value, serverUrl });
    failure = settled;
    if (settled.error.code === 'abandoned') break;
  }
  return failure ?? stepFailure('certificate-settings', 'ServerURL is missing');
}

/** The thumbprint, after as many polls as the settings allow. */
async function decided(
  device: DeviceContext,
  { retryCount, retryDelayMinutes }: CertificateSettings,
  first: CertificateAnswer,
): Promise<Result<string, StepFailure>> {
  let answer = first;
  for (let attempt = 0; answer.kind === 'pending'; attempt++) {
    if (attempt === retryCount) return stepFailure('certificate-pending', `${retryCount} polls`);
    const end = await device.wait('poll', retryDelayMinutes * MINUTE_MS);
    if (end === 'stopped') return stepFailure('abandoned', 'the run ended first');
    const polled = await answer.poll();
    if (!polled.ok) return polled;
    answer = polled.value;
  }
  return ok(answer.thumbprint);
}

/** Which key of the device is the certificate's: by its place among those that the server has named. */
function keyPurpose({ tree }: ManagedDevice, { scope, id }: InstallJob): ScepPurpose {
  const named = (of: InstallJob['scope']): readonly string[] =>
    tree.childNames(keyOf(of, ['Vendor', 'MSFT', 'ClientCertificateInstall', 'SCEP']));
  const before = scope === 'user' ? named('device').length : 0;
  const place = Math.max(0, named(scope).indexOf(id)) + before;
  return SCEP_PURPOSES[place % SCEP_PURPOSES.length]!;
}

function hresult(code: FailureCode): number {
  return code.startsWith('0x') ? Number(code) : (HRESULTS[code] ?? FAILED);
}
