// The MDM enrollment service: terms of use, discovery, policy and RST (MS-MDE2), policy and enrollment on one host as the
// specification wants it.
import { LIMITS } from '../../kernel/limits.ts';
import { DAY_MS, MINUTE_MS, SECOND_MS } from '../../kernel/units.ts';
import {
  DISCOVER_ACTION,
  parseDiscoverRequest,
  writeDiscoverResponse,
} from '../../protocol/enrollment/enrollment-discovery.ts';
import {
  GET_POLICIES_ACTION,
  parseGetPoliciesRequest,
  writeGetPoliciesResponse,
} from '../../protocol/enrollment/enrollment-policy.ts';
import {
  REQUEST_SECURITY_TOKEN_ACTION,
  writeRequestSecurityTokenResponse,
} from '../../protocol/enrollment/enrollment-token.ts';
import { readSoap, SOAP_CONTENT_TYPE } from '../../protocol/enrollment/soap.ts';
import type { ReplyAddressing, SoapMessage } from '../../protocol/enrollment/soap.ts';
import { writeSoapFault } from '../../protocol/enrollment/soap-fault.ts';
import type { SoapFault } from '../../protocol/enrollment/soap-fault.ts';
import { errorReply, hasMediaType, htmlReply } from '../http/message.ts';
import type { BackendRequest, BackendService, Handler, Reply } from '../http/message.ts';
import { isoTime } from '../iso-time.ts';
import type { Tenant } from '../tenant.ts';
import { authenticate } from './authentication.ts';
import { MDM_CERTIFICATE_DAYS, RENEWAL_DAYS } from './mdm-certificate.ts';
import { ENROLLMENT_PATHS } from './paths.ts';
import { enroll } from './request-security-token.ts';
import { acceptTerms, showTerms } from './terms-of-use.ts';

const POLICY_PATH = '/EnrollmentServer/Policy.svc';
const ENROLLMENT_PATH = '/EnrollmentServer/Enrollment.svc';
/** The newest that a server may answer is what the client asked for; ours speaks up to this. */
const ENROLLMENT_VERSION_MAX = 7;
const REPLY_LIFETIME_MS = 5 * MINUTE_MS;
const SHA256_OID = '2.16.840.1.101.3.4.2.1';
const HASH_GROUP = 1;

export function enrollmentService(tenant: Tenant): BackendService {
  const soap = (action: string, answer: SoapOperation): Handler => {
    return (request) => answerSoap(tenant, request, action, answer);
  };
  return {
    name: 'enrollment',
    bodyBytesMax: LIMITS.xmlCharactersMax,
    routes: [
      {
        method: 'GET',
        path: ENROLLMENT_PATHS.termsOfUse,
        operation: 'terms-of-use',
        handle: (request) => showTerms(tenant, request),
      },
      {
        method: 'POST',
        path: ENROLLMENT_PATHS.termsOfUse,
        operation: 'terms-of-use',
        handle: (request) => acceptTerms(tenant, request),
      },
      // A client that finds the service by e-mail asks first whether there is one: an empty 200 says so.
      { method: 'GET', path: ENROLLMENT_PATHS.discovery, handle: () => ({ status: 200, body: '' }) },
      {
        method: 'POST',
        path: ENROLLMENT_PATHS.discovery,
        operation: 'discover',
        handle: soap(DISCOVER_ACTION, discover),
      },
      { method: 'POST', path: POLICY_PATH, operation: 'policies', handle: soap(GET_POLICIES_ACTION, getPolicies) },
      {
        method: 'POST',
        path: ENROLLMENT_PATH,
        operation: 'request-security-token',
        handle: soap(REQUEST_SECURITY_TOKEN_ACTION, requestSecurityToken),
      },
      {
        method: 'GET',
        path: ENROLLMENT_PATHS.compliance,
        handle: () => htmlReply(200, '<!DOCTYPE html><title>Compliance</title><p>Simulated.</p>'),
      },
    ],
  };
}

/** The reply's envelope, or the fault. */
type SoapOperation = (tenant: Tenant, message: SoapMessage, addressing: ReplyAddressing) => string | SoapFault;

function answerSoap(tenant: Tenant, request: BackendRequest, action: string, answer: SoapOperation): Reply {
  if (!hasMediaType(request, 'application/soap+xml')) {
    return errorReply(415, 'UnsupportedMediaType', 'This service takes application/soap+xml.');
  }
  const message = readSoap(request.body.toString('utf8'));
  if (!message.ok) {
    return faultReply(tenant, {
      subcode: 'MessageFormat',
      reason: `The message cannot be read: ${message.error.reason}.`,
    });
  }
  const { messageId } = message.value;
  const addressing = { relatesTo: messageId, activityId: tenant.identifiers.guid('trace', messageId ?? '') };
  if (message.value.action !== action) {
    const reason = `The action "${message.value.action ?? ''}" is not ${action}.`;
    return faultReply(tenant, { subcode: 'MessageFormat', reason }, addressing);
  }
  const answered = answer(tenant, message.value, addressing);
  return typeof answered === 'string' ? soapReply(200, answered) : faultReply(tenant, answered, addressing);
}

function discover(tenant: Tenant, message: SoapMessage, addressing: ReplyAddressing): string | SoapFault {
  const asked = parseDiscoverRequest(message.body);
  if (!asked.ok) return { subcode: 'MessageFormat', reason: `Discover cannot be read: ${asked.error.reason}.` };
  const { requestVersion, authPolicies, deviceType } = asked.value;
  const version = Number(requestVersion);
  if (!(version >= 1))
    return { subcode: 'MessageFormat', reason: `RequestVersion "${requestVersion}" is not a version.` };
  if (!authPolicies.includes('Federated')) {
    const reason = 'The client does not offer the Federated authentication policy, the only one here.';
    return { subcode: 'Authorization', errorType: 'NotSupported', reason, message: reason };
  }
  if (deviceType !== 'CIMClient_Windows') {
    const reason = `DeviceType "${deviceType}" is not managed here.`;
    return { subcode: 'Authorization', errorType: 'DeviceNotSupported', reason, message: reason };
  }
  const { enrollment, login } = tenant.endpoints;
  return writeDiscoverResponse(
    {
      authPolicy: 'Federated',
      enrollmentVersion: Math.min(version, ENROLLMENT_VERSION_MAX).toFixed(1),
      enrollmentPolicyServiceUrl: `${enrollment}${POLICY_PATH}`,
      enrollmentServiceUrl: `${enrollment}${ENROLLMENT_PATH}`,
      authenticationServiceUrl: `${login}/${tenant.config.tenantId}/oauth2/v2.0/authorize`,
    },
    addressing,
  );
}

function getPolicies(tenant: Tenant, message: SoapMessage, addressing: ReplyAddressing): string | SoapFault {
  const asked = parseGetPoliciesRequest(message.body);
  if (!asked.ok) return { subcode: 'MessageFormat', reason: `GetPolicies cannot be read: ${asked.error.reason}.` };
  const enroller = authenticate(tenant, message.security);
  if (!enroller.ok) return enroller.error;
  return writeGetPoliciesResponse(
    {
      policyId: tenant.identifiers.guid('mdm-account', 'policy'),
      policyFriendlyName: `${tenant.config.displayName} enrollment policy`,
      policies: [
        {
          commonName: 'SimulatedDevice',
          policySchema: 3,
          validityPeriodSeconds: (MDM_CERTIFICATE_DAYS * DAY_MS) / SECOND_MS,
          renewalPeriodSeconds: (RENEWAL_DAYS * DAY_MS) / SECOND_MS,
          minimalKeyLength: 2048,
          hashAlgorithmOidReference: 0,
        },
      ],
      oids: [{ value: SHA256_OID, group: HASH_GROUP, referenceId: 0, defaultName: 'szOID_NIST_sha256' }],
    },
    addressing,
  );
}

function requestSecurityToken(tenant: Tenant, message: SoapMessage, addressing: ReplyAddressing): string | SoapFault {
  const document = enroll(tenant, message);
  if (!document.ok) return document.error;
  const nowMs = tenant.clock.wallMs();
  return writeRequestSecurityTokenResponse({ provisioningDocument: document.value, requestId: '0' }, addressing, {
    created: isoTime(nowMs),
    expires: isoTime(nowMs + REPLY_LIFETIME_MS),
  });
}

function soapReply(status: number, body: string): Reply {
  return { status, headers: { 'content-type': SOAP_CONTENT_TYPE, 'cache-control': 'no-store' }, body };
}

function faultReply(tenant: Tenant, fault: SoapFault, addressing: ReplyAddressing = {}): Reply {
  const traceId = tenant.identifiers.guid('trace', fault.reason);
  // A fault whose error type decides is detailed; Windows reads the other ones by their subcode.
  const detailed = fault.errorType === undefined ? fault : { ...fault, traceId };
  return soapReply(500, writeSoapFault(detailed, addressing));
}
