// A device's tree and the management service against each other, without a socket: for tests of what both sides make of each other.
import { deviceIdentity } from '../../agent/identity/device-identity.ts';
import type { InstallJob } from '../../agent/management/jobs.ts';
import { ManagedDevice } from '../../agent/management/managed-device.ts';
import { runSession } from '../../agent/management/session.ts';
import type { SessionOptions } from '../../agent/management/session.ts';
import type { AppFile, ContentSource } from '../../backend/management/content-source.ts';
import { ManagementService } from '../../backend/management/management-service.ts';
import { NO_CONTENT, type EspConfig, type PhaseContent } from '../../catalog/content.ts';
import { DEVICE_MODELS } from '../../catalog/device-models.ts';
import type { GroupConfig } from '../../catalog/tenant.ts';
import { MDM_PROVIDER_ID } from '../../catalog/tenant.ts';
import { assert, ok } from '../../kernel/result.ts';

export const SERVER = 'https://manage.flotilla.example/omadm';
export const DEVICE_CONTENT: PhaseContent = {
  ...NO_CONTENT,
  policies: 40,
  scepCertificates: 1,
  networkProfiles: 2,
  msiApps: [
    { name: 'Reader', sizeBytes: 1000 },
    { name: 'Office', sizeBytes: 2000 },
  ],
  modernApps: [{ name: 'Notes', sizeBytes: 500 }],
};
export const USER_CONTENT: PhaseContent = { ...NO_CONTENT, policies: 5, msiApps: [{ name: 'Chat', sizeBytes: 100 }] };

export function group(tag: string, esp: Partial<EspConfig> = {}, more: Partial<GroupConfig> = {}): GroupConfig {
  return {
    tag,
    windowsHello: false,
    updates: { kind: 'none', sizeBytes: 0, quality: null },
    coManagement: null,
    ...more,
    esp: {
      shown: true,
      timeoutMinutes: 90,
      allowReset: true,
      allowTryAgain: false,
      allowContinueAnyway: true,
      assignedTo: 'devices',
      blocks: 'all',
      providerTimeoutMinutes: 15,
      device: DEVICE_CONTENT,
      user: USER_CONTENT,
      ...esp,
    },
  } as GroupConfig;
}

/** Where files are, and certificates whose secrets tell whose they are. */
const SOURCE: ContentSource = {
  managementUrl: SERVER,
  tenantId: '22222222-2222-4222-8222-222222222222',
  certificates: {
    scepUrl: 'http://scep.flotilla.example/certsrv/mscep/mscep.dll',
    scepThumbprint: 'AB'.repeat(20),
    scepChallenge: ({ managedDeviceId, scope, number }) => `challenge ${managedDeviceId} ${scope} ${number}`,
    pfx: ({ managedDeviceId, scope, number }) => ({
      blob: Buffer.from(`pfx ${managedDeviceId} ${scope} ${number}`),
      password: `<password> ${number}`,
    }),
  },
  app: ({ name }) => file(`${name}.bin`),
  extensionInstaller: () => file('IntuneWindowsAgent.msi'),
  configManagerInstaller: () => file('ccmsetup.msi'),
};

function file(name: string): AppFile {
  const id = `00000000-0000-4000-8000-${Buffer.from(name).toString('hex').padEnd(12, '0').slice(0, 12)}`;
  return { id, url: `http://content.flotilla.example/content/${id}/${name}`, sha256: 'ab'.repeat(32) };
}

/** One device and its server. */
export class Setup {
  readonly service: ManagementService;
  readonly device: ManagedDevice;
  readonly tag: string | undefined;
  licensed = true;
  /** Bodies of both sides in order. */
  readonly bodies: string[] = [];
  readonly statuses: number[] = [];
  messages = 0;

  constructor(groups: readonly GroupConfig[] = [group('a')], tag: string | undefined = 'a') {
    this.tag = tag;
    this.service = new ManagementService({ tenant: { groups }, ...SOURCE });
    this.device = new ManagedDevice({
      deviceId: 'device-1',
      providerId: MDM_PROVIDER_ID,
      upn: 'user0@fleet.example',
      entraDeviceId: 'entra-1',
      identity: () => deviceIdentity('seed', 1, DEVICE_MODELS['simbook-13'], 0),
      hardwareHash: () => 'T0EA',
    });
  }

  post(body: string, userToken = false): { status: number; body: string } {
    return this.service.handle({
      managedDeviceId: 'm-1',
      describe: () => ({
        managedDeviceId: 'm-1',
        entraDeviceId: 'entra-1',
        upn: 'user0@fleet.example',
        licensed: this.licensed,
        groupTag: this.tag,
      }),
      userToken,
      body,
    });
  }

  session(options: Partial<SessionOptions> = {}, userToken = false): ReturnType<typeof runSession> {
    const exchange = (body: string): Promise<{ ok: true; value: string }> => {
      const reply = this.post(body, userToken);
      assert(reply.status === 200, `the service answers ${reply.status}`);
      this.bodies.push(body, reply.body);
      return Promise.resolve(ok(reply.body));
    };
    return runSession(this.device, exchange, {
      serverUri: SERVER,
      trigger: 'client',
      loginStatus: 'others',
      onMessage: () => this.messages++,
      onStatus: (code) => this.statuses.push(code),
      ...options,
    });
  }

  finish(jobs: readonly InstallJob[]): void {
    for (const job of jobs) this.device.finishJob(job, 'succeeded');
  }
}
