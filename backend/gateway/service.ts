// The gateway of the management extension: where it is, app policies, content locations with their keys, and reports. Over mutual
// TLS: it lets in the certificates that MDM enrollment issued, as management does, and gives keys to the certificate's own holder.
import { LIMITS } from '../../kernel/limits.ts';
import { RandomStream } from '../../kernel/random.ts';
import type { Result } from '../../kernel/result.ts';
import { parseAppReport } from '../../protocol/extension/app-report.ts';
import { parseCertificate } from '../../protocol/pki/certificate.ts';
import { writeEnvelopedData } from '../../protocol/pki/cms-enveloped.ts';
import { parseContentInfoRequest, writeContentInfo, writeContentKeys } from '../../protocol/extension/content-info.ts';
import {
  parseSessionRequest,
  SERVICE_ADDRESSES_PATH,
  writeServiceAddresses,
  writeSessionReply,
} from '../../protocol/extension/management-extension.ts';
import type { ReceivedRequest, SessionRequestType } from '../../protocol/extension/management-extension.ts';
import { rsaPublicKey } from '../../protocol/pki/rsa.ts';
import { errorReply, jsonTextReply } from '../http/message.ts';
import type { BackendRequest, BackendService, Reply, Route, UnroutedRequest } from '../http/message.ts';
import type { Enrollment } from '../stores/enrollments.ts';
import type { Tenant } from '../tenant.ts';
import { GroupApps } from './app-assignments.ts';

/** Below the gateway's origin; a session's segment follows. */
const GATEWAY_PATH = '/TrafficGateway/TrafficRoutingService/SideCar/StatelessSideCarGatewayService';
const SESSION = /^SideCarGatewaySessions\('([0-9A-Fa-f-]{1,64})'\)$/i;

/** One request of an enrolled device. */
interface Session {
  readonly request: ReceivedRequest;
  readonly enrollment: Enrollment;
  /** DER of the certificate that the device has shown. */
  readonly certificate: Uint8Array;
  readonly apps: GroupApps;
}

type Answer = (tenant: Tenant, session: Session) => Reply;

const ANSWERS: Readonly<Record<SessionRequestType, Answer>> = {
  GetSelectedApp: (_tenant, { request, apps }) => answer(request, apps.payload(request.espPhase ?? 'DeviceSetup')),
  RequestApplication: (_tenant, { request, apps }) => answer(request, apps.payload('NotInEsp')),
  GetContentInfo: contentInfo,
  Win32AppResult: appResult,
};

export function gatewayService(tenant: Tenant): BackendService {
  const groups = new Map<string, GroupApps>();
  const url = `${tenant.endpoints.gateway}${GATEWAY_PATH}`;
  const addresses = writeServiceAddresses(url);
  const handle = (request: BackendRequest): Reply => session(tenant, groups, request);
  const asks = (...types: readonly SessionRequestType[]): Pick<Route, 'method' | 'path' | 'when' | 'handle'> => ({
    method: 'PUT',
    path: `${GATEWAY_PATH}/:session`,
    when: (request) => {
      const sent = sentRequest(request);
      return sent.ok && types.includes(sent.value.type);
    },
    handle,
  });
  return {
    name: 'gateway',
    bodyBytesMax: LIMITS.jsonBytesMax,
    routes: [
      {
        method: 'GET',
        path: SERVICE_ADDRESSES_PATH,
        operation: 'service-addresses',
        handle: (request) => {
          const enrollment = enrollmentOf(tenant, request);
          return 'status' in enrollment ? enrollment : jsonTextReply(addresses);
        },
      },
      { ...asks('GetSelectedApp', 'RequestApplication'), operation: 'selected-apps' },
      { ...asks('GetContentInfo'), operation: 'content-info' },
      { ...asks('Win32AppResult'), operation: 'app-status' },
      { method: 'PUT', path: `${GATEWAY_PATH}/:session`, handle },
    ],
  };
}

/** A request is asked for by each route of its path, and read once. */
const SENT = new WeakMap<Buffer, Result<ReceivedRequest>>();

function sentRequest({ body }: UnroutedRequest): Result<ReceivedRequest> {
  let sent = SENT.get(body);
  if (sent === undefined) {
    sent = parseSessionRequest(body.toString('utf8'));
    SENT.set(body, sent);
  }
  return sent;
}

function session(tenant: Tenant, groups: Map<string, GroupApps>, request: BackendRequest): Reply {
  const enrollment = enrollmentOf(tenant, request);
  if ('status' in enrollment) return enrollment;
  const sent = sentRequest(request);
  if (!sent.ok) return errorReply(400, 'BadRequest', `The session cannot be read: ${sent.error.reason}.`);
  const named = SESSION.exec(request.parameters['session'] ?? '')?.[1];
  if (named?.toLowerCase() !== sent.value.sessionId.toLowerCase()) {
    return errorReply(400, 'BadRequest', 'The session of the address is not that of the request.');
  }
  return ANSWERS[sent.value.type](tenant, {
    request: sent.value,
    enrollment,
    certificate: request.clientCertificate!.der,
    apps: appsOf(tenant, groups, enrollment),
  });
}

/** Who asks, by the client certificate; or the reply that refuses it. */
function enrollmentOf(tenant: Tenant, { clientCertificate }: BackendRequest): Enrollment | Reply {
  if (clientCertificate === undefined) {
    return errorReply(403, 'ClientCertificateRequired', 'The TLS connection has no certificate of the MDM authority.');
  }
  return (
    tenant.enrollments.ofCertificate(clientCertificate.thumbprint) ??
    errorReply(403, 'ClientCertificateUnknown', 'No enrollment of this tenant has the client certificate.')
  );
}

/** As with management, a device of no group gets what the tenant's first group gets. */
function appsOf(tenant: Tenant, groups: Map<string, GroupApps>, { entraDeviceId }: Enrollment): GroupApps {
  const group = tenant.groupOfDevice(entraDeviceId) ?? tenant.config.groups[0]!;
  let apps = groups.get(group.tag);
  if (apps === undefined) {
    apps = new GroupApps(group, tenant.identifiers);
    groups.set(group.tag, apps);
  }
  return apps;
}

function contentInfo(tenant: Tenant, { request, enrollment, certificate, apps }: Session): Reply {
  const asked = parseContentInfoRequest(request.payload);
  if (!asked.ok) return errorReply(400, 'BadRequest', `The payload cannot be read: ${asked.error.reason}.`);
  const { applicationId } = asked.value;
  if (Buffer.compare(asked.value.certificate, certificate) !== 0) {
    return errorReply(400, 'BadRequest', 'CertificateBlob is not the certificate of the TLS connection.');
  }
  const app = apps.app(applicationId);
  if (app === undefined) return errorReply(404, 'NotFound', 'No app of the device has this id.');
  const parsed = parseCertificate(certificate);
  const key = parsed.ok ? rsaPublicKey(parsed.value.publicKeyInfo) : undefined;
  if (key === undefined) return errorReply(400, 'BadRequest', 'The certificate has no RSA key to encrypt for.');
  const file = tenant.content.win32App(app);
  const stream = new RandomStream(
    `${tenant.config.seed}\u0000envelope\u0000${enrollment.managedDeviceId}\u0000${applicationId}`,
  );
  const envelope = writeEnvelopedData({
    content: Buffer.from(writeContentKeys(file.keys)),
    recipient: { certificate, key },
    cipher: 'aes-256-cbc',
    random: (length) => stream.bytes(length),
  });
  return answer(request, writeContentInfo(applicationId, { uploadLocation: file.url, bytes: file.bytes, envelope }));
}

function appResult(tenant: Tenant, { request, apps }: Session): Reply {
  const report = parseAppReport(request.payload);
  if (!report.ok) return errorReply(400, 'BadRequest', `The report cannot be read: ${report.error.reason}.`);
  const app = apps.app(report.value.appId);
  if (app === undefined) return errorReply(404, 'NotFound', 'No app of the device has this id.');
  tenant.appReports.add(app.name, report.value.state);
  return answer(request, '');
}

function answer(request: ReceivedRequest, payload: string): Reply {
  return jsonTextReply(writeSessionReply(request, payload));
}
