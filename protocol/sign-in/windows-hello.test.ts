import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  parseKeyError,
  parseKeyRequest,
  parseKeyResponse,
  writeKeyError,
  writeKeyRequest,
  writeKeyResponse,
} from './windows-hello.ts';

describe('the registration of a Windows Hello key', () => {
  it('is read as it was written, whatever the key', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1 }), (blob) => {
        const read = parseKeyRequest(writeKeyRequest(blob));
        expect(read.ok && Buffer.from(read.value).equals(blob)).toBe(true);
      }),
    );
  });

  it('is taken from the example of the specification', () => {
    const read = parseKeyRequest('{ "kngc":"VGhpc0lzQW5FeGFtcGxlQXN5bW1ldHJpY0tleQ==" }');
    expect(read.ok && Buffer.from(read.value).toString()).toBe('ThisIsAnExampleAsymmetricKey');
    const reply = '{"kid":"0ce67455-8ea1-4523-be5f-bfd09190fad6","upn":"user@contoso.example","pctx":"AAAA"}';
    expect(parseKeyResponse(reply)).toEqual({
      ok: true,
      value: { keyId: '0ce67455-8ea1-4523-be5f-bfd09190fad6', upn: 'user@contoso.example' },
    });
    expect(parseKeyResponse(writeKeyResponse({ keyId: 'k', upn: 'u' }))).toEqual({
      ok: true,
      value: { keyId: 'k', upn: 'u' },
    });
  });

  it.each([['{}'], ['{"kngc":1}'], ['{"kngc":"%"}'], ['[]'], ['']])('is refused as %s', (text) => {
    expect(parseKeyRequest(text).ok).toBe(false);
  });
});

describe('its refusal', () => {
  const error = { code: 'authorization_error', message: 'No.', time: '2026-01-01T00:00:00Z' };

  it('is read as it was written, and as the cloud wraps it', () => {
    expect(parseKeyError(writeKeyError(error))).toEqual({ ok: true, value: error });
    expect(parseKeyError(`{"error":${writeKeyError(error)}}`)).toEqual({ ok: true, value: error });
  });

  it('says for whom and what to do', () => {
    expect(JSON.parse(writeKeyError(error))).toMatchObject({ response: 'ERROR_FAIL', target: 'key' });
  });
});
