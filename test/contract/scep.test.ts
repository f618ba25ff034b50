// The agent's SCEP client against the embedded service, without sockets: what one asks the other answers, and what is not the
// authority's answer to this request is refused.
import { X509Certificate } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { keyPool } from '../../agent/identity/keys.ts';
import type { DeviceNetwork } from '../../agent/network/device-network.ts';
import { Reply } from '../../agent/network/reply.ts';
import type { ExchangeRequest } from '../../agent/network/request.ts';
import { requestCertificate } from '../../agent/services/certificates.ts';
import type { CertificateAnswer, CertificateRequesting } from '../../agent/services/certificates.ts';
import { scepChallenge } from '../../backend/certificates/challenge.ts';
import { pfxFor } from '../../backend/certificates/pfx.ts';
import { certificatesService } from '../../backend/certificates/service.ts';
import { testRequest, testTenant } from '../../backend/fixtures/tenant.ts';
import { Router } from '../../backend/http/router.ts';
import type { StepFailure } from '../../catalog/failures.ts';
import { RandomStream } from '../../kernel/random.ts';
import { ok } from '../../kernel/result.ts';
import type { Result } from '../../kernel/result.ts';
import { toBase64 } from '../../protocol/encoding/base64.ts';
import { extendedKeyUsage, keyUsage, subjectAltNames } from '../../protocol/pki/certificate.ts';
import { writeCertificates } from '../../protocol/pki/cms-signed.ts';
import { sha1Thumbprint } from '../../protocol/encoding/digest.ts';
import { OID } from '../../protocol/encoding/object-identifiers.ts';
import { MESSAGE_TYPE, parseScepMessage, PKI_STATUS, writeScepMessage } from '../../protocol/pki/scep.ts';
import { fakeDevice, prepared } from './fake-device.ts';

const { tenant } = testTenant();
const keys = keyPool('pool');
let router: Router;
let certificates: ReturnType<typeof certificatesService>;

beforeAll(() => {
  certificates = certificatesService(tenant);
  router = new Router(certificates.routes);
});

interface Asked {
  readonly operation: string;
  readonly method: string;
}

type Change = (
  operation: string,
  reply: { status: number; body: Buffer },
  request: Buffer,
) => { status: number; body: Buffer };

/** A network whose other end is the service's router; `change` is what happens to replies on their way. */
function network(asked: Asked[] = [], change: Change = (_operation, reply) => reply): DeviceNetwork {
  const exchange = async (_service: string, operation: string, request: ExchangeRequest): Promise<unknown> => {
    asked.push({ operation, method: request.method });
    const url = new URL(request.target);
    const body = Buffer.from((request.body as Uint8Array | undefined) ?? []);
    const reply = router.handle(
      testRequest({
        method: request.method,
        path: url.pathname,
        query: url.searchParams,
        body: body.toString('latin1'),
      }),
    );
    const bytes = Buffer.from(reply.body as Uint8Array);
    const changed = change(operation, { status: reply.status, body: bytes }, body);
    return ok(new Reply(changed.status, [], changed.body));
  };
  return { exchange } as unknown as DeviceNetwork;
}

function requesting(index: number, changes: Partial<CertificateRequesting> = {}): CertificateRequesting {
  const stream = new RandomStream(`test ${index}`);
  return {
    serverUrl: 'http://certificates.test/certsrv/mscep/mscep.dll',
    caThumbprint: sha1Thumbprint(tenant.authorities.root.certificate),
    subject: [{ type: 'CN', value: 'device' }],
    extensions: [
      keyUsage('digitalSignature', 'keyEncipherment'),
      extendedKeyUsage(OID.clientAuth),
      subjectAltNames([{ type: 'upn', value: 'user@x.example' }]),
    ],
    challenge: scepChallenge(tenant, { managedDeviceId: `device ${index}`, scope: 'device', number: 1 }),
    key: keys.deviceKey('scep', index, 'scep-1'),
    wallMs: tenant.clock.wallMs(),
    random: (length) => stream.bytes(length),
    ...changes,
  };
}

async function failureOf(answer: Promise<Result<CertificateAnswer, StepFailure>>): Promise<string> {
  const settled = await answer;
  return settled.ok ? settled.value.kind : `${settled.error.code}: ${settled.error.detail}`;
}

describe('a certificate by SCEP', () => {
  it('is asked for as Windows does, and its thumbprint stays', async () => {
    const asked: Asked[] = [];
    const answer = await requestCertificate(network(asked), requesting(1));
    expect(answer).toEqual({
      ok: true,
      value: { kind: 'issued', thumbprint: expect.stringMatching(/^[0-9A-F]{40}$/) },
    });
    expect(asked).toEqual([
      { operation: 'capabilities', method: 'GET' },
      { operation: 'ca-certificate', method: 'GET' },
      { operation: 'enroll', method: 'POST' },
    ]);
  });

  it('signs itself for the time being', async () => {
    let own: X509Certificate | undefined;
    await requestCertificate(
      network([], (operation, reply, request) => {
        const message = operation === 'enroll' ? parseScepMessage(request) : undefined;
        if (message?.ok === true) own = new X509Certificate(message.value.signed.certificates[0]!);
        return reply;
      }),
      requesting(2),
    );
    expect(own!.verify(own!.publicKey)).toBe(true);
    expect(own!.subject).toBe('CN=device');
  });

  it('goes by GET where the server says nothing of POST', async () => {
    const asked: Asked[] = [];
    const quiet: Change = (operation, reply) =>
      operation === 'capabilities' ? { status: 200, body: Buffer.from('SHA-256\n') } : reply;
    expect(await failureOf(requestCertificate(network(asked, quiet), requesting(3)))).toBe('issued');
    expect(asked.at(-1)).toEqual({ operation: 'enroll', method: 'GET' });
  });

  it('is not asked for where the CA is another', async () => {
    const asked: Asked[] = [];
    const answer = requestCertificate(network(asked), requesting(4, { caThumbprint: 'AB'.repeat(20) }));
    expect(await failureOf(answer)).toMatch(/^0x80091007: no certificate has the thumbprint ABAB/);
    expect(asked.map(({ operation }) => operation)).not.toContain('enroll');
  });

  it('is not asked for where nothing leads to the CA', async () => {
    const lone: Change = (operation, reply) =>
      operation === 'ca-certificate'
        ? { status: 200, body: Buffer.from(writeCertificates([tenant.authorities.root.certificate])) }
        : reply;
    expect(await failureOf(requestCertificate(network([], lone), requesting(5)))).toMatch(/^0x80091007: no RSA/);
  });

  it('is refused with what the service says', async () => {
    const answer = requestCertificate(network(), requesting(6, { challenge: 'wrong' }));
    expect(await failureOf(answer)).toMatch(/^certificate-refused: failInfo 2 The challenge password is wrong/);
  });

  it('is not taken from another transaction, or where a byte of the signature is another', async () => {
    let first: Buffer | undefined;
    const keep: Change = (operation, reply) => {
      if (operation === 'enroll') first = reply.body;
      return reply;
    };
    await requestCertificate(network([], keep), requesting(7));
    const stale: Change = (operation, reply) => (operation === 'enroll' ? { status: 200, body: first! } : reply);
    expect(await failureOf(requestCertificate(network([], stale), requesting(8)))).toMatch(/^0x80090006: another/);
    const damaged: Change = (operation, reply) => {
      if (operation !== 'enroll') return reply;
      const body = Buffer.from(reply.body);
      body[body.length - 1]! ^= 1;
      return { status: 200, body };
    };
    const answer = await failureOf(requestCertificate(network([], damaged), requesting(9)));
    expect(answer).toBe('0x80090006: the signature does not hold');
  });

  it('is no answer where it cannot be read', async () => {
    const page: Change = (_operation, reply) => ({ ...reply, body: Buffer.from('<html>') });
    expect(await failureOf(requestCertificate(network([], page), requesting(10)))).toMatch(
      /^reply-malformed: GetCACert/,
    );
    const error: Change = (_operation, reply) => ({ ...reply, status: 500 });
    expect(await failureOf(requestCertificate(network([], error), requesting(11)))).toMatch(/^reply-unexpected/);
  });

  it('can be pending, and is asked for again by the same transaction', async () => {
    const types: string[] = [];
    const transactions = new Set<string>();
    // The service's own authority decides at once: another one of the tenant takes its place.
    const undecided = undecidedAuthority();
    const change: Change = (operation, reply, request) => {
      if (operation === 'ca-certificate') return { status: 200, body: undecided.certificates };
      if (operation !== 'enroll') return reply;
      const message = parseScepMessage(request);
      if (!message.ok) throw new Error(message.error.reason);
      types.push(message.value.messageType);
      transactions.add(message.value.transactionId);
      return { status: 200, body: Buffer.from(undecided.answer(message.value)) };
    };
    const answer = await requestCertificate(network([], change), requesting(12));
    if (!answer.ok || answer.value.kind !== 'pending') throw new Error(JSON.stringify(answer));
    const polled = await answer.value.poll();
    expect(polled.ok && polled.value.kind).toBe('pending');
    expect(types).toEqual([MESSAGE_TYPE.pkcsReq, MESSAGE_TYPE.certPoll]);
    expect(transactions.size).toBe(1);
  });
});

it('a PFX that the tenant makes opens at the device', () => {
  const { blob, password } = pfxFor(tenant, { managedDeviceId: 'd', scope: 'device', number: 1, upn: 'u@x.example' });
  const tree = prepared(fakeDevice()).device.state.managed!.tree;
  const node = './Device/Vendor/MSFT/ClientCertificateInstall/PFXCertInstall/one';
  tree.add(`${node}/PFXCertBlob`, { data: toBase64(blob), format: 'chr' });
  tree.add(`${node}/PFXCertPassword`, { data: password, format: 'chr' });
  expect(tree.get(`${node}/Status`).value).toBe('0');
  expect(tree.get(`${node}/Thumbprint`).value).toMatch(/^[0-9A-F]{40}$/);
});

/** An authority of the tenant that never decides. */
function undecidedAuthority(): {
  answer: (message: { transactionId: string; senderNonce: Uint8Array }) => Uint8Array;
  certificates: Buffer;
} {
  const key = keys.deviceKey('undecided', 0, 'mdm');
  const certificate = tenant.certificates.authority.issue({
    name: [{ type: 'CN', value: 'undecided' }],
    publicKeyInfo: key.publicKeyInfo,
    days: 1,
    serialOf: 'undecided',
    extensions: [keyUsage('digitalSignature', 'keyEncipherment')],
  });
  const chain = [certificate, tenant.certificates.authority.certificate, tenant.authorities.root.certificate];
  return {
    certificates: Buffer.from(writeCertificates(chain)),
    answer: ({ transactionId, senderNonce }) =>
      writeScepMessage(
        {
          messageType: MESSAGE_TYPE.certRep,
          transactionId,
          senderNonce: new Uint8Array(16),
          recipientNonce: senderNonce,
          pkiStatus: PKI_STATUS.pending,
          envelope: undefined,
          signerCertificate: certificate,
        },
        key,
      ),
  };
}
