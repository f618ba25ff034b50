// Certificates of the status page's two phases against the embedded backend over real sockets: SCEP as devices speak it, PKCS as they
// are sent it; and the service alone, in a process of its own. Named after the rows of user-driven mode (docs/simulation.md).
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keyPool } from '../../agent/identity/keys.ts';
import { DeviceNetwork } from '../../agent/network/device-network.ts';
import { trustStore } from '../../agent/network/trust.ts';
import { requestCertificate } from '../../agent/services/certificates.ts';
import type { CertificateAnswer, CertificateRequesting } from '../../agent/services/certificates.ts';
import { NETWORK_PROFILES } from '../../catalog/network-profiles.ts';
import type { StepFailure } from '../../catalog/failures.ts';
import { RealClock } from '../../kernel/clock.ts';
import { RandomStream } from '../../kernel/random.ts';
import type { Result } from '../../kernel/result.ts';
import { Stop } from '../../kernel/stop.ts';
import { extendedKeyUsage, keyUsage } from '../../protocol/pki/certificate.ts';
import { OID } from '../../protocol/encoding/object-identifiers.ts';
import { ShardRecorder } from '../../telemetry/recorder.ts';
import { readyOf, startProcess, testTenant } from './backend-process.ts';
import type { BackendProcess } from './backend-process.ts';
import { ForeignClient } from './foreign-client.ts';
import { managedFleet, managementMessages } from './managed-fleet.ts';

const COHORT = `
  - name: office
    count: 3
    sessionPause: 5 s
    esp:
      device: { policies: 2, certificates: 2, pkcsCertificates: 1 }
      user: { certificates: 1, pkcsCertificates: 1 }`;

describe('rows 8 and 10: certificates of the status page', () => {
  it('are enrolled by SCEP, three exchanges each, and the page waits for them', async () => {
    const fleet = await managedFleet(COHORT);
    expect(fleet.records.map(({ outcome }) => outcome)).toEqual(['succeeded', 'succeeded', 'succeeded']);
    const exchanges = fleet.exchanges.filter(({ service }) => service === 'certificates');
    const once = ['capabilities', 'ca-certificate', 'enroll'];
    expect(exchanges.map(({ operation }) => operation)).toEqual([...once, ...once, ...once]);
    expect(exchanges.map(({ status }) => status)).toEqual(Array.from({ length: 9 }, () => '200'));
    for (const { url } of exchanges) expect(url).toContain('/certsrv/mscep/mscep.dll/pkiclient.exe?operation=');
    expect(fleet.counts['certificates']).toBe(9);
    // The server asks, and is told 1: enrolled.
    const messages = managementMessages(fleet.exchanges).join('');
    for (const name of ['device-1', 'device-2', 'user-1']) {
      expect(messages).toMatch(new RegExp(`SCEP/Flotilla-${name}/Status</LocURI></Source>[^]{0,150}<Data>1</Data>`));
    }
  });

  it('show no challenge, PFX or password in a trace', async () => {
    const { exchanges } = await managedFleet(COHORT);
    const sent = managementMessages(exchanges).join('');
    for (const node of ['Install/Challenge', 'PFXCertBlob', 'PFXCertPassword']) {
      const items = [...sent.matchAll(new RegExp(`/${node}</LocURI>[^]*?<Data>([^<]*)</Data>`, 'g'))];
      expect(items.length).toBeGreaterThan(0);
      expect(new Set(items.map(([, data]) => data))).toEqual(new Set(['***']));
    }
  });
});

describe('the SCEP service in a process of its own', () => {
  const clock = new RealClock(1);
  const keys = keyPool('pool');
  let backend: BackendProcess;
  let client: ForeignClient;
  let network: DeviceNetwork;

  beforeAll(async () => {
    backend = await startProcess({ tenant: testTenant() });
    const { caPem, endpoints } = readyOf(backend);
    client = new ForeignClient(caPem);
    network = new DeviceNetwork({
      clock,
      recorder: new ShardRecorder(0, clock),
      stream: new RandomStream('link'),
      profile: NETWORK_PROFILES.loopback,
      faults: { reset: 0, drop: 0 },
      endpoints,
      trust: trustStore([caPem]),
      stop: new Stop(),
    });
  });

  afterAll(async () => {
    network.close();
    client.close();
    await backend.stop();
  });

  /** What an administrator copies from the page of NDES. */
  async function order(): Promise<{ challenge: string; caThumbprint: string }> {
    const { admin, endpoints } = readyOf(backend);
    const page = await client.send(`${endpoints.certificates}/certsrv/mscep_admin/`, {
      headers: { authorization: `Bearer ${admin.token}` },
    });
    const field = (name: string): string => new RegExp(`id="${name}">([^<]+)<`).exec(page.text)?.[1] ?? '';
    return { challenge: field('challenge'), caThumbprint: field('thumbprint') };
  }

  function request(
    index: number,
    changes: Pick<CertificateRequesting, 'challenge' | 'caThumbprint'>,
  ): Promise<Result<CertificateAnswer, StepFailure>> {
    const stream = new RandomStream(`request ${index}`);
    return requestCertificate(network, {
      serverUrl: `${readyOf(backend).endpoints.certificates}/certsrv/mscep/mscep.dll`,
      subject: [{ type: 'CN', value: `device ${index}` }],
      extensions: [keyUsage('digitalSignature', 'keyEncipherment'), extendedKeyUsage(OID.clientAuth)],
      key: keys.deviceKey('e2e', index, 'scep-1'),
      wallMs: clock.wallMs(),
      random: (length) => stream.bytes(length),
      ...changes,
    });
  }

  it('issues for a challenge of the administrator, and for no other', async () => {
    const ordered = await order();
    expect(await request(1, ordered)).toMatchObject({ ok: true, value: { kind: 'issued' } });
    expect(await request(2, ordered)).toMatchObject({
      ok: false,
      error: { code: 'certificate-refused', detail: expect.stringContaining('used before') },
    });
    expect(await request(3, { ...ordered, challenge: 'guessed' })).toMatchObject({
      error: { code: 'certificate-refused' },
    });
    expect(await request(4, { ...ordered, caThumbprint: '00'.repeat(20) })).toMatchObject({
      error: { code: '0x80091007' },
    });
  });

  it('shows its administrator page to nobody else', async () => {
    const page = await client.send(`${readyOf(backend).endpoints.certificates}/certsrv/mscep_admin/`);
    expect(page.status).toBe(401);
  });
});
