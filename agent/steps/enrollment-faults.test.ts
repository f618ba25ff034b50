import { describe, expect, it } from 'vitest';
import { SOAP_FAULTS } from '../../protocol/enrollment/soap-fault.ts';
import { SOAP_FAULT_SUBCODES } from '../../telemetry/labels.ts';
import { faultSubcode } from './enrollment-faults.ts';

describe('enrollment faults', () => {
  it('are told by the code that Windows shows', () => {
    expect(faultSubcode('0x80180014')).toBe('DeviceNotSupported');
    expect(faultSubcode('0x80180003')).toBe('Authorization');
    expect(faultSubcode('mdm-fault-unknown')).toBe('other');
    expect(faultSubcode('connection-reset')).toBeUndefined();
  });
  it('are labels of the metric', () => {
    for (const subcode of [...Object.keys(SOAP_FAULTS), 'other']) expect(SOAP_FAULT_SUBCODES).toContain(subcode);
  });
});
