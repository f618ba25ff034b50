// The clients of MDM enrollment and its terms of use against scripted replies: what they send, and the code that Windows shows.
import { describe, expect, it } from 'vitest';
import { DEVICE_MODELS } from '../../catalog/device-models.ts';
import { RandomStream } from '../../kernel/random.ts';
import { ok } from '../../kernel/result.ts';
import { writeDiscoverResponse } from '../../protocol/enrollment/enrollment-discovery.ts';
import {
  contextItem,
  contextItemValues,
  parseRequestSecurityToken,
} from '../../protocol/enrollment/enrollment-token.ts';
import { writeSoapFault } from '../../protocol/enrollment/soap-fault.ts';
import { readSoap } from '../../protocol/enrollment/soap.ts';
import { deviceIdentity } from '../identity/device-identity.ts';
import { keyPool } from '../identity/keys.ts';
import { enrollDevice } from './enrollment.ts';
import { codeOf, scripted } from './fixtures/scripted-network.ts';
import type { Scripted } from './fixtures/scripted-network.ts';
import { answerTermsOfUse } from './terms-of-use.ts';
import type { TermsAnswer } from './terms-of-use.ts';

const IDENTITY = deviceIdentity('enrollment test', 0, DEVICE_MODELS['simbook-15'], 0);

describe('MDM enrollment', () => {
  const enrolling = {
    discoveryUrl: 'https://mdm.example/d',
    upn: 'u@x',
    accessToken: 'a',
    identity: IDENTITY,
    deviceId: '11111111-1111-4111-8111-111111111111',
    mdmKey: keyPool('pool').deviceKey('enrollment test', 0, 'mdm'),
    ztdRegistrationId: '22222222-2222-4222-8222-222222222222',
    stream: new RandomStream('enroll'),
  };

  it.each([
    [{ subcode: 'MessageFormat', reason: 'r' }, '0x80180001'],
    [{ subcode: 'Authentication', reason: 'r' }, '0x80180002'],
    [{ subcode: 'Authorization', reason: 'r' }, '0x80180003'],
    [{ subcode: 'CertificateRequest', reason: 'r' }, '0x80180004'],
    [{ subcode: 'EnrollmentServer', reason: 'r' }, '0x80180005'],
    [{ subcode: 'InternalServiceFault', reason: 'r' }, '0x80180006'],
    [{ subcode: 'InvalidSecurity', reason: 'r' }, '0x80180007'],
    [{ subcode: 'Authorization', reason: 'r', errorType: 'DeviceCapReached' }, '0x80180013'],
    [{ subcode: 'Authorization', reason: 'r', errorType: 'DeviceNotSupported' }, '0x80180014'],
    [{ subcode: 'Authorization', reason: 'r', errorType: 'NotSupported' }, '0x80180015'],
    [{ subcode: 'Authorization', reason: 'r', errorType: 'NotEligibleToRenew' }, '0x80180016'],
    [{ subcode: 'EnrollmentServer', reason: 'r', errorType: 'InMaintenance' }, '0x80180017'],
    [{ subcode: 'Authorization', reason: 'r', errorType: 'UserLicense' }, '0x80180018'],
    [{ subcode: 'Authorization', reason: 'r', errorType: 'InvalidEnrollmentData' }, '0x80180019'],
    [{ subcode: 'Authorization', reason: 'Call us.', errorType: 'CustomServerError' }, '0x80180032'],
    [{ subcode: 'Authorization', reason: 'r', errorType: 'SomethingNew' }, '0x80180003'],
    [{ subcode: 'Whatever', reason: 'r' }, 'mdm-fault-unknown'],
  ])('takes fault %o for %s, with any status', async (fault, code) => {
    for (const status of [200, 400, 500]) {
      expect(codeOf(await enrollDevice(scripted({ status, body: writeSoapFault(fault) }).network, enrolling))).toBe(
        code,
      );
    }
  });

  it('tells what cannot be read from what has no use', async () => {
    expect(codeOf(await enrollDevice(scripted({ body: 'nonsense' }).network, enrolling))).toBe('reply-malformed');
    expect(codeOf(await enrollDevice(scripted({ status: 404, body: 'nothing' }).network, enrolling))).toBe(
      'reply-unexpected',
    );
  });

  it('says what a device in OOBE says of itself', async () => {
    const enrollmentServiceUrl = 'https://mdm.example/e';
    const discovered = writeDiscoverResponse(
      { authPolicy: 'Federated', enrollmentVersion: '5.0', enrollmentServiceUrl },
      {},
    );
    const { network, sent } = scripted({ body: discovered });
    await enrollDevice(network, { ...enrolling, termsOfUseBlob: 'blob' });
    const message = readSoap(String(sent[1]?.body));
    const request = message.ok ? parseRequestSecurityToken(message.value.body) : message;
    if (!request.ok) throw new Error(request.error.reason);
    const { contextItems } = request.value;
    const said = Object.fromEntries(contextItems.map(({ name }) => [name, contextItem(contextItems, name)]));
    expect(said).toEqual({
      UXInitiated: 'true',
      HWDevID: IDENTITY.hardwareDeviceId,
      Locale: IDENTITY.locale,
      TargetedUserLoggedIn: 'false',
      OSEdition: String(IDENTITY.osEditionSku),
      DeviceName: IDENTITY.computerName,
      MAC: IDENTITY.macAddresses[0],
      DeviceID: enrolling.deviceId,
      EnrollmentType: 'Device',
      DeviceType: 'CIMClient_Windows',
      OSVersion: IDENTITY.osVersion,
      ApplicationVersion: IDENTITY.osVersion,
      NotInOobe: 'false',
      RequestVersion: '5.0',
      EnrollmentData: 'blob',
      ZeroTouchProvisioning: enrolling.ztdRegistrationId,
    });
    expect(contextItemValues(contextItems, 'MAC')).toEqual(IDENTITY.macAddresses);
  });
});

describe('terms of use', () => {
  const PAGE = { body: '<form action="/accept"><input type="hidden" name="IsAccepted" value="true"></form>' };
  const redirect = (query: string): Scripted => ({
    status: 302,
    headers: ['location', `ms-appx-web://Microsoft.AAD.BrokerPlugin?${query}`],
  });
  const answer = (how: TermsAnswer, ...replies: readonly Scripted[]) => {
    const { network, sent } = scripted(...replies);
    const request = { accessToken: 'a', clientRequestId: 'c', answer: how };
    return { result: answerTermsOfUse(network, 'https://mdm.example/tou', request), sent };
  };

  it('are accepted by redirect or by the form of the page', async () => {
    expect(await answer('accept', redirect('IsAccepted=true&OpaqueBlob=b%2B1')).result).toEqual(ok('b+1'));
    const page = { body: '<form action="/accept"><input type="hidden" name="a" value="b"></form>' };
    const { result, sent } = answer('accept', page, redirect('IsAccepted=true&OpaqueBlob=x'));
    expect(await result).toEqual(ok('x'));
    expect(sent[1]).toMatchObject({
      method: 'POST',
      target: 'https://mdm.example/accept',
      body: 'a=b&IsAccepted=true',
    });
  });

  it('are declined by the form: the page answers access_denied', async () => {
    const { result, sent } = answer('decline', PAGE, redirect('error=access_denied&error_description=no'));
    expect(codeOf(await result)).toBe('terms-of-use-declined');
    expect(sent[1]?.body).toBe('IsAccepted=false');
  });

  it('are left without an answer by who closes the page', async () => {
    const { result, sent } = answer('close', PAGE);
    expect(codeOf(await result)).toBe('terms-of-use-closed');
    expect(sent).toHaveLength(1);
  });

  it.each([
    [redirect('error=server_error&error_description=no'), 'terms-of-use-failed'],
    [redirect('error=invalid_request'), 'terms-of-use-failed'],
    [redirect('IsAccepted=true'), 'terms-of-use-failed'],
    [{ status: 401 }, 'terms-of-use-failed'],
    [{ status: 500 }, 'reply-unexpected'],
    [{ body: 'no form' }, 'reply-malformed'],
  ])('that answer with %o fail as %s', async (reply, code) => {
    expect(codeOf(await answer('accept', reply).result)).toBe(code);
  });
});
