// A client of the embedded backend that shares no code with the agent: node:https, hand-written XML, requests by
// @peculiar/x509. What it can do, any client of the public protocols can.
// oxlint-disable-next-line import/no-unassigned-import -- @peculiar/x509 wants Reflect's metadata before it loads
import 'reflect-metadata';
import { createHash, createPrivateKey, createPublicKey, webcrypto } from 'node:crypto';
import { Agent as HttpAgent, request as httpRequest } from 'node:http';
import type { IncomingHttpHeaders, RequestOptions } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { Pkcs10CertificateRequestGenerator } from '@peculiar/x509';

export interface ForeignReply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly text: string;
  json(): Record<string, unknown>;
}

export interface ForeignRequest {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

/** A certificate and its key, PEM. */
export interface ClientIdentity {
  readonly cert: string;
  readonly key: string;
}

export class ForeignClient {
  readonly #agents: { readonly http: HttpAgent; readonly https: HttpsAgent };

  constructor(caPem: string, identity?: ClientIdentity) {
    const common = { keepAlive: true, maxSockets: 1 };
    this.#agents = { http: new HttpAgent(common), https: new HttpsAgent({ ...common, ca: caPem, ...identity }) };
  }

  send(url: string, { method = 'GET', headers = {}, body }: ForeignRequest = {}): Promise<ForeignReply> {
    const secure = url.startsWith('https:');
    const options: RequestOptions = {
      method,
      agent: secure ? this.#agents.https : this.#agents.http,
      headers: body === undefined ? headers : { ...headers, 'content-length': Buffer.byteLength(body) },
      // Names under localhost are loopback (RFC 6761, 6.3), whatever the machine's resolver thinks.
      lookup: (_host, wanted, done) => {
        if (wanted.all === true) done(null, [{ address: '127.0.0.1', family: 4 }]);
        else done(null, '127.0.0.1', 4);
      },
    };
    return new Promise((resolve, reject) => {
      const outgoing = (secure ? httpsRequest : httpRequest)(url, options, (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.on('error', reject);
        incoming.on('end', () => {
          const bytes = Buffer.concat(chunks);
          const text = bytes.toString('utf8');
          const json = (): Record<string, unknown> => JSON.parse(text) as Record<string, unknown>;
          resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, body: bytes, text, json });
        });
      });
      outgoing.on('error', reject);
      outgoing.end(body);
    });
  }

  post(url: string, type: string, body: string, headers: Readonly<Record<string, string>> = {}): Promise<ForeignReply> {
    return this.send(url, { method: 'POST', headers: { ...headers, 'content-type': type }, body });
  }

  form(url: string, fields: Readonly<Record<string, string>>): Promise<ForeignReply> {
    return this.post(url, 'application/x-www-form-urlencoded', new URLSearchParams(fields).toString());
  }

  soap(url: string, action: string, body: string, token?: string): Promise<ForeignReply> {
    return this.post(url, 'application/soap+xml; charset=utf-8', envelope(url, action, body, token));
  }

  close(): void {
    this.#agents.http.destroy();
    this.#agents.https.destroy();
  }
}

const SECURITY = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd';

function envelope(url: string, action: string, body: string, token: string | undefined): string {
  const security =
    token === undefined
      ? ''
      : `<wsse:Security xmlns:wsse="${SECURITY}" s:mustUnderstand="1"><wsse:BinarySecurityToken ` +
        `ValueType="urn:ietf:params:oauth:token-type:jwt" EncodingType="${SECURITY}#base64binary">` +
        `${Buffer.from(token).toString('base64')}</wsse:BinarySecurityToken></wsse:Security>`;
  return (
    '<s:Envelope xmlns:a="http://www.w3.org/2005/08/addressing" xmlns:s="http://www.w3.org/2003/05/soap-envelope">' +
    `<s:Header><a:Action s:mustUnderstand="1">${action}</a:Action>` +
    '<a:MessageID>urn:uuid:748132ec-a575-4329-b01b-6171a9cf8478</a:MessageID><a:ReplyTo><a:Address>' +
    'http://www.w3.org/2005/08/addressing/anonymous</a:Address></a:ReplyTo>' +
    `<a:To s:mustUnderstand="1">${url}</a:To>${security}</s:Header><s:Body>${body}</s:Body></s:Envelope>`
  );
}

/** The text of the first element of a local name, in any namespace. */
export function elementText(xml: string, name: string): string | undefined {
  return new RegExp(`<(?:\\w+:)?${name}(?:\\s[^>]*)?>([^<]*)<`).exec(xml)?.[1];
}

/** The base64 of the parm EncodedCertificate under each certificate store, in order, as PEM. */
export function certificatesOf(provisioningDocument: string): string[] {
  const found = provisioningDocument.matchAll(/<parm name="EncodedCertificate" value="([^"]+)"/g);
  return [...found].map(([, base64 = '']) => pemOf(base64));
}

export function pemOf(base64: string): string {
  return `-----BEGIN CERTIFICATE-----\n${(base64.match(/.{1,64}/g) ?? []).join('\n')}\n-----END CERTIFICATE-----\n`;
}

export interface ForeignKey {
  /** PKCS#8 PEM. */
  readonly pem: string;
  /** Big-endian, 256 bytes. */
  readonly modulus: Buffer;
  /** DER of a PKCS#10 request in base64, signed by the key. */
  request(subject: string): Promise<string>;
}

const ALGORITHM = {
  name: 'RSASSA-PKCS1-v1_5',
  hash: 'SHA-256',
  modulusLength: 2048,
  publicExponent: Uint8Array.of(1, 0, 1),
};

export async function makeKey(): Promise<ForeignKey> {
  const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
  const der = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey));
  const pem = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }).export({ type: 'pkcs8', format: 'pem' });
  const { n = '' } = createPublicKey(pem).export({ format: 'jwk' });
  return {
    pem: pem as string,
    modulus: Buffer.from(n, 'base64url'),
    request: async (name) => {
      const made = await Pkcs10CertificateRequestGenerator.create({ name, keys, signingAlgorithm: ALGORITHM });
      return Buffer.from(made.rawData).toString('base64');
    },
  };
}

/** BCRYPT_RSAPUBLIC_BLOB of a 2048-bit key. */
export function publicBlob(modulus: Buffer): string {
  const lengths = Buffer.alloc(20);
  [2048, 3, 256, 0, 0].forEach((value, index) => lengths.writeUInt32LE(value, index * 4));
  return Buffer.concat([Buffer.from('RSA1'), lengths, Buffer.from([1, 0, 1]), modulus]).toString('base64');
}

/** The hardware of one pretended device. */
export interface ForeignHardware {
  readonly serialNumber: string;
  readonly manufacturer: string;
  readonly model: string;
  /** 16 bytes, as .NET writes a GUID. */
  readonly uuid: Buffer;
  /** 256 bytes. */
  readonly endorsementKey: Buffer;
}

/** A device whose bytes all follow from its number. */
export function hardware(number: number): ForeignHardware {
  const digest = (purpose: string): Buffer => createHash('sha256').update(`${purpose} ${number}`).digest();
  const key = Buffer.concat(['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map(digest));
  key[0] = 0xc1;
  return {
    serialNumber: `FOREIGN-${String(number).padStart(6, '0')}`,
    manufacturer: 'Foreign Devices',
    model: 'Model F',
    uuid: digest('uuid').subarray(0, 16),
    endorsementKey: key,
  };
}

/** The hardware hash of the device, written after hardware-hash.md without our encoder. */
export function hardwareHash(device: ForeignHardware): string {
  const record = (type: number, value: Buffer): Buffer => {
    const head = Buffer.from([type, 0, 0, 0]);
    head.writeUInt16LE(value.length + 4, 2);
    return Buffer.concat([head, value]);
  };
  const text = (type: number, value: string): Buffer => record(type, Buffer.from(`${value}\0`));
  const digest = createHash('sha256').update(device.endorsementKey).digest();
  const records = Buffer.concat([
    record(25, device.endorsementKey),
    record(11, Buffer.concat([Buffer.from([0, 0, 0, 0, 1, 0, 0x20, 0, 0, 0]), digest])),
    record(12, device.uuid),
    text(14, device.serialNumber),
    text(16, device.manufacturer),
    text(17, device.model),
  ]);
  const body = Buffer.concat([Buffer.from('OA\0\0'), records]);
  body.writeUInt16LE(body.length, 2);
  const trailer = Buffer.concat([Buffer.from([0x43, 0x53, 0x24, 0]), createHash('sha256').update(body).digest()]);
  return Buffer.concat([body, trailer, Buffer.alloc(3000 - body.length - trailer.length)]).toString('base64');
}

/** DeviceAddRequest of the device. */
export function deviceAddRequest(device: ForeignHardware, memberName: string, password: string): string {
  const component = (id: number, value: Buffer | string): string =>
    `<Component name="${id}">${Buffer.from(value as string).toString('base64')}</Component>`;
  return (
    '<DeviceAddRequest><ClientInfo name="IDCRL" version="1.0"><BinaryVersion>55</BinaryVersion></ClientInfo>' +
    `<Authentication><Membername>${memberName}</Membername><Password>${password}</Password></Authentication>` +
    `<DeviceInfo Id="DeviceInfo">${component(4098, device.manufacturer)}${component(4099, device.model)}` +
    `${component(4101, device.serialNumber)}${component(4102, device.uuid)}` +
    `<TPMInfo><KeyValue><RSAKeyValue><Modulus>${device.endorsementKey.toString('base64')}</Modulus>` +
    '<Exponent>AQAB</Exponent></RSAKeyValue></KeyValue></TPMInfo></DeviceInfo></DeviceAddRequest>'
  );
}

/** RST2 of a device credential. */
export function deviceTicketRequest(memberName: string, password: string): string {
  return (
    '<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:a="http://www.w3.org/2005/08/addressing">' +
    '<s:Header><a:Action>http://schemas.xmlsoap.org/ws/2005/02/trust/RST/Issue</a:Action>' +
    `<wsse:Security xmlns:wsse="${SECURITY}"><wsse:UsernameToken><wsse:Username>${memberName}</wsse:Username>` +
    `<wsse:Password>${password}</wsse:Password></wsse:UsernameToken></wsse:Security></s:Header><s:Body>` +
    '<wst:RequestSecurityToken xmlns:wst="http://schemas.xmlsoap.org/ws/2005/02/trust"><wst:RequestType>' +
    'http://schemas.xmlsoap.org/ws/2005/02/trust/Issue</wst:RequestType><wsp:AppliesTo ' +
    'xmlns:wsp="http://schemas.xmlsoap.org/ws/2004/09/policy"><a:EndpointReference><a:Address>ztd.example</a:Address>' +
    '</a:EndpointReference></wsp:AppliesTo></wst:RequestSecurityToken></s:Body></s:Envelope>'
  );
}
