// The gateway of the management extension, over mutual TLS with the certificate of MDM enrollment: where it is, which apps the device
// must have, where their content is and how it opens, and what came of them (flow.md 10).
import { stepFailure } from '../../catalog/failures.ts';
import type { StepFailure } from '../../catalog/failures.ts';
import { assert, ok } from '../../kernel/result.ts';
import type { Result } from '../../kernel/result.ts';
import type { AppPolicy } from '../../protocol/extension/app-policies.ts';
import { writeAppReport } from '../../protocol/extension/app-report.ts';
import type { AppReport } from '../../protocol/extension/app-report.ts';
import { openEnvelopedData, parseEnvelopedData } from '../../protocol/pki/cms-enveloped.ts';
import { parseContentInfo, parseContentKeys, writeContentInfoRequest } from '../../protocol/extension/content-info.ts';
import type { ContentKeys } from '../../protocol/extension/content-info.ts';
import type { KeyDecrypter } from '../../protocol/pki/key-decrypter.ts';
import {
  parseServiceAddresses,
  parseSessionReply,
  SERVICE_ADDRESSES_PATH,
  sessionUrl,
  writeSessionRequest,
} from '../../protocol/extension/management-extension.ts';
import type { SessionRequest } from '../../protocol/extension/management-extension.ts';
import type { DeviceNetwork, OperationOf } from '../network/device-network.ts';
import { readAs, unexpectedReply } from './replies.ts';

/** Who asks, and why; a session of its own for each request. */
export type GatewayCaller = Pick<SessionRequest, 'sessionId' | 'clientInfo' | 'reason' | 'espPhase'>;

/** Where an app's content is and how it opens. */
export interface AppContentInfo {
  readonly url: string;
  readonly keys: ContentKeys;
  /** Of the encrypted file; undefined where the gateway does not say. */
  readonly bytes: number | undefined;
}

/** The URL of the gateway. The device shows it, too, the certificate that it shows its management server. */
export async function locateGateway(network: DeviceNetwork): Promise<Result<string, StepFailure>> {
  network.presentAsTo('gateway', 'management');
  const reply = await network.exchange('gateway', 'service-addresses', {
    method: 'GET',
    target: SERVICE_ADDRESSES_PATH,
    headers: { Accept: 'application/json' },
  });
  if (!reply.ok) return reply;
  if (reply.value.status !== 200) return unexpectedReply(reply.value, 'service addresses');
  return readAs(parseServiceAddresses(reply.value.text()), 'service addresses');
}

/** The app policies, still packed: all devices of a group get the same text. */
export function requestApps(
  network: DeviceNetwork,
  gatewayUrl: string,
  caller: GatewayCaller,
): Promise<Result<string, StepFailure>> {
  const type = caller.espPhase === 'NotInEsp' ? 'RequestApplication' : 'GetSelectedApp';
  return session(network, 'selected-apps', gatewayUrl, { ...caller, type, payload: '[]' });
}

/** Where the content of an app is; `key` is the certificate's. Whatever goes wrong is one failure (0x87d30065), except the run's end. */
export async function requestContent(
  network: DeviceNetwork,
  gatewayUrl: string,
  caller: GatewayCaller,
  app: AppPolicy,
  key: KeyDecrypter,
): Promise<Result<AppContentInfo, StepFailure>> {
  const certificate = network.clientCertificate('gateway');
  assert(certificate !== undefined, 'the gateway was located first');
  const payload = writeContentInfoRequest({ app, certificate, espPhase: caller.espPhase ?? 'NotInEsp' });
  const asked: SessionRequest = { ...caller, type: 'GetContentInfo', payload };
  const answered = await session(network, 'content-info', gatewayUrl, asked);
  if (!answered.ok) {
    const { code, detail } = answered.error;
    return code === 'abandoned' ? answered : stepFailure('0x87d30065', `${code}: ${detail}`);
  }
  const opened = openContentInfo(answered.value, certificate, key);
  return opened.ok ? opened : stepFailure('0x87d30065', `content information: ${opened.error.reason}`);
}

function openContentInfo(payload: string, certificate: Uint8Array, key: KeyDecrypter): Result<AppContentInfo> {
  const info = parseContentInfo(payload);
  if (!info.ok) return info;
  const envelope = parseEnvelopedData(info.value.envelope);
  if (!envelope.ok) return envelope;
  const content = openEnvelopedData(envelope.value, certificate, key);
  if (!content.ok) return content;
  const keys = parseContentKeys(Buffer.from(content.value).toString('utf8'));
  if (!keys.ok) return keys;
  return ok({ url: info.value.uploadLocation, bytes: info.value.bytes, keys: keys.value });
}

/** Tells the gateway what came of an app. */
export async function reportApp(
  network: DeviceNetwork,
  gatewayUrl: string,
  caller: GatewayCaller,
  report: AppReport,
): Promise<Result<void, StepFailure>> {
  const payload = writeAppReport(report);
  const answered = await session(network, 'app-status', gatewayUrl, { ...caller, type: 'Win32AppResult', payload });
  return answered.ok ? ok(undefined) : answered;
}

const HEADERS = { 'Content-Type': 'application/json', Prefer: 'return-content' };

/** One request; the payload of its reply. */
async function session(
  network: DeviceNetwork,
  operation: OperationOf<'gateway'>,
  gatewayUrl: string,
  request: SessionRequest,
): Promise<Result<string, StepFailure>> {
  const reply = await network.exchange('gateway', operation, {
    method: 'PUT',
    target: sessionUrl(gatewayUrl, request.sessionId),
    headers: HEADERS,
    body: writeSessionRequest(request),
    // A session of this id again is the same session.
    idempotent: true,
  });
  if (!reply.ok) return reply;
  if (reply.value.status !== 200) return unexpectedReply(reply.value, request.type);
  return readAs(parseSessionReply(reply.value.text()), request.type);
}
