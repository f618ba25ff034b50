// Registration of a Windows Hello key ([MS-KPP]): a user's public key for one device, and what the service answers. Members are
// read in any case, as the service reads them.
import type { Result } from '../../kernel/result.ts';
import { fromBase64, toBase64 } from '../encoding/base64.ts';
import { Members, readJsonObject } from '../encoding/json.ts';

/** `POST /EnrollmentServer/key/?api-version=1.0`: BCRYPT_RSAPUBLIC_BLOB of the key. */
export function writeKeyRequest(publicBlob: Uint8Array): string {
  return JSON.stringify({ kngc: toBase64(publicBlob) });
}

export function parseKeyRequest(text: string): Result<Uint8Array> {
  const json = readJsonObject(text);
  if (!json.ok) return json;
  const members = new Members(json.value, { anyCase: true });
  const blob = fromBase64(members.string('kngc'));
  if (blob === undefined) members.refuse('kngc', 'is not base64');
  return members.result(blob ?? new Uint8Array());
}

export interface KeyResponse {
  /** Names the key among those of the user. */
  readonly keyId: string;
  readonly upn: string;
}

export function writeKeyResponse(response: KeyResponse): string {
  return JSON.stringify({ kid: response.keyId, upn: response.upn });
}

export function parseKeyResponse(text: string): Result<KeyResponse> {
  const json = readJsonObject(text);
  if (!json.ok) return json;
  const members = new Members(json.value, { anyCase: true });
  return members.result({ keyId: members.string('kid'), upn: members.string('upn') });
}

/** [MS-KPP] 2.2.3.1, ErrorDetails. */
export interface KeyError {
  readonly code: string;
  readonly message: string;
  /** ISO 8601. */
  readonly time: string;
}

/** `response` and `target` have one value each: there is one operation, and one way to take its refusal. */
export function writeKeyError({ code, message, time }: KeyError): string {
  return JSON.stringify({ code, message, response: 'ERROR_FAIL', target: 'key', time });
}

/** Also as the cloud service sends it: inside a member `error`. */
export function parseKeyError(text: string): Result<KeyError> {
  const json = readJsonObject(text);
  if (!json.ok) return json;
  const outer = new Members(json.value, { anyCase: true });
  const inner = outer.optionalObject('error');
  const members = inner === undefined ? outer : new Members(inner, { path: 'error.', anyCase: true });
  return members.result({
    code: members.string('code'),
    message: members.optionalString('message') ?? '',
    time: members.optionalString('time') ?? '',
  });
}
