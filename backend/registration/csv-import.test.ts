import { expect, it } from 'vitest';
import { testTenant } from '../fixtures/tenant.ts';
import { importRows } from './csv-import.ts';

const ROW = { serialNumber: 'S-1', productId: '', hardwareHash: '', manufacturer: 'M', model: 'N' };

it('takes good rows, lists bad ones by their place, and gives untagged rows the tag of the batch', () => {
  const { tenant } = testTenant();
  const outcome = importRows(
    tenant,
    [
      ROW,
      { ...ROW, serialNumber: 'S-2', hardwareHash: 'AAAA' },
      { ...ROW, serialNumber: 'S-3', groupTag: 'own' },
      ROW,
      { ...ROW, serialNumber: 'S-4', assignedUser: 'user0@elsewhere.example' },
    ],
    'batch',
  );
  expect(outcome.rows.map(({ row, errorName }) => [row, errorName])).toEqual([
    [2, 'InvalidHardwareHash'],
    [4, 'ZtdDeviceAlreadyAssigned'],
    [5, 'InvalidAssignedUser'],
  ]);
  expect([outcome.imported, outcome.failed]).toEqual([2, 3]);
  expect([...tenant.registrations.all()].map(({ groupTag }) => groupTag)).toEqual(['batch', 'own']);
});
