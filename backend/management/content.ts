// What a phase delivers, as commands: policies, certificates, network profiles, apps. Each part also says how FirstSyncStatus
// names it. Names are stable per group: all devices of a group are sent the same.
import type { EspConfig } from '../../catalog/content.ts';
import type { RequestCommand } from '../../protocol/management/syncml.ts';
import { modernAppOrder, msiOrder } from './app-orders.ts';
import type { AppOrder } from './app-orders.ts';
import { pfxOrders, scepOrders } from './certificate-orders.ts';
import type { CertificateOrder } from './certificate-orders.ts';
import { inPieces } from './commands.ts';
import type { Scope } from './commands.ts';
import type { ContentSource } from './content-source.ts';
import { networkProfileOrders } from './network-profiles.ts';
import { policyRounds } from './policies.ts';

export interface PhaseOrders {
  /** Commands of one message each. */
  readonly rounds: readonly (readonly RequestCommand[])[];
  /** What the page waits for: the node of FirstSyncStatus and its entries. */
  readonly expected: readonly { readonly node: string; readonly entries: readonly string[] }[];
  readonly scep: readonly CertificateOrder[];
  readonly msi: readonly AppOrder[];
}

/** Messages of some ten kilobytes, as services send them. */
const CERTIFICATES_PER_ROUND = 10;
const COMMANDS_PER_ROUND = 20;

export function phaseOrders(esp: EspConfig, scope: Scope, source: ContentSource): PhaseOrders {
  const content = esp[scope];
  const scep = scepOrders(content.scepCertificates, scope, source.certificates);
  const networks = networkProfileOrders(content.networkProfiles, scope);
  const msi = content.msiApps.map((app) => msiOrder(source.app(app), scope));
  const modern = content.modernApps.map((app) => modernAppOrder(app, source.app(app), scope));
  const certificates = [...scep, ...pfxOrders(content.pfxCertificates, scope)].flatMap(({ commands }) => commands);
  // The apps of a page that is assigned to users are no list of the device phase: they come, and nothing waits for them (flow.md 9.2).
  const listed = (apps: readonly AppOrder[]): string[] =>
    scope === 'device' && esp.assignedTo === 'users' ? [] : apps.map(({ node }) => `${node};1`);
  return {
    rounds: [
      ...policyRounds(content, scope),
      ...inPieces(certificates, CERTIFICATES_PER_ROUND),
      ...[networks, msi, modern].flatMap((orders) =>
        inPieces(
          orders.map(({ command }) => command),
          COMMANDS_PER_ROUND,
        ),
      ),
    ],
    expected: [
      // PKCS certificates are not waited for: Intune's page counts SCEP only.
      { node: 'ExpectedSCEPCerts', entries: scep.map(({ node }) => node) },
      { node: 'ExpectedNetworkProfiles', entries: networks.map(({ node }) => node) },
      { node: 'ExpectedMSIAppPackages', entries: listed(msi) },
      { node: 'ExpectedModernAppPackages', entries: listed(modern) },
    ],
    scep,
    msi,
  };
}
