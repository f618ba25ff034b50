import { expect, it } from 'vitest';
import { Enrollments } from './enrollments.ts';

const DEVICE = { managedDeviceId: 'm', entraDeviceId: 'e', upn: 'u', userIndex: 0, deviceName: 'd' };

it('knows a device by its latest certificate only', () => {
  const enrollments = new Enrollments();
  enrollments.add({ ...DEVICE, thumbprint: 'A' });
  enrollments.add({ ...DEVICE, thumbprint: 'B' });
  enrollments.add({ ...DEVICE, managedDeviceId: 'other', thumbprint: 'C' });
  expect(enrollments.ofCertificate('A')).toBeUndefined();
  expect(enrollments.ofCertificate('B')?.managedDeviceId).toBe('m');
  expect(enrollments.count).toBe(2);
});
