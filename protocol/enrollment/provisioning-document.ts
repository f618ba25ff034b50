// wap-provisioningdoc 1.1: what MDM enrollment answers with ([MS-MDE2] 3.6, [MS-MDM] w7 APPLICATION, DMClient CSP). The writer
// emits in the order that servers do; the parser ignores characteristics and parms that it does not know.
import { malformed, ok } from '../../kernel/result.ts';
import type { Result } from '../../kernel/result.ts';
import { toBase64 } from '../encoding/base64.ts';
import { sha1Thumbprint } from '../encoding/digest.ts';
import { attribute, escapeXml, readXml } from '../encoding/xml.ts';
import type { XmlElement } from '../encoding/xml.ts';
import { find, inside, ParmReader, value, within } from './provisioning-parms.ts';

export interface ProvisioningDocument {
  /** DER. The specification allows one. */
  readonly rootCertificates: readonly Uint8Array[];
  readonly intermediateCertificates: readonly Uint8Array[];
  /** The issued certificate: in the device's store for Entra join (`System`), the user's otherwise. */
  readonly clientCertificate: { readonly store: 'System' | 'User'; readonly certificate: Uint8Array };
  readonly renew?: CertificateRenewal | undefined;
  readonly application: ManagementApplication;
  readonly dmClient: DmClientProvider;
}

export interface CertificateRenewal {
  /** Renewal on behalf of: without the user. */
  readonly roboSupport: boolean;
  /** Days before expiry. */
  readonly renewPeriodDays: number;
  readonly retryIntervalDays: number;
}

/** The w7 APPLICATION: where the management server is and how to reach it. */
export interface ManagementApplication {
  readonly providerId: string;
  readonly name: string;
  readonly address: string;
  /** SSLCLIENTCERTSEARCHCRITERIA: subject (`CN=...`) and stores (`My\System`). */
  readonly clientCertificateSearch: { readonly subject: string; readonly stores: string };
  /** 4294967295 in the wild, 8 or 32 in the specification. */
  readonly role?: number | undefined;
  readonly connectionRetryFrequency?: number | undefined;
  readonly initialBackoffMs?: number | undefined;
  readonly maxBackoffMs?: number | undefined;
  readonly backCompatRetryDisabled?: boolean | undefined;
  readonly defaultEncoding?: string | undefined;
  readonly authentications?: readonly ApplicationAuthentication[] | undefined;
}

/** APPAUTH: credentials of the application layer, beside the client certificate. */
export interface ApplicationAuthentication {
  readonly level: string;
  readonly type: string;
  readonly name?: string | undefined;
  readonly secret?: string | undefined;
  readonly data?: string | undefined;
}

export interface DmClientProvider {
  /** Equals the application's provider id. */
  readonly providerId: string;
  readonly upn?: string | undefined;
  readonly entDeviceName?: string | undefined;
  readonly entDmId?: string | undefined;
  readonly poll?: PollSchedule | undefined;
  /** The Windows notification service's package family name. */
  readonly pushPfn?: string | undefined;
}

/** When the device polls: a first and a second set of retries, then the remaining ones (0: for ever). */
export interface PollSchedule {
  readonly firstRetries: number;
  readonly firstIntervalMinutes: number;
  readonly secondRetries: number;
  readonly secondIntervalMinutes: number;
  readonly remainingRetries: number;
  readonly remainingIntervalMinutes: number;
  readonly pollOnLogin?: boolean | undefined;
}

type PollCount = Exclude<keyof PollSchedule, 'pollOnLogin'>;

const POLL_PARMS: readonly (readonly [parm: string, member: PollCount])[] = [
  ['NumberOfFirstRetries', 'firstRetries'],
  ['IntervalForFirstSetOfRetries', 'firstIntervalMinutes'],
  ['NumberOfSecondRetries', 'secondRetries'],
  ['IntervalForSecondSetOfRetries', 'secondIntervalMinutes'],
  ['NumberOfRemainingScheduledRetries', 'remainingRetries'],
  ['IntervalForRemainingScheduledRetries', 'remainingIntervalMinutes'],
];

export function writeProvisioningDocument(document: ProvisioningDocument): string {
  const { clientCertificate, renew, dmClient } = document;
  const client = certificate(clientCertificate.certificate, characteristic('PrivateKeyContainer', ''));
  const stores = [
    ...document.rootCertificates.map((der) => store('Root', certificate(der))),
    ...document.intermediateCertificates.map((der) => store('CA', certificate(der))),
    characteristic(
      'My',
      characteristic(clientCertificate.store, client) +
        (renew === undefined ? '' : characteristic('WSTEP', characteristic('Renew', renewal(renew)))),
    ),
  ];
  const provider =
    parm('UPN', dmClient.upn) +
    parm('EntDeviceName', dmClient.entDeviceName) +
    parm('EntDMID', dmClient.entDmId) +
    (dmClient.poll === undefined ? '' : characteristic('Poll', poll(dmClient.poll))) +
    (dmClient.pushPfn === undefined ? '' : characteristic('Push', parm('PFN', dmClient.pushPfn)));
  return (
    `<?xml version="1.0" encoding="UTF-8"?><wap-provisioningdoc version="1.1">` +
    characteristic('CertificateStore', stores.join('')) +
    characteristic('APPLICATION', application(document.application)) +
    characteristic('DMClient', characteristic('Provider', characteristic(dmClient.providerId, provider))) +
    `</wap-provisioningdoc>`
  );
}

function characteristic(type: string, content: string): string {
  const written = escapeXml(type);
  return content === ''
    ? `<characteristic type="${written}"/>`
    : `<characteristic type="${written}">${content}</characteristic>`;
}

function parm(name: string, value: string | number | undefined, datatype?: 'integer' | 'boolean'): string {
  if (value === undefined) return '';
  const typed = datatype === undefined ? '' : ` datatype="${datatype}"`;
  return `<parm name="${name}" value="${escapeXml(String(value))}"${typed}/>`;
}

function store(name: 'Root' | 'CA', content: string): string {
  return characteristic(name, characteristic('System', content));
}

function certificate(der: Uint8Array, further = ''): string {
  return characteristic(sha1Thumbprint(der), parm('EncodedCertificate', toBase64(der)) + further);
}

/** Windows takes these three only with an explicit datatype. */
function renewal(renew: CertificateRenewal): string {
  return (
    parm('ROBOSupport', String(renew.roboSupport), 'boolean') +
    parm('RenewPeriod', renew.renewPeriodDays, 'integer') +
    parm('RetryInterval', renew.retryIntervalDays, 'integer')
  );
}

function application(application: ManagementApplication): string {
  const { subject, stores } = application.clientCertificateSearch;
  return (
    parm('APPID', 'w7') +
    parm('PROVIDER-ID', application.providerId) +
    parm('NAME', application.name) +
    parm('ADDR', application.address) +
    parm('ROLE', application.role) +
    parm('CONNRETRYFREQ', application.connectionRetryFrequency) +
    parm('INITIALBACKOFFTIME', application.initialBackoffMs) +
    parm('MAXBACKOFFTIME', application.maxBackoffMs) +
    (application.backCompatRetryDisabled ? '<parm name="BACKCOMPATRETRYDISABLED"/>' : '') +
    parm('DEFAULTENCODING', application.defaultEncoding) +
    parm(
      'SSLCLIENTCERTSEARCHCRITERIA',
      `Subject=${encodeURIComponent(subject.toWellFormed())}&Stores=${encodeURIComponent(stores.toWellFormed())}`,
    ) +
    (application.authentications ?? [])
      .map((each) =>
        characteristic(
          'APPAUTH',
          parm('AAUTHLEVEL', each.level) +
            parm('AAUTHTYPE', each.type) +
            parm('AAUTHNAME', each.name) +
            parm('AAUTHSECRET', each.secret) +
            parm('AAUTHDATA', each.data),
        ),
      )
      .join('')
  );
}

function poll(schedule: PollSchedule): string {
  const { pollOnLogin } = schedule;
  return (
    POLL_PARMS.map(([name, member]) => parm(name, schedule[member], 'integer')).join('') +
    (pollOnLogin === undefined ? '' : parm('PollOnLogin', String(pollOnLogin), 'boolean'))
  );
}

export function parseProvisioningDocument(text: string): Result<ProvisioningDocument> {
  const read = readXml(text);
  if (!read.ok) return read;
  const root = read.value;
  if (root.name !== 'wap-provisioningdoc') return malformed(root.offset, `<${root.name}> is not wap-provisioningdoc`);
  const reader = new ParmReader();
  const certificateStore = find(root, 'CertificateStore');
  const stored = (name: string): XmlElement[] =>
    within(certificateStore, name).flatMap((each) => inside(find(each, 'System')));
  const my = find(certificateStore, 'My');
  const system = inside(find(my, 'System'))[0];
  const issued = system ?? inside(find(my, 'User'))[0];
  const w7 = within(root, 'APPLICATION').find((each) => value(each, 'APPID') === 'w7');
  const provider = inside(find(find(root, 'DMClient'), 'Provider'))[0];
  if (issued === undefined) return malformed(root.offset, 'the document has no client certificate under My');
  if (w7 === undefined) return malformed(root.offset, 'the document has no w7 APPLICATION');
  if (provider === undefined) return malformed(root.offset, 'the document has no DMClient Provider');
  const renew = find(find(my, 'WSTEP'), 'Renew');
  const schedule = find(provider, 'Poll');
  const push = find(provider, 'Push');
  const document: ProvisioningDocument = {
    rootCertificates: stored('Root').map((node) => reader.certificate(node)),
    intermediateCertificates: stored('CA').map((node) => reader.certificate(node)),
    clientCertificate: { store: system === undefined ? 'User' : 'System', certificate: reader.certificate(issued) },
    renew: renew && {
      roboSupport: value(renew, 'ROBOSupport') === 'true',
      renewPeriodDays: reader.number(renew, 'RenewPeriod') ?? 0,
      retryIntervalDays: reader.number(renew, 'RetryInterval') ?? 0,
    },
    application: readApplication(reader, w7),
    dmClient: {
      providerId: attribute(provider, 'type') ?? '',
      upn: value(provider, 'UPN'),
      entDeviceName: value(provider, 'EntDeviceName'),
      entDmId: value(provider, 'EntDMID'),
      poll: schedule && readPoll(reader, schedule),
      pushPfn: push && value(push, 'PFN'),
    },
  };
  return reader.problem === undefined ? ok(document) : { ok: false, error: reader.problem };
}

function readApplication(reader: ParmReader, element: XmlElement): ManagementApplication {
  const search = new URLSearchParams(value(element, 'SSLCLIENTCERTSEARCHCRITERIA') ?? '');
  const authentications = within(element, 'APPAUTH').map((each) => ({
    level: reader.text(each, 'AAUTHLEVEL'),
    type: value(each, 'AAUTHTYPE') ?? '',
    name: value(each, 'AAUTHNAME'),
    secret: value(each, 'AAUTHSECRET'),
    data: value(each, 'AAUTHDATA'),
  }));
  return {
    providerId: reader.text(element, 'PROVIDER-ID'),
    name: value(element, 'NAME') ?? '',
    address: reader.text(element, 'ADDR'),
    clientCertificateSearch: { subject: search.get('Subject') ?? '', stores: search.get('Stores') ?? '' },
    role: reader.number(element, 'ROLE'),
    connectionRetryFrequency: reader.number(element, 'CONNRETRYFREQ'),
    initialBackoffMs: reader.number(element, 'INITIALBACKOFFTIME'),
    maxBackoffMs: reader.number(element, 'MAXBACKOFFTIME'),
    backCompatRetryDisabled:
      element.children.some((each) => attribute(each, 'name') === 'BACKCOMPATRETRYDISABLED') || undefined,
    defaultEncoding: value(element, 'DEFAULTENCODING'),
    authentications: authentications.length === 0 ? undefined : authentications,
  };
}

function readPoll(reader: ParmReader, element: XmlElement): PollSchedule {
  const counts = POLL_PARMS.map(([name, member]) => [member, reader.number(element, name) ?? 0] as const);
  const onLogin = value(element, 'PollOnLogin');
  return {
    ...(Object.fromEntries(counts) as Record<PollCount, number>),
    pollOnLogin: onLogin === undefined ? undefined : onLogin === 'true',
  };
}
