import { X509Certificate } from 'node:crypto';
import { expect, it } from 'vitest';
import { DAY_MS } from '../kernel/units.ts';
import { EPOCH_MS, testTenant } from './fixtures/tenant.ts';
import { issueServerCertificate } from './authority.ts';
import { issueDeviceCertificate } from './join/device-certificate.ts';
import { issueMdmCertificate } from './enrollment/mdm-certificate.ts';
import { makeEcKey, makeRsaKey } from './signing-keys.ts';

const { tenant } = testTenant();
const { root, devices, mdm } = tenant.authorities;
const read = (der: Uint8Array): X509Certificate => new X509Certificate(Buffer.from(der));

it('chains both issuing authorities to the root, as authorities', () => {
  const rootCertificate = read(root.certificate);
  expect(rootCertificate.verify(rootCertificate.publicKey)).toBe(true);
  for (const authority of [devices, mdm]) {
    const certificate = read(authority.certificate);
    expect(certificate.ca).toBe(true);
    expect(certificate.checkIssued(rootCertificate)).toBe(true);
    expect(certificate.verify(rootCertificate.publicKey)).toBe(true);
  }
});

it('issues device and MDM certificates under their own authority, backdated, with the names of the flow', () => {
  const { publicKeyInfo } = makeRsaKey();
  const deviceId = '73664514-5ce3-4e2f-a9ee-4b3d5d5c6f01';
  const device = read(issueDeviceCertificate(tenant, { deviceId, userObjectId: deviceId, publicKeyInfo }));
  expect(device.verify(read(devices.certificate).publicKey)).toBe(true);
  expect(device.subject).toBe(`CN=${deviceId}`);
  expect(device.issuer.split('\n').slice(0, 3)).toEqual(['DC=net', 'DC=windows', 'CN=MS-Organization-Access']);
  expect(device.validFromDate.getTime()).toBe(EPOCH_MS - DAY_MS);
  expect(device.validToDate.getTime()).toBe(EPOCH_MS + 3650 * DAY_MS);
  // Device id in extension 1.2.840.113556.1.5.284.2, in .NET byte order inside an OCTET STRING.
  expect(device.raw.toString('hex')).toContain('041014456673e35c2f4ea9ee4b3d5d5c6f01');
  const managed = read(issueMdmCertificate(tenant, { managedDeviceId: deviceId, publicKeyInfo }));
  expect(managed.verify(read(mdm.certificate).publicKey)).toBe(true);
  expect(managed.keyUsage).toEqual(['1.3.6.1.5.5.7.3.2']);
  expect(managed.serialNumber).not.toBe(device.serialNumber);
});

it('issues the server certificate for all names and loopback addresses', () => {
  const names = [
    { type: 'dns' as const, value: 'login.flotilla.localhost' },
    { type: 'ip' as const, value: '::1' },
  ];
  const server = read(issueServerCertificate(root, makeEcKey().publicKeyInfo, names));
  expect(server.checkHost('login.flotilla.localhost')).toBe('login.flotilla.localhost');
  expect(server.checkIP('::1')).toBe('::1');
  expect(server.checkHost('join.flotilla.localhost')).toBeUndefined();
});
