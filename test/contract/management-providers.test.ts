// Access rights and defaults of the nodes by which servers and agents on a device speak to the status page and to Windows Hello, as
// their DDFs have them.
import { beforeEach, describe, expect, it } from 'vitest';
import { DEVICE_MODELS } from '../../catalog/device-models.ts';
import { deviceIdentity } from '../../agent/identity/device-identity.ts';
import { beginPhase } from '../../agent/management/esp-tracking.ts';
import { ManagedDevice } from '../../agent/management/managed-device.ts';

const MSFT = './Device/Vendor/MSFT';
const PROVIDER = `${MSFT}/EnrollmentStatusTracking/DevicePreparation/PolicyProviders/Sidecar`;
const APPS = 'Vendor/MSFT/EnrollmentStatusTracking/Setup/Apps';

let device: ManagedDevice;
beforeEach(() => {
  device = new ManagedDevice({
    deviceId: 'device-1',
    providerId: 'MDM',
    upn: 'u',
    entraDeviceId: 'e',
    identity: () => deviceIdentity('seed', 1, DEVICE_MODELS['simbook-13'], 0),
    hardwareHash: () => '',
  });
});

function add(address: string, data = ''): number {
  return device.tree.add(address, { data, format: undefined }).status;
}
function replace(address: string, data: string): number {
  return device.tree.replace(address, { data, format: undefined }).status;
}
function get(address: string): string | undefined {
  return device.tree.get(address).value;
}

describe('EnrollmentStatusTracking', () => {
  it('has a provider once it was added, with the defaults of its nodes', () => {
    expect(device.tree.get(`${PROVIDER}/InstallationState`).status).toBe(404);
    expect(replace(`${PROVIDER}/Timeout`, '20')).toBe(404);
    expect(add(PROVIDER)).toBe(200);
    expect(
      ['InstallationState', 'LastError', 'Timeout', 'TrackedResourceTypes/Apps'].map((name) =>
        get(`${PROVIDER}/${name}`),
      ),
    ).toEqual(['1', '0', '15', 'false']);
    expect(get(`${MSFT}/EnrollmentStatusTracking/DevicePreparation/PolicyProviders`)).toBe('Sidecar');
  });

  it('takes Add or Replace below a provider, the first Add only once', () => {
    expect(add(`${PROVIDER}/Timeout`, '20')).toBe(200);
    expect(add(`${PROVIDER}/Timeout`, '25')).toBe(418);
    expect(replace(`${PROVIDER}/Timeout`, '30')).toBe(200);
    expect(add(`${PROVIDER}/InstallationState`, '5')).toBe(500);
    expect(add(`${PROVIDER}/InstallationState`, '3')).toBe(200);
    expect(replace(`${PROVIDER}/TrackedResourceTypes/Apps`, 'yes')).toBe(415);
    expect(device.tree.delete(PROVIDER).status).toBe(200);
    expect(device.tree.get(`${PROVIDER}/Timeout`).status).toBe(404);
  });

  it('has apps in both scopes, the user’s only in the account phase, and no provider to prepare in the user’s', () => {
    const app = `${APPS}/Tracking/Sidecar/Win32App_1`;
    expect(add(`./Device/${app}/InstallationState`, '2')).toBe(200);
    expect(get(`./Device/${app}/RebootRequired`)).toBe('1');
    expect(replace(`./Device/${app}/RebootRequired`, '4')).toBe(500);
    expect(add(`./User/${app}/InstallationState`, '2')).toBe(405);
    beginPhase(device, 'user');
    expect(add(`./User/${app}/InstallationState`, '2')).toBe(200);
    expect(add(`./User/${APPS}/PolicyProviders/Sidecar/TrackingPoliciesCreated`, 'true')).toBe(200);
    expect(add(PROVIDER.replace('./Device', './User'))).toBe(404);
  });

  it('keeps to the device whether provisioning has completed', () => {
    const completed = `${MSFT}/EnrollmentStatusTracking/Setup/HasProvisioningCompleted`;
    expect([get(completed), replace(completed, 'false'), add(completed, 'false')]).toEqual(['true', 405, 405]);
    beginPhase(device, 'device');
    expect(get(completed)).toBe('false');
  });
});

describe('PassportForWork', () => {
  const TENANT = `${MSFT}/PassportForWork/22222222-2222-4222-8222-222222222222`;

  it('keeps what a tenant asks of Windows Hello, within its bounds', () => {
    expect(device.tree.get(`${TENANT}/Policies/UsePassportForWork`).status).toBe(404);
    expect(add(`${TENANT}/Policies/UsePassportForWork`, 'true')).toBe(200);
    expect(get(`${TENANT}/Policies/UsePassportForWork`)).toBe('true');
    expect(add(`${TENANT}/Policies/PINComplexity/MinimumPINLength`, '3')).toBe(500);
    expect(add(`${TENANT}/Policies/PINComplexity/MinimumPINLength`, '6')).toBe(200);
    expect(add(`${TENANT}/Policies/PINComplexity/Digits`, '3')).toBe(500);
    expect(get(`${MSFT}/PassportForWork/Biometrics/UseBiometrics`)).toBe('true');
    expect(device.tree.delete(TENANT).status).toBe(200);
    expect(device.tree.get(`${TENANT}/Policies/UsePassportForWork`).status).toBe(404);
  });
});

describe('settings by WMI', () => {
  it('are there once somebody has set them, under names with quotation marks', () => {
    const setting = './cimv2/MDM_ConfigSetting/MDM_ConfigSetting.SettingName=%22DefaultComanWorkloads%22/SettingValue';
    expect(device.tree.get(setting).status).toBe(404);
    expect(replace(setting, '1,9')).toBe(200);
    expect(get(setting.replaceAll('%22', '"'))).toBe('1,9');
  });
});
