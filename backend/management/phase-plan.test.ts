import { describe, expect, it } from 'vitest';
import { NO_CONTENT, type CoManagementConfig, type EspConfig, type PhaseContent } from '../../catalog/content.ts';
import type { GroupConfig } from '../../catalog/tenant.ts';
import { parseSyncml, writeAround } from '../../protocol/management/syncml.ts';
import type { Command } from '../../protocol/management/syncml.ts';
import type { ContentSource } from './content-source.ts';
import { groupPlan, unlicensedPlan } from './phase-plan.ts';
import type { PhasePlan } from './phase-plan.ts';
import { fillRound } from './round.ts';
import type { Round } from './round.ts';

const SOURCE: ContentSource = {
  managementUrl: 'https://manage.flotilla.example/omadm',
  tenantId: 'tenant-1',
  certificates: {
    scepUrl: 'http://scep.flotilla.example/mscep.dll',
    scepThumbprint: 'AB'.repeat(20),
    scepChallenge: () => '',
    pfx: () => ({ blob: new Uint8Array(), password: '' }),
  },
  app: ({ name }) => file(`${name}.bin`),
  extensionInstaller: () => file('IntuneWindowsAgent.msi'),
  configManagerInstaller: () => file('ccmsetup.msi'),
};
const WIN32 = { name: 'Editor', sizeBytes: 1, blocking: true, dependsOn: [], restart: 'by-exit-code' } as const;
const CO_MANAGEMENT: CoManagementConfig = {
  clientSizeBytes: 1,
  workloads: ['device-configuration', 'compliance-policies'],
  taskSequenceApps: [],
};

function file(name: string): ReturnType<ContentSource['app']> {
  return { id: 'abcd', url: `http://content.flotilla.example/${name}`, sha256: 'ab' };
}

function group(
  device: Partial<PhaseContent>,
  esp: Partial<EspConfig> = {},
  more: Partial<GroupConfig> = {},
): GroupConfig {
  return {
    tag: 'a',
    windowsHello: false,
    updates: { kind: 'none', sizeBytes: 0, quality: null },
    coManagement: null,
    esp: {
      shown: true,
      timeoutMinutes: 45,
      allowReset: false,
      allowTryAgain: true,
      allowContinueAnyway: true,
      assignedTo: 'devices',
      blocks: 'all',
      providerTimeoutMinutes: 20,
      device: { ...NO_CONTENT, ...device },
      user: NO_CONTENT,
      ...esp,
    },
    ...more,
  } as GroupConfig;
}

/** The commands of a round as a device reads them, its own values by their names. */
function commandsOf(round: Round): readonly Command[] {
  const { text } = fillRound(round, (value) => `<${value}>`);
  const header = { sessionId: '1', msgId: 1, targetUri: 'd', sourceUri: 's' };
  const read = parseSyncml(writeAround(header, text, true));
  if (!read.ok) throw new Error(read.error.reason);
  return read.value.commands;
}

/** "target=data" of every item of a list of rounds, groups opened. */
function items(rounds: readonly Round[]): string[] {
  const open = (command: Command): string[] => {
    if ('commands' in command) return command.commands.flatMap(open);
    return 'items' in command ? (command.items ?? []).map(({ target, data }) => `${target}=${data ?? ''}`) : [];
  };
  return rounds.flatMap(commandsOf).flatMap(open);
}

function sentTo(config: GroupConfig, scope: 'device' | 'user' = 'device'): string[] {
  return items(groupPlan(config, SOURCE).phases[scope].provision);
}

function withText(sent: readonly string[], text: string): string[] {
  return sent.filter((line) => line.includes(text));
}

describe('a phase', () => {
  it('lists what it sends, divided by U+F000, and ends by saying so', () => {
    const sent = sentTo(group({ networkProfiles: 2, msiApps: [{ name: 'A', sizeBytes: 1 }] }));
    const [list] = withText(sent, 'ExpectedNetworkProfiles');
    expect(list?.split('=')[1]?.split('\uf000')).toEqual([
      './Device/Vendor/MSFT/WiFi/Profile/Flotilla%20Wi-Fi%201/WlanXml',
      './Device/Vendor/MSFT/VPNv2/Flotilla%20VPN%202/ProfileXML',
    ]);
    expect(withText(sent, 'ExpectedMSIAppPackages')[0]).toMatch(/MSI\/%7BABCD%7D\/Status;1$/);
    expect(withText(sent, 'ExpectedPolicies')[0]).toMatch(/\/EntDMID$/);
    expect(withText(sent, 'ExpectedSCEPCerts')).toEqual([]);
    expect(sent.findIndex((text) => text.includes('ServerHasFinishedProvisioning=true'))).toBeGreaterThan(
      sent.findIndex((text) => text.includes('DownloadInstall')),
    );
  });

  it('sets the page as the tenant wants it, in the device phase only', () => {
    const sent = sentTo(group({}));
    expect(
      withText(sent, 'FirstSyncStatus').map((text) => text.slice(text.lastIndexOf('FirstSyncStatus/') + 16)),
    ).toEqual([
      'SkipDeviceStatusPage=false',
      'SkipUserStatusPage=false',
      'TimeOutUntilSyncFailure=45',
      'BlockInStatusPage=6',
      'AllowCollectLogsButton=true',
      expect.stringMatching(/^CustomErrorText=.+/),
      expect.stringMatching(/^ExpectedPolicies=/),
      'ServerHasFinishedProvisioning=true',
    ]);
    const provider = 'Vendor/MSFT/DMClient/Provider/Flotilla%20MDM';
    expect(sentTo(group({}), 'user')).toEqual([
      `./User/${provider}/FirstSyncStatus/ExpectedPolicies=./${provider}/EntDMID`,
      `./User/${provider}/FirstSyncStatus/ServerHasFinishedProvisioning=true`,
    ]);
    expect(withText(sentTo(group({}, { shown: false })), 'SkipDevice')).toEqual([]);
  });

  it('numbers the commands of a message from 1, groups before what is in them', () => {
    const { provision } = groupPlan(group({ policies: 2 }), SOURCE).phases.device;
    const round = provision.find((each) => each.texts.join('').includes('Policy/Config'))!;
    expect(commandsOf(round)).toMatchObject([
      { kind: 'atomic', cmdId: '1', commands: [{ cmdId: '2' }, { cmdId: '3' }] },
    ]);
    expect(round.commands).toBe(3);
  });

  it('puts policies that need a restart into areas of their own', () => {
    const policies = withText(sentTo(group({ policies: 10, restartPolicies: 2 })), '/Policy/Config/');
    expect(policies).toHaveLength(12);
    expect(withText(policies, '/SimulatedRestart0/').map((text) => text.split('=')[0]?.split('/').at(-1))).toEqual([
      'Setting0',
      'Setting1',
    ]);
  });

  it('asks for Windows Hello and quality updates where the group has them', () => {
    const quality = { kind: 'none', sizeBytes: 0, quality: { sizeBytes: 1, restart: false } } as const;
    const sent = sentTo(group({}, { shown: false }, { windowsHello: true, updates: quality }));
    expect(sent).toContain('./Device/Vendor/MSFT/PassportForWork/tenant-1/Policies/UsePassportForWork=true');
    expect(sent).toContain('./Device/Vendor/MSFT/Policy/Config/Update/SimulatedQualityUpdatesAfterOobe=1');
    expect(withText(sentTo(group({})), 'PassportForWork')).toEqual([]);
  });

  it('orders each certificate in one Atomic with the device and its user as subjects', () => {
    const content = { scepCertificates: 2, pfxCertificates: 1 };
    const plan = groupPlan(group(content, { user: { ...NO_CONTENT, ...content } }), SOURCE);
    const [first, , pfx] = plan.phases.device.provision
      .flatMap(commandsOf)
      .filter((command) => command.kind === 'atomic' && JSON.stringify(command).includes('ClientCertificateInstall'));
    const settings = (command: Command | undefined): string[] =>
      command !== undefined && 'commands' in command
        ? command.commands.flatMap((child) =>
            'items' in child ? (child.items ?? []).map((item) => `${item.target?.split('/').at(-1)}=${item.data}`) : [],
          )
        : [];
    expect(settings(first)).toEqual(
      expect.arrayContaining([
        'ServerURL=http://scep.flotilla.example/mscep.dll',
        'Challenge=<scep-challenge device 1>',
        'SubjectName=CN=<entra-device-id>',
        `CAThumbprint=${'AB'.repeat(20)}`,
        'KeyUsage=160',
        'EKUMapping=1.3.6.1.5.5.7.3.2',
        'RetryCount=3',
      ]),
    );
    expect(settings(first).at(-1)).toBe('Enroll=');
    expect(settings(pfx)).toEqual(
      expect.arrayContaining(['PFXCertBlob=<pfx-blob device 1>', 'PFXCertPassword=<pfx-password device 1>']),
    );
    const user = items(plan.phases.user.provision);
    expect(withText(user, 'SubjectName')[0]).toContain('=CN=<upn>');
    expect(withText(user, 'SubjectAlternativeNames')[0]).toContain('=11+<upn>');
    // The page waits for what SCEP brings, not for PKCS.
    expect(withText(user, 'ExpectedSCEPCerts')[0]?.split('\uf000')).toHaveLength(2);
    expect(withText(user, 'ExpectedPFX')).toEqual([]);
  });

  it('has nothing that waits for apps in the device phase where the page is assigned to users', () => {
    const apps = {
      msiApps: [{ name: 'A', sizeBytes: 1 }],
      modernApps: [{ name: 'B', sizeBytes: 1 }],
      networkProfiles: 1,
    };
    const config = group(apps, { assignedTo: 'users', user: { ...NO_CONTENT, ...apps } });
    const sent = sentTo(config);
    expect(withText(sent, 'AppPackages')).toEqual([]);
    expect(withText(sent, 'ExpectedNetworkProfiles')).toHaveLength(1);
    expect(withText(sent, 'DownloadInstall')).toHaveLength(2);
    expect(withText(sentTo(config, 'user'), 'AppPackages')).toHaveLength(2);
  });

  it('keeps every message under what a device takes, at the largest that a scenario can ask for', () => {
    const apps = Array.from({ length: 100 }, (_, i) => ({ name: `${'n'.repeat(36)} ${i}`, sizeBytes: 1 }));
    const most = { scepCertificates: 100, pfxCertificates: 100, networkProfiles: 100, msiApps: apps, modernApps: apps };
    const content = { ...NO_CONTENT, ...most, policies: 500, win32Apps: [WIN32] };
    const coManagement = { ...CO_MANAGEMENT, taskSequenceApps: apps };
    const { phases } = groupPlan(group(content, { user: content }, { coManagement }), SOURCE);
    const rounds = [phases.device, phases.user].flatMap(({ provision, follow }: PhasePlan) => [...provision, follow!]);
    for (const round of rounds) {
      // A PFX of RSA-2048 is about 3.5 KB of base64.
      const { text } = fillRound(round, (value) => 'A'.repeat(value.startsWith('pfx-blob') ? 6_000 : 200));
      expect(text.length).toBeLessThan(128 * 1024);
    }
  });
});

describe('agents of their own', () => {
  it('come as MSIs, are registered as providers, and are asked for afterwards', () => {
    const plan = groupPlan(group({ win32Apps: [WIN32] }, {}, { coManagement: CO_MANAGEMENT }), SOURCE);
    const sent = items(plan.phases.device.provision);
    const tracking = './Device/Vendor/MSFT/EnrollmentStatusTracking';
    for (const name of ['Sidecar', 'ConfigMgr']) {
      expect(sent).toContain(`${tracking}/DevicePreparation/PolicyProviders/${name}=`);
      expect(sent).toContain(`${tracking}/DevicePreparation/PolicyProviders/${name}/Timeout=20`);
      expect(sent).toContain(`${tracking}/DevicePreparation/PolicyProviders/${name}/TrackedResourceTypes/Apps=true`);
      expect(sent).toContain(`${tracking}/Setup/Apps/PolicyProviders/${name}=`);
    }
    const jobs = withText(sent, '<MsiInstallJob');
    expect(jobs.map((job) => /<ContentURL>.*\/(.*)<\/ContentURL>/.exec(job)?.[1])).toEqual([
      'IntuneWindowsAgent.msi',
      'ccmsetup.msi',
    ]);
    // They prepare the page; they are no apps of it.
    expect(withText(sent, 'ExpectedMSIAppPackages')).toEqual([]);
    const asked = items([plan.phases.device.follow!]);
    expect(asked).toContain(`${tracking}/DevicePreparation/PolicyProviders/Sidecar/InstallationState=`);
    expect(asked).toContain(`${tracking}/Setup/Apps/PolicyProviders/ConfigMgr/TrackingPoliciesCreated=`);
    expect(asked).toContain(`${tracking}/Setup/Apps/Tracking/Sidecar=`);
    // In the user phase only the extension goes on.
    const user = items(plan.phases.user.provision);
    expect(withText(user, '/PolicyProviders/')).toEqual([
      './User/Vendor/MSFT/EnrollmentStatusTracking/Setup/Apps/PolicyProviders/Sidecar=',
    ]);
    expect(withText(items([plan.phases.user.follow!]), 'Sidecar')).toHaveLength(2);
  });

  it('are not registered where no page waits for them, and still come', () => {
    const sent = sentTo(group({ win32Apps: [WIN32] }, { shown: false }));
    expect(withText(sent, 'EnrollmentStatusTracking')).toEqual([]);
    expect(withText(sent, 'IntuneWindowsAgent.msi')).toHaveLength(1);
    expect(withText(sentTo(group({})), 'IntuneWindowsAgent.msi')).toEqual([]);
  });

  it('get the workloads of co-management in the order in which authority passes', () => {
    const apps = [{ name: 'Agent', sizeBytes: 1 }];
    const config = group({}, {}, { coManagement: { ...CO_MANAGEMENT, taskSequenceApps: apps } });
    const setting = (name: string): string =>
      `./cimv2/MDM_ConfigSetting/MDM_ConfigSetting.SettingName=%22${name}%22/SettingValue`;
    const sent = sentTo(config);
    expect(sent).toContain(`${setting('DefaultComanWorkloads')}=1,9,11`);
    expect(withText(sent, 'ProvisioningTS')[0]).toContain('"name":"Agent"');
    expect(withText(sent, 'ccmsetup.msi')[0]).toContain('PROVISIONTS');
    expect(items([groupPlan(config, SOURCE).poll])).toContain(`${setting('CoManagementFlags')}=`);
    expect(items([groupPlan(group({}), SOURCE).poll]).join()).not.toContain('CoManagementFlags');
  });
});

describe('a device whose user has no licence', () => {
  it('gets its page and nothing that would end it', () => {
    const config = group({ policies: 5, win32Apps: [WIN32] }, {}, { coManagement: CO_MANAGEMENT });
    const { phases } = unlicensedPlan(config);
    const sent = items(phases.device.provision);
    expect(withText(sent, 'SkipDeviceStatusPage=false')).toHaveLength(1);
    for (const text of ['ServerHasFinishedProvisioning', 'MsiInstallJob', '/Policy/Config/', 'PolicyProviders']) {
      expect(withText(sent, text)).toEqual([]);
    }
    expect(phases.user.provision).toEqual([]);
    expect(items([phases.device.follow!])).toHaveLength(2);
  });
});
