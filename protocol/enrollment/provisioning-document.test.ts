import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseProvisioningDocument, writeProvisioningDocument } from './provisioning-document.ts';
import type { ProvisioningDocument } from './provisioning-document.ts';

const document: ProvisioningDocument = {
  rootCertificates: [Uint8Array.of(1, 2, 3)],
  intermediateCertificates: [Uint8Array.of(4, 5, 6)],
  clientCertificate: { store: 'System', certificate: Uint8Array.of(7, 8, 9) },
  renew: { roboSupport: true, renewPeriodDays: 60, retryIntervalDays: 4 },
  application: {
    providerId: 'MS DM Server',
    name: 'Contoso',
    address: 'https://manage.example/omadm?a=b&c=d',
    clientCertificateSearch: { subject: 'CN=6f9619ff-8b86-d011-b42d-00c04fc964ff', stores: 'My\\System' },
    role: 4294967295,
    connectionRetryFrequency: 6,
    initialBackoffMs: 30_000,
    maxBackoffMs: 120_000,
    backCompatRetryDisabled: true,
    defaultEncoding: 'application/vnd.syncml.dm+xml',
  },
  dmClient: {
    providerId: 'MS DM Server',
    upn: 'user@contoso.example',
    entDeviceName: 'user_Windows',
    entDmId: 'dm-1',
    poll: {
      firstRetries: 8,
      firstIntervalMinutes: 15,
      secondRetries: 5,
      secondIntervalMinutes: 3,
      remainingRetries: 0,
      remainingIntervalMinutes: 1560,
      pollOnLogin: true,
    },
    pushPfn: 'push.family.name',
  },
};

describe('writeProvisioningDocument', () => {
  it('emits in the order of servers', async () => {
    await expect(writeProvisioningDocument(document)).toMatchFileSnapshot(
      '../fixtures/golden-provisioning-document.xml',
    );
  });

  it('names certificates by their thumbprints and escapes the search criteria twice', () => {
    const written = writeProvisioningDocument(document);
    // The SHA-1 of 01 02 03.
    expect(written).toContain('<characteristic type="7037807198C22A7D2B0807371D763779A84FDFCF">');
    expect(written).toContain('value="Subject=CN%3D6f9619ff-8b86-d011-b42d-00c04fc964ff&amp;Stores=My%5CSystem"');
    expect(written).toContain('<parm name="RenewPeriod" value="60" datatype="integer"/>');
  });
});

describe('parseProvisioningDocument', () => {
  it("reads another server's document in another order, with what it does not know", () => {
    const text = readFileSync(new URL('../fixtures/foreign-provisioning-document.xml', import.meta.url), 'utf8');
    const read = parseProvisioningDocument(text);
    expect(read).toMatchObject({
      ok: true,
      value: {
        rootCertificates: [],
        clientCertificate: { store: 'User' },
        renew: undefined,
        application: {
          providerId: 'Fabrikam MDM',
          address: 'https://manage.fabrikam.example/omadm?mode=a&b=c',
          clientCertificateSearch: { subject: 'CN=ada@fabrikam.example', stores: 'My\\User' },
          backCompatRetryDisabled: true,
          authentications: [{ level: 'CLIENT', type: 'DIGEST', name: undefined, secret: 'dummy', data: 'bm9uY2U=' }],
        },
        dmClient: {
          providerId: 'Fabrikam MDM',
          entDmId: 'a-management-id',
          poll: { firstRetries: 5, firstIntervalMinutes: 3 },
        },
      },
    });
    if (read.ok) expect([...read.value.clientCertificate.certificate]).toEqual([1, 2, 3, 4, 5]);
  });

  it('is refused without the parts that a device needs, and with broken values', () => {
    const written = writeProvisioningDocument(document);
    const reason = (text: string): unknown => {
      const read = parseProvisioningDocument(text);
      return read.ok ? 'accepted' : read.error.reason;
    };
    expect(reason('<other/>')).toBe('<other> is not wap-provisioningdoc');
    expect(reason(written.replace('type="My"', 'type="Yours"'))).toBe(
      'the document has no client certificate under My',
    );
    expect(reason(written.replace('value="w7"', 'value="w8"'))).toBe('the document has no w7 APPLICATION');
    expect(reason(written.replace('"DMClient"', '"Other"'))).toBe('the document has no DMClient Provider');
    expect(reason(written.replace('"ADDR"', '"WHERE"'))).toBe('the parm ADDR is missing');
    expect(reason(written.replace('value="30000"', 'value="soon"'))).toBe(
      'the parm INITIALBACKOFFTIME is not a whole number: "soon"',
    );
    expect(reason(written.replace('value="AQID"', 'value="***"'))).toBe('the parm EncodedCertificate is not base64');
  });
});
