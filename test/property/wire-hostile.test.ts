// Whatever arrives, a reader of the wire answers with a value: documents are cut, spliced and sprinkled with markup, and no
// reader may throw, hang or grow without bound.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LIMITS } from '../../kernel/limits.ts';
import type { Result } from '../../kernel/result.ts';
import {
  parseAadServerData,
  parseAutopilotProfile,
  parseProfileReply,
  parseProfileRequest,
} from '../../protocol/autopilot/autopilot-profile.ts';
import {
  parseJoinError,
  parseJoinRequest,
  parseJoinResponse,
  parseRegistrationDiscovery,
} from '../../protocol/sign-in/device-registration.ts';
import {
  parseDeviceAddRequest,
  parseDeviceAddResponse,
  parseDeviceTicketRequest,
  parseDeviceTicketResponse,
} from '../../protocol/autopilot/device-token.ts';
import { parseDiscoverRequest, parseDiscoverResponse } from '../../protocol/enrollment/enrollment-discovery.ts';
import { parseGetPoliciesRequest, parseGetPoliciesResponse } from '../../protocol/enrollment/enrollment-policy.ts';
import {
  parseRequestSecurityToken,
  parseRequestSecurityTokenResponse,
} from '../../protocol/enrollment/enrollment-token.ts';
import { PROTOCOL_EXPLAINERS } from '../../protocol/inspect/explain.ts';
import { guessKind } from '../../protocol/inspect/guess.ts';
import { parseMsiJob } from '../../protocol/management/msi-job.ts';
import {
  parseAuthorizeRedirect,
  parseAuthorizeRequest,
  parseIdToken,
  parseOpenIdConfiguration,
  parseTokenError,
  parseTokenRequest,
  parseTokenResponse,
} from '../../protocol/sign-in/oauth.ts';
import {
  encryptedKeyOf,
  parseNonceResponse,
  parsePrimaryTokenRequest,
  parsePrimaryTokenResponse,
} from '../../protocol/sign-in/primary-refresh-token.ts';
import { parseProvisioningDocument } from '../../protocol/enrollment/provisioning-document.ts';
import {
  parseCredentialTypeRequest,
  parseCredentialTypeResponse,
  parseUserRealm,
} from '../../protocol/sign-in/realm-discovery.ts';
import { readSignedAssertion } from '../../protocol/sign-in/saml.ts';
import { decryptWithSessionKey, readBound } from '../../protocol/sign-in/session-key.ts';
import { parseSoapFault, soapFaultHresult } from '../../protocol/enrollment/soap-fault.ts';
import { readSoap } from '../../protocol/enrollment/soap.ts';
import {
  parseStrongAuthenticationReply,
  parseStrongAuthenticationRequest,
} from '../../protocol/sign-in/strong-authentication.ts';
import { readToken } from '../../protocol/sign-in/token.ts';
import { parseTrustMetadata, parseTrustRequest } from '../../protocol/sign-in/ws-trust.ts';
import { readXml } from '../../protocol/encoding/xml.ts';
import type { XmlElement } from '../../protocol/encoding/xml.ts';
import { fixture, fixtureNames } from './wire-fixtures.ts';

const BODY_READERS: readonly ((body: XmlElement) => Result<unknown>)[] = [
  parseDiscoverRequest,
  parseDiscoverResponse,
  parseGetPoliciesRequest,
  parseGetPoliciesResponse,
  parseRequestSecurityToken,
  parseRequestSecurityTokenResponse,
  parseDeviceTicketRequest,
  parseDeviceTicketResponse,
  parseTrustRequest,
];

const TEXT_READERS: readonly ((text: string) => Result<unknown>)[] = [
  readXml,
  readSoap,
  readToken,
  parseAadServerData,
  parseAuthorizeRedirect,
  parseAuthorizeRequest,
  parseAutopilotProfile,
  parseCredentialTypeRequest,
  parseCredentialTypeResponse,
  parseDeviceAddRequest,
  parseDeviceAddResponse,
  parseIdToken,
  parseJoinError,
  parseJoinRequest,
  parseJoinResponse,
  parseMsiJob,
  parseOpenIdConfiguration,
  (text) => parseProfileReply(200, text),
  (text) => parseProfileReply(404, text),
  parseProfileRequest,
  parseProvisioningDocument,
  parseRegistrationDiscovery,
  parseTokenError,
  parseTokenRequest,
  parseTokenResponse,
  parseUserRealm,
  encryptedKeyOf,
  parseNonceResponse,
  parsePrimaryTokenRequest,
  parsePrimaryTokenResponse,
  parseStrongAuthenticationReply,
  parseStrongAuthenticationRequest,
  parseTrustMetadata,
  readBound,
  readAssertion,
  (text) => decryptWithSessionKey(text, new Uint8Array(32)),
];

function readAssertion(text: string): Result<unknown> {
  const document = readXml(text);
  return document.ok ? readSignedAssertion(text, document.value) : document;
}

/** Reads a text in every way; an error must say where and why. */
function readEverywhere(text: string): void {
  const results = TEXT_READERS.map((reader) => reader(text));
  const envelope = readSoap(text);
  if (envelope.ok) {
    results.push(...BODY_READERS.map((reader) => reader(envelope.value.body)));
    const fault = parseSoapFault(envelope.value.body);
    if (fault !== undefined) soapFaultHresult(fault);
  }
  const bytes = Buffer.from(text);
  guessKind(bytes);
  results.push(...Object.values(PROTOCOL_EXPLAINERS).map((explain) => explain(bytes)));
  for (const result of results) {
    if (result.ok) continue;
    expect(Number.isSafeInteger(result.error.offset) && result.error.offset >= 0).toBe(true);
    expect(result.error.reason).not.toBe('');
  }
}

const inserts = [
  '<',
  '>',
  '/',
  '"',
  '&',
  ';',
  '{',
  '}',
  '[',
  ']',
  'null',
  '0',
  '\0',
  '\ud800',
  '.',
  '=',
  '%',
  '<!DOCTYPE a>',
  '<a>',
];

describe('hostile input', () => {
  it.each(fixtureNames())('mutations of %s never throw', (name) => {
    const whole = fixture(name);
    const mutation = fc.record({
      at: fc.nat(whole.length),
      drop: fc.nat(40),
      insert: fc.constantFrom('', ...inserts),
      cut: fc.option(fc.nat(whole.length)),
    });
    fc.assert(
      fc.property(fc.array(mutation, { minLength: 1, maxLength: 3 }), (mutations) => {
        let text = whole;
        for (const { at, drop, insert, cut } of mutations) {
          text = text.slice(0, at) + insert + text.slice(at + drop);
          if (cut !== null) text = text.slice(0, cut);
        }
        readEverywhere(text);
      }),
      { numRuns: 60 },
    );
  });

  it('takes any JSON value in place of any other', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 3 }), (value) => {
        readEverywhere(JSON.stringify(value));
      }),
    );
  });

  it('refuses entity bombs, deep nesting and oversized documents at once', () => {
    const bomb = '<!DOCTYPE a [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><a>&b;</a>';
    expect(readXml(bomb)).toMatchObject({ ok: false, error: { offset: 0 } });
    readEverywhere('<a>'.repeat(20_000));
    readEverywhere('['.repeat(20_000));
    readEverywhere('x'.repeat(LIMITS.xmlCharactersMax + 1));
  });
});
