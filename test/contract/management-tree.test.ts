// The management tree against what the CSP documentation says a device answers, and the page's trackers against what the tree holds.
import { beforeEach, describe, expect, it } from 'vitest';
import { CommandRunner } from '../../agent/management/command-runner.ts';
import { beginPhase, finishPhase, trackPhase } from '../../agent/management/esp-tracking.ts';
import { LargeObject } from '../../agent/management/large-object.ts';
import { ManagedDevice } from '../../agent/management/managed-device.ts';
import type { ManagementTree } from '../../agent/management/tree.ts';
import { deviceIdentity } from '../../agent/identity/device-identity.ts';
import { DEVICE_MODELS } from '../../catalog/device-models.ts';
import { LIMITS } from '../../kernel/limits.ts';
import { writeMsiJob } from '../../protocol/management/msi-job.ts';
import type { Command, RequestCommand } from '../../protocol/management/syncml.ts';

const MSFT = './Device/Vendor/MSFT';
const FIRST_SYNC = `${MSFT}/DMClient/Provider/MS%20DM%20Server/FirstSyncStatus`;
const USER_FIRST_SYNC = './User/Vendor/MSFT/DMClient/Provider/MS%20DM%20Server/FirstSyncStatus';
const TRACKING = `${MSFT}/EnrollmentStatusTracking`;
const PRODUCT = '%7B0000-1111%7D';

let device: ManagedDevice;
let tree: ManagementTree;
let hashes = 0;

beforeEach(() => {
  hashes = 0;
  device = new ManagedDevice({
    deviceId: 'device-1',
    providerId: 'MS DM Server',
    upn: 'user0@fleet.example',
    entraDeviceId: 'entra-1',
    identity: () => deviceIdentity('seed', 1, DEVICE_MODELS['simbook-13'], 0),
    hardwareHash: () => `T0EA${++hashes}`,
  });
  tree = device.tree;
});

function add(address: string, data = '', format?: string): number {
  return tree.add(address, { data, format }).status;
}
function replace(address: string, data: string, format?: string): number {
  return tree.replace(address, { data, format }).status;
}

/** Runs commands as one message and gives "Cmd code" for each Status. */
function run(...commands: RequestCommand[]): string[] {
  const runner = new CommandRunner(tree, 1, new LargeObject(), () => '1');
  for (const command of commands) runner.run(command);
  return runner.replies.flatMap((reply) => (reply.kind === 'status' ? [`${reply.cmd} ${reply.code}`] : []));
}
let lastId = 0;
function command(kind: 'get' | 'add' | 'replace' | 'delete' | 'exec', target: string, data?: string): RequestCommand {
  return { kind, cmdId: String(++lastId), items: [{ target, data }] };
}
function group(kind: 'atomic' | 'sequence', ...commands: Command[]): RequestCommand {
  return { kind, cmdId: String(++lastId), commands };
}

describe('nodes', () => {
  it('serves the nodes that servers ask for', () => {
    for (const address of [
      './DevInfo/DevId',
      './DevInfo/Lang',
      './DevDetail/SwV',
      './DevDetail/Ext/Microsoft/SMBIOSSerialNumber',
      './DevDetail/Ext/Microsoft/TotalRAM',
      './Vendor/MSFT/WindowsAutopilot/HardwareMismatchRemediationData',
      './Vendor/MSFT/NodeCache/MS%20DM%20Server/CacheVersion',
      './Vendor/MSFT/DMClient/HWDevID',
      './Vendor/MSFT/DMClient/Provider/MS%20DM%20Server/AADDeviceID',
      './Vendor/MSFT/DMClient/Provider/MS%20DM%20Server/Push/Status',
      './Device/Vendor/MSFT/DeviceManageability/Capabilities/CSPVersions',
      './Vendor/MSFT/WindowsLicensing/Edition',
      './Vendor/MSFT/DeviceStatus/TPM/ManufacturerIdTxt',
      './Device/Vendor/MSFT/BitLocker/Status/DeviceEncryptionStatus',
      './Vendor/MSFT/HealthAttestation/Status',
      './Vendor/MSFT/Update/InstalledUpdates',
      './cimv2/Win32_OperatingSystem/Win32_OperatingSystem=%40/SystemDrive',
      "./cimv2/Win32_LogicalDisk/Win32_LogicalDisk.DeviceID='C:'/FreeSpace",
      './Device/Vendor/MSFT/DevicePreparation/PageStatus',
      './Vendor/MSFT/DMSessionActions/MS%20DM%20Server/CheckinAlertConfiguration/Nodes',
      './Vendor/MSFT/Uefi/DeviceIdentifier',
      './Vendor/MSFT/DeviceInstanceService/IMEI',
    ]) {
      expect([address, tree.get(address).status]).toEqual([address, 200]);
    }
    expect(tree.get('./DevInfo/Man')).toEqual({ status: 200, value: 'Simulated Devices', format: 'chr' });
    expect(tree.get('./DevInfo/DmV').value).toBe('1.3');
  });

  it('computes the hardware hash only when it is asked for', () => {
    tree.get('./DevInfo/DevId');
    expect(hashes).toBe(0);
    expect(tree.get('./DevDetail/Ext/DeviceHardwareData').value).toBe('T0EA1');
  });

  it('takes no prefix, ./Device and any percent-encoding as one node', () => {
    expect(replace('./Vendor/MSFT/DMClient/Provider/MS DM Server/Push/PFN', 'x')).toBe(200);
    expect(tree.get('./Device/Vendor/MSFT/DMClient/Provider/MS%20DM%20Server/Push/PFN').value).toBe('x');
  });

  it('gives the names below a node, encoded, divided by slashes', () => {
    expect(tree.get('./DevInfo').value).toBe('DevId/Man/Mod/DmV/Lang');
    expect(tree.get('./Vendor/MSFT/DMClient/Provider').value).toBe('MS%20DM%20Server');
    add(`${MSFT}/WiFi/Profile/My%20Net%2Fwork/WlanXml`, '<x/>');
    expect(tree.get(`${MSFT}/WiFi/Profile`)).toEqual({ status: 200, value: 'My%20Net%2Fwork', format: 'node' });
    expect(tree.get(`${MSFT}/WiFi/Profile/My%20Net%2Fwork`).value).toBe('WlanXml');
  });

  it('answers as documented', () => {
    expect(tree.get('./DevInfo/Nothing').status).toBe(404);
    expect(tree.get('/DevInfo/Man').status).toBe(400);
    expect(tree.get('DevInfo/Man').status).toBe(400);
    expect(tree.get('./DevInfo/%zz').status).toBe(400);
    expect(tree.get('./DevInfo?list=Struct').status).toBe(406);
    expect(replace('./DevInfo/Man', 'x')).toBe(405);
    expect(add('./DevInfo/Man', 'x')).toBe(405);
    expect(tree.delete('./DevInfo/Man').status).toBe(405);
    expect(tree.execute('./DevInfo/Man', '').status).toBe(405);
    expect(add(`${MSFT}/WiFi/Profile/a/WlanXml`, '<x/>')).toBe(200);
    expect(add(`${MSFT}/WiFi/Profile/a/WlanXml`, '<x/>')).toBe(418);
    expect(replace(`${MSFT}/WiFi/Profile/b/WlanXml`, '<x/>')).toBe(404);
    expect(tree.delete(`${MSFT}/WiFi/Profile/b`).status).toBe(404);
    expect(tree.delete(`${MSFT}/WiFi/Profile/a`).status).toBe(200);
    expect(tree.get(`${MSFT}/WiFi/Profile/a/WlanXml`).status).toBe(404);
    expect(replace(`${FIRST_SYNC}/TimeOutUntilSyncFailure`, 'soon')).toBe(415);
    expect(replace(`${FIRST_SYNC}/TimeOutUntilSyncFailure`, '30', 'chr')).toBe(415);
    expect(replace('./Vendor/MSFT/DMClient/Provider/Other/EntDMID', 'x')).toBe(425);
  });

  it('adds or replaces any policy', () => {
    expect(replace(`${MSFT}/Policy/Config/Area/Name`, '1', 'int')).toBe(200);
    expect(tree.get(`${MSFT}/Policy/Config/Area/Name`)).toEqual({ status: 200, value: '1', format: 'int' });
    expect(tree.get(`${MSFT}/Policy/Result/Area/Name`).value).toBe('1');
    expect(add(`${MSFT}/Policy/Config/Area/Name`, '2', 'int')).toBe(418);
    expect(tree.get(`${MSFT}/Policy/Config/Other/Name`).status).toBe(404);
  });

  it('answers 0 below a PFX certificate that is not there', () => {
    expect(tree.get(`${MSFT}/ClientCertificateInstall/PFXCertInstall/x/Thumbprint`)).toMatchObject({
      status: 200,
      value: '0',
    });
    expect(tree.get(`${MSFT}/ClientCertificateInstall/SCEP/x/Status`).status).toBe(404);
  });

  it('keeps user nodes out of reach until the account phase', () => {
    expect(tree.get(`${USER_FIRST_SYNC}/IsSyncDone`).status).toBe(405);
    expect(replace('./User/Vendor/MSFT/Policy/Config/A/B', '1')).toBe(405);
    beginPhase(device, 'user');
    expect(tree.get(`${USER_FIRST_SYNC}/IsSyncDone`).value).toBe('false');
    expect(replace('./User/Vendor/MSFT/Policy/Config/A/B', '1')).toBe(200);
    expect(tree.get(`${MSFT}/Policy/Config/A/B`).status).toBe(404);
    expect(tree.get(`${USER_FIRST_SYNC}/TimeOutUntilSyncFailure`).status).toBe(404);
  });

  it('has room for so much and no more', () => {
    const big = 'x'.repeat(LIMITS.treeCharactersMax / 4);
    const answers = Array.from({ length: 6 }, (_, i) => replace(`${MSFT}/Policy/Config/A/N${i}`, big));
    expect(answers).toEqual([200, 200, 200, 200, 420, 420]);
    tree.delete(`${MSFT}/Policy/Config/A/N0`);
    expect(replace(`${MSFT}/Policy/Config/A/N9`, big)).toBe(200);
  });
});

describe('FirstSyncStatus', () => {
  it('has the documented defaults', () => {
    const values = [
      'TimeOutUntilSyncFailure',
      'ServerHasFinishedProvisioning',
      'IsSyncDone',
      'BlockInStatusPage',
      'SkipDeviceStatusPage',
    ];
    expect(values.map((name) => tree.get(`${FIRST_SYNC}/${name}`).value)).toEqual([
      '60',
      'false',
      'false',
      '0',
      'true',
    ]);
    expect(tree.get(`${FIRST_SYNC}/ExpectedPolicies`).status).toBe(404);
  });

  it('does not take back what was declared finished', () => {
    expect(replace(`${FIRST_SYNC}/ServerHasFinishedProvisioning`, 'true')).toBe(200);
    expect(replace(`${FIRST_SYNC}/ServerHasFinishedProvisioning`, 'true')).toBe(200);
    expect(replace(`${FIRST_SYNC}/ServerHasFinishedProvisioning`, 'false')).toBe(405);
    expect(replace(`${FIRST_SYNC}/IsSyncDone`, 'false')).toBe(200);
    expect(replace(`${FIRST_SYNC}/IsSyncDone`, 'true')).toBe(200);
    expect(replace(`${FIRST_SYNC}/IsSyncDone`, 'true')).toBe(405);
    expect(replace(`${FIRST_SYNC}/IsSyncDone`, 'false')).toBe(405);
  });

  it('bounds the time-out to a day', () => {
    expect(replace(`${FIRST_SYNC}/TimeOutUntilSyncFailure`, '1440')).toBe(200);
    expect(replace(`${FIRST_SYNC}/TimeOutUntilSyncFailure`, '10800')).toBe(500);
    expect(replace(`${FIRST_SYNC}/WasDeviceSuccessfullyProvisioned`, '3')).toBe(500);
    expect(replace(`${FIRST_SYNC}/BlockInStatusPage`, '8')).toBe(500);
  });
});

describe('groups of commands', () => {
  const policy = (name: string): string => `${MSFT}/Policy/Config/A/${name}`;

  it('runs an Atomic as a whole', () => {
    expect(run(group('atomic', command('replace', policy('a'), '1'), command('replace', policy('b'), '2')))).toEqual([
      'Atomic 200',
      'Replace 200',
      'Replace 200',
    ]);
    expect(tree.get(policy('b')).value).toBe('2');
  });

  it('undoes an Atomic that fails in the middle', () => {
    replace(policy('a'), '0');
    const atomic = group(
      'atomic',
      command('replace', policy('a'), '1'),
      command('add', policy('b'), '1'),
      command('replace', './DevInfo/Man', 'x'),
      command('add', policy('c'), '1'),
    );
    expect(run(atomic)).toEqual(['Atomic 507', 'Replace 216', 'Add 216', 'Replace 405', 'Add 215']);
    expect(tree.get(policy('a')).value).toBe('0');
    expect(tree.get(policy('b')).status).toBe(404);
  });

  it('can not undo an Exec', () => {
    add(`${MSFT}/ClientCertificateInstall/SCEP/x/Install/ServerURL`, 'u');
    const enroll = command('exec', `${MSFT}/ClientCertificateInstall/SCEP/x/Install/Enroll`);
    expect(run(group('atomic', enroll, command('add', './DevInfo/Man')))).toEqual([
      'Atomic 507',
      'Exec 516',
      'Add 405',
    ]);
  });

  it('refuses Get and Atomic within an Atomic', () => {
    expect(run(group('atomic', command('get', './DevInfo/Man')))).toEqual(['Atomic 507', 'Get 500']);
    expect(run(group('atomic', command('replace', policy('a'), '1'), group('atomic')))).toEqual([
      'Atomic 507',
      'Replace 216',
      'Atomic 500',
    ]);
  });

  it('runs a Sequence in order, whatever fails in it', () => {
    expect(
      run(
        group(
          'sequence',
          command('add', policy('a'), '1'),
          command('add', policy('a'), '1'),
          command('get', policy('a')),
        ),
      ),
    ).toEqual(['Sequence 200', 'Add 200', 'Add 418', 'Get 200']);
  });

  it('answers 400 to a command without CmdID', () => {
    expect(run({ kind: 'get', cmdId: '', items: [{ target: './DevInfo/Man' }] })).toEqual(['Get 400']);
    expect(run({ kind: 'atomic', cmdId: '', commands: [command('add', policy('a'), '1')] })).toEqual(['Atomic 400']);
  });

  it('joins an object that comes in pieces', () => {
    const piece = (data: string, moreData: boolean): RequestCommand => ({
      kind: 'add',
      cmdId: '1',
      items: [{ target: policy('big'), data, moreData }],
    });
    expect(run(piece('one ', true), piece('two ', true), piece('three', false))).toEqual([
      'Add 213',
      'Add 213',
      'Add 200',
    ]);
    expect(tree.get(policy('big')).value).toBe('one two three');
  });
});

describe('work that a server orders', () => {
  const MSI = `${MSFT}/EnterpriseDesktopAppManagement/MSI/${PRODUCT}`;
  const JOB = writeMsiJob({
    id: '{0000-1111}',
    version: '2.0',
    contentUrls: ['http://content.example/a.msi'],
    fileHash: 'AB',
    commandLine: '/quiet',
    timeoutMinutes: 10,
    retryCount: 1,
    retryIntervalMinutes: 5,
  });

  it('takes an MSI job by 202 and reports its progress', () => {
    expect(tree.execute(`${MSI}/DownloadInstall`, JOB).status).toBe(404);
    expect(add(`${MSI}/DownloadInstall`)).toBe(200);
    expect(tree.get(`${MSI}/Status`).value).toBe('10');
    expect(tree.execute(`${MSI}/DownloadInstall`, '<Nothing/>').status).toBe(400);
    expect(tree.execute(`${MSI}/DownloadInstall`, JOB).status).toBe(202);
    expect(tree.execute(`${MSI}/DownloadInstall`, JOB).status).toBe(202);
    const jobs = device.takeJobs();
    expect(jobs).toMatchObject([
      { kind: 'msi', scope: 'device', id: '{0000-1111}', contentUrl: 'http://content.example/a.msi', fileHash: 'AB' },
    ]);
    device.jobReached(jobs[0]!, 'installing');
    expect(tree.get(`${MSI}/Status`).value).toBe('50');
    device.finishJob(jobs[0]!, 'succeeded');
    expect(tree.get(`${MSI}/Status`).value).toBe('70');
    expect(device.takeAlerts()).toMatchObject([
      {
        code: 1226,
        source: `${MSI}/DownloadInstall`,
        type: 'Reversed-Domain-Name:com.microsoft.mdm.win32csp_install',
        data: '0',
      },
    ]);
    expect(device.takeAlerts()).toEqual([]);
  });

  it('enrolls a certificate when told to, and says so when it has', () => {
    const scep = `${MSFT}/ClientCertificateInstall/SCEP/one`;
    expect(add(`${scep}/Install/ServerURL`, 'https://ca.example/')).toBe(200);
    expect(tree.get(`${scep}/Status`).value).toBe('32');
    expect(tree.execute(`${scep}/Install/Enroll`, '').status).toBe(200);
    expect(tree.get(`${scep}/Status`).value).toBe('2');
    const [job] = device.takeJobs();
    device.finishJob(job!, 'succeeded');
    expect(tree.get(`${scep}/Status`).value).toBe('1');
    expect(device.takeAlerts()).toEqual([]);
  });
});

describe('what the page tracks', () => {
  it('counts the lists that the server sent', () => {
    add(`${FIRST_SYNC}/ExpectedPolicies`, `${MSFT}/Policy/Config/A/a\uf000${MSFT}/Policy/Config/A/b`);
    add(`${FIRST_SYNC}/ExpectedMSIAppPackages`, `${MSFT}/EnterpriseDesktopAppManagement/MSI/${PRODUCT}/Status;3\uf000`);
    add(
      `${FIRST_SYNC}/ExpectedModernAppPackages`,
      `./Vendor/MSFT/EnterpriseModernAppManagement/AppInstallation/App_1;2`,
    );
    expect(trackPhase(device, 'device')).toMatchObject({ state: 'identifying', trackers: { apps: { expected: -1 } } });
    replace(`${FIRST_SYNC}/ServerHasFinishedProvisioning`, 'true');
    replace(`${MSFT}/Policy/Config/A/a`, '1');
    expect(trackPhase(device, 'device')).toMatchObject({
      state: 'working',
      trackers: { securityPolicies: { expected: 1, completed: 0 }, apps: { expected: 5, completed: 0 } },
    });
    replace(`${MSFT}/Policy/Config/A/b`, '1');
    tree.write('D/Vendor/MSFT/EnterpriseDesktopAppManagement/MSI/{0000-1111}/Status', '70');
    expect(trackPhase(device, 'device').trackers).toMatchObject({
      securityPolicies: { completed: 1 },
      apps: { completed: 3 },
    });
    tree.write('D/Vendor/MSFT/EnterpriseModernAppManagement/AppInstallation/App_1/Status', '3');
    expect(trackPhase(device, 'device').state).toBe('ready');
  });

  it('waits for policy providers and the apps that they track', () => {
    replace(`${FIRST_SYNC}/ServerHasFinishedProvisioning`, 'true');
    add(`${TRACKING}/DevicePreparation/PolicyProviders/Sidecar`);
    add(`${TRACKING}/Setup/Apps/PolicyProviders/Sidecar`);
    expect(tree.get(`${TRACKING}/DevicePreparation/PolicyProviders/Sidecar/Timeout`).value).toBe('15');
    expect(trackPhase(device, 'device')).toMatchObject({
      state: 'identifying',
      preparation: { expected: 1, completed: 0 },
    });
    replace(`${TRACKING}/DevicePreparation/PolicyProviders/Sidecar/InstallationState`, '3');
    replace(`${TRACKING}/Setup/Apps/PolicyProviders/Sidecar/TrackingPoliciesCreated`, 'true');
    expect(add(`${TRACKING}/Setup/Apps/Tracking/Sidecar/App1/InstallationState`, '5')).toBe(500);
    expect(add(`${TRACKING}/Setup/Apps/Tracking/Sidecar/App1/InstallationState`, '2')).toBe(200);
    expect(trackPhase(device, 'device')).toMatchObject({
      state: 'working',
      trackers: { apps: { expected: 1, completed: 0 } },
    });
    replace(`${TRACKING}/Setup/Apps/Tracking/Sidecar/App1/InstallationState`, '4');
    expect(trackPhase(device, 'device')).toMatchObject({ state: 'failed', failure: { code: '0x87d1041c' } });
    replace(`${TRACKING}/Setup/Apps/Tracking/Sidecar/App1/InstallationState`, '3');
    expect(trackPhase(device, 'device').state).toBe('ready');
  });

  it('shows and withdraws the page, and lets the server end it', () => {
    const completed = `${TRACKING}/Setup/HasProvisioningCompleted`;
    expect(tree.get(completed).value).toBe('true');
    beginPhase(device, 'device');
    expect(tree.get(completed).value).toBe('false');
    finishPhase(device, 'device', true);
    expect([tree.get(completed).value, tree.get(`${FIRST_SYNC}/WasDeviceSuccessfullyProvisioned`).value]).toEqual([
      'true',
      '1',
    ]);
    expect(trackPhase(device, 'device').state).toBe('ready');
    beginPhase(device, 'user');
    replace(`${USER_FIRST_SYNC}/WasDeviceSuccessfullyProvisioned`, '0');
    replace(`${USER_FIRST_SYNC}/IsSyncDone`, 'true');
    expect(trackPhase(device, 'user').failure?.code).toBe('provisioning-ended-by-server');
  });
});
