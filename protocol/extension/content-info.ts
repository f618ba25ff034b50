// Where an app's content is and how it is decrypted: GetContentInfo of the management extension (flow.md 10.5). The keys travel
// as CMS EnvelopedData for the device's own certificate, which is cms.ts's business; here it is bytes. MacKey, by which the
// content is authenticated, has the name that it has in a package's Detection.xml; that a reply carries it is ours.
import { malformed, ok } from '../../kernel/result.ts';
import type { Result } from '../../kernel/result.ts';
import { fromBase64, toBase64 } from '../encoding/base64.ts';
import { Members, readJsonObject } from '../encoding/json.ts';
import { childText, readXml } from '../encoding/xml.ts';
import { ESP_PHASES } from './management-extension.ts';
import type { EspPhase } from './management-extension.ts';
import type { AppPolicy } from './app-policies.ts';

export interface ContentInfoRequest {
  readonly app: Pick<AppPolicy, 'id' | 'name' | 'version' | 'target'>;
  /** DER of the certificate that MDM enrollment issued. */
  readonly certificate: Uint8Array;
  readonly espPhase: EspPhase;
}

/** What opens an app's content. */
export interface ContentKeys {
  /** 32 bytes. */
  readonly encryptionKey: Uint8Array;
  /** 16 bytes. */
  readonly iv: Uint8Array;
  /** 32 bytes; undefined where a service does not give it: the content can then be decrypted and not authenticated. */
  readonly macKey: Uint8Array | undefined;
}

export interface ContentInfo {
  readonly uploadLocation: string;
  /** Size of the encrypted file; undefined where a service does not say. */
  readonly bytes: number | undefined;
  /** CMS EnvelopedData: JSON of the keys. */
  readonly envelope: Uint8Array;
}

export function writeContentInfoRequest({ app, certificate, espPhase }: ContentInfoRequest): string {
  return JSON.stringify({
    ApplicationId: app.id,
    ApplicationVersion: app.version,
    Intent: 3,
    CertificateBlob: toBase64(certificate),
    ContentInfo: null,
    SecondaryContentInfo: null,
    DecryptInfo: null,
    UploadLocation: null,
    TargetingMethod: 0,
    ErrorCode: null,
    TargetType: app.target === 'user' ? 1 : 2,
    InstallContext: app.target === 'user' ? 1 : 2,
    EspPhase: ESP_PHASES.indexOf(espPhase),
    ApplicationName: app.name,
    AssignmentFilterIds: null,
    ManagedInstallerStatus: 1,
    ApplicationEnforcement: 0,
  });
}

export function parseContentInfoRequest(
  text: string,
): Result<{ readonly applicationId: string; readonly certificate: Uint8Array }> {
  const json = readJsonObject(text);
  if (!json.ok) return json;
  const members = new Members(json.value);
  const certificate = fromBase64(members.string('CertificateBlob'));
  if (certificate === undefined) members.refuse('CertificateBlob', 'is not base64');
  return members.result({
    applicationId: members.string('ApplicationId'),
    certificate: certificate ?? new Uint8Array(),
  });
}

export function writeContentInfo(applicationId: string, info: ContentInfo): string {
  return JSON.stringify({
    ApplicationId: applicationId,
    ContentInfo: JSON.stringify({ UploadLocation: info.uploadLocation, FileSize: info.bytes ?? null }),
    DecryptInfo: `<EncryptedMessage><EncryptedContent>${toBase64(info.envelope)}</EncryptedContent></EncryptedMessage>`,
    ErrorCode: null,
  });
}

export function parseContentInfo(text: string): Result<ContentInfo> {
  const json = readJsonObject(text);
  if (!json.ok) return json;
  const members = new Members(json.value);
  const info = readJsonObject(members.string('ContentInfo'));
  if (!info.ok) members.refuse('ContentInfo', 'is not JSON in a string');
  const inner = new Members(info.ok ? info.value : {}, { path: 'ContentInfo.' });
  const envelope = readEnvelope(members.string('DecryptInfo'));
  if (envelope === undefined) members.refuse('DecryptInfo', 'has no EncryptedContent in base64');
  return members.result(
    {
      uploadLocation: inner.string('UploadLocation'),
      bytes: inner.optionalInteger('FileSize'),
      envelope: envelope ?? new Uint8Array(),
    },
    inner,
  );
}

function readEnvelope(xml: string): Uint8Array | undefined {
  const root = readXml(xml);
  const text = root.ok ? childText(root.value, 'EncryptedContent') : undefined;
  return text === undefined || text === '' ? undefined : fromBase64(text);
}

/** What the envelope holds. */
export function writeContentKeys({ encryptionKey, iv, macKey }: ContentKeys): string {
  return JSON.stringify({
    ProfileIdentifier: 'ProfileVersion1',
    EncryptionKey: toBase64(encryptionKey),
    IV: toBase64(iv),
    ...(macKey === undefined ? {} : { MacKey: toBase64(macKey) }),
  });
}

export function parseContentKeys(text: string): Result<ContentKeys> {
  const json = readJsonObject(text);
  if (!json.ok) return json;
  const members = new Members(json.value);
  const mac = members.optionalString('MacKey');
  const encryptionKey = fromBase64(members.string('EncryptionKey'));
  const iv = fromBase64(members.string('IV'));
  const macKey = mac === undefined ? undefined : fromBase64(mac);
  const read = members.result(null);
  if (!read.ok) return read;
  if (encryptionKey?.length !== 32) return malformed(0, '"EncryptionKey" is not 32 bytes in base64');
  if (iv?.length !== 16) return malformed(0, '"IV" is not 16 bytes in base64');
  if (mac !== undefined && macKey?.length !== 32) return malformed(0, '"MacKey" is not 32 bytes in base64');
  return ok({ encryptionKey, iv, macKey });
}
