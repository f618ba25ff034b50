import { describe, expect, it } from 'vitest';
import {
  DEVICE_COMPONENTS,
  deviceComponent,
  parseDeviceAddRequest,
  parseDeviceAddResponse,
  parseDeviceTicketRequest,
  parseDeviceTicketResponse,
  writeDeviceAddRequest,
  writeDeviceAddResponse,
  writeDeviceTicketRequest,
  writeDeviceTicketResponse,
} from './device-token.ts';
import { readSoap } from '../enrollment/soap.ts';

const request = {
  memberName: '02abcdef',
  password: 'p&<w',
  components: [
    { id: DEVICE_COMPONENTS.smbiosSerialNumber, value: Buffer.from('FLTL-000001') },
    { id: DEVICE_COMPONENTS.endorsementKeyHash, value: new Uint8Array(32).fill(7) },
  ],
  endorsementKey: { modulus: Uint8Array.of(0xc1, 0x01), exponent: Uint8Array.of(1, 0, 1) },
};

describe('device credential', () => {
  it('is asked for with the hardware', async () => {
    await expect(writeDeviceAddRequest(request)).toMatchFileSnapshot('../fixtures/golden-device-add-request.xml');
    const read = parseDeviceAddRequest(writeDeviceAddRequest(request));
    if (!read.ok) throw new Error(read.error.reason);
    expect(Buffer.from(deviceComponent(read.value, DEVICE_COMPONENTS.smbiosSerialNumber)!).toString()).toBe(
      'FLTL-000001',
    );
    expect(deviceComponent(read.value, DEVICE_COMPONENTS.model)).toBeUndefined();
  });

  it('is asked for without TPM, and with hardware that is not there', () => {
    const written = writeDeviceAddRequest({ ...request, endorsementKey: undefined }).replace(
      '</DeviceInfo>',
      '<Component name="4113" error="-2147024894"/></DeviceInfo>',
    );
    const read = parseDeviceAddRequest(written);
    if (!read.ok) throw new Error(read.error.reason);
    expect(read.value.endorsementKey).toBeUndefined();
    expect(deviceComponent(read.value, 4113)).toHaveLength(0);
  });

  it('is refused where names or values are broken', () => {
    const written = writeDeviceAddRequest(request);
    const reason = (text: string): unknown => {
      const read = parseDeviceAddRequest(text);
      return read.ok ? 'accepted' : read.error.reason;
    };
    expect(reason('<x/>')).toBe('<x> is not DeviceAddRequest');
    expect(reason(written.replace(/<Password>.*<\/Password>/, ''))).toBe('Membername or Password is missing');
    expect(reason(written.replace('name="4101"', 'name="serial"'))).toBe('a Component is malformed');
    expect(reason(written.replace('<Modulus>', '<Modulus>*'))).toBe('RSAKeyValue is malformed');
  });

  it('is granted or refused', () => {
    const granted = { success: true as const, puid: '0018400012345678', hardwareDeviceId: 'h' };
    expect(parseDeviceAddResponse(writeDeviceAddResponse(granted))).toEqual({ ok: true, value: granted });
    expect(parseDeviceAddResponse(writeDeviceAddResponse({ success: false, error: 'dc' }))).toEqual({
      ok: true,
      value: { success: false, error: 'dc' },
    });
    expect(parseDeviceAddResponse('<DeviceAddResponse Success="true"/>')).toMatchObject({
      error: { reason: 'puid is missing' },
    });
  });
});

describe('device ticket', () => {
  it('is asked for with the credential and comes with its lifetime', async () => {
    const asked = writeDeviceTicketRequest(
      { credential: { kind: 'username', username: '02abcdef', password: 'secret' }, appliesTo: 'ztd.example' },
      { messageId: 'urn:uuid:1', to: 'https://login.example/RST2.srf' },
    );
    await expect(asked).toMatchFileSnapshot('../fixtures/golden-device-ticket-request.xml');
    const message = readSoap(asked);
    if (!message.ok) throw new Error(message.error.reason);
    expect(message.value.security).toEqual({ kind: 'username', username: '02abcdef', password: 'secret' });
    expect(parseDeviceTicketRequest(message.value.body)).toEqual({ ok: true, value: { appliesTo: 'ztd.example' } });

    const ticket = { ticket: 'opaque', created: '2026-01-01T00:00:00Z', expires: '2026-01-02T00:00:00Z' };
    const answered = readSoap(writeDeviceTicketResponse(ticket, { relatesTo: 'urn:uuid:1' }));
    if (!answered.ok) throw new Error(answered.error.reason);
    expect(parseDeviceTicketResponse(answered.value.body)).toEqual({ ok: true, value: ticket });
    expect(parseDeviceTicketResponse(message.value.body)).toMatchObject({ ok: false });
  });
});
