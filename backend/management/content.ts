// What a phase delivers, as commands: policies, certificates, network profiles, apps. Each part also says how FirstSyncStatus
// names it. Names are stable per group: all devices of a group are sent the same.
import type { AppContent, PhaseContent } from '../../catalog/content.ts';
import type { RequestCommand } from '../../protocol/syncml.ts';
import { writeMsiJob } from '../../protocol/msi-job.ts';
import { escapeXml } from '../../protocol/xml.ts';
import { add, addEmpty, atomic, execute, inPieces, PREFIX, replace, sequence } from './commands.ts';
import type { Scope } from './commands.ts';

/** The file of an app at the content origin. */
export interface AppFile {
  /** GUID. */
  readonly id: string;
  readonly url: string;
  /** Lower-case hex. */
  readonly sha256: string;
}

export interface ContentSource {
  readonly managementUrl: string;
  readonly app: (app: AppContent) => AppFile;
}

/** One part of the content: what is sent, in rounds, and the node of FirstSyncStatus that lists it. */
export interface ContentPart {
  readonly rounds: readonly (readonly RequestCommand[])[];
  readonly expectedNode: string;
  readonly expected: readonly string[];
}

/** Policies in one Atomic and other commands in one round: messages of some ten kilobytes, as services send them. */
const POLICIES_PER_ATOMIC = 25;
const COMMANDS_PER_ROUND = 20;

export function contentParts(content: PhaseContent, scope: Scope, source: ContentSource): ContentPart[] {
  return [
    { rounds: policyRounds(content.policies, scope), expectedNode: 'ExpectedPolicies', expected: [] },
    certificatePart(content.scepCertificates, scope, source),
    networkPart(content.networkProfiles, scope),
    msiPart(content.msiApps, scope, source),
    modernAppPart(content.modernApps, scope, source),
  ];
}

function policyRounds(policies: number, scope: Scope): RequestCommand[][] {
  const commands = Array.from({ length: policies }, (_, i) => {
    const target = `${PREFIX[scope]}/Vendor/MSFT/Policy/Config/Simulated${Math.floor(i / 10)}/Setting${i}`;
    return replace(target, i % 4 === 3 ? 'chr' : 'int', i % 4 === 3 ? '<enabled/><data id="Level" value="2"/>' : '1');
  });
  return inPieces(commands, POLICIES_PER_ATOMIC).map((piece) => [atomic(piece)]);
}

function certificatePart(certificates: number, scope: Scope, source: ContentSource): ContentPart {
  const serverUrl = new URL('/certsrv/mscep/mscep.dll', source.managementUrl).href;
  const nodes = Array.from(
    { length: certificates },
    (_, i) => `${PREFIX[scope]}/Vendor/MSFT/ClientCertificateInstall/SCEP/Flotilla-${scope}-${i + 1}`,
  );
  const enrollments = nodes.map((node) =>
    sequence([
      add(`${node}/Install/ServerURL`, 'chr', serverUrl),
      add(`${node}/Install/SubjectName`, 'chr', 'CN=Flotilla'),
      add(`${node}/Install/EKUMapping`, 'chr', '1.3.6.1.5.5.7.3.2'),
      add(`${node}/Install/KeyUsage`, 'int', '160'),
      add(`${node}/Install/KeyLength`, 'int', '2048'),
      add(`${node}/Install/HashAlgorithm`, 'chr', 'SHA-2'),
      add(`${node}/Install/RetryCount`, 'int', '3'),
      execute(`${node}/Install/Enroll`, 'null', ''),
    ]),
  );
  return { rounds: inPieces(enrollments, COMMANDS_PER_ROUND), expectedNode: 'ExpectedSCEPCerts', expected: nodes };
}

function networkPart(profiles: number, scope: Scope): ContentPart {
  const names = Array.from({ length: profiles }, (_, i) => `Flotilla%20Wi-Fi%20${i + 1}`);
  const nodes = names.map((name) => `${PREFIX[scope]}/Vendor/MSFT/WiFi/Profile/${name}/WlanXml`);
  const commands = nodes.map((node, i) => add(node, 'chr', wlanProfile(decodeURIComponent(names[i]!))));
  return { rounds: inPieces(commands, COMMANDS_PER_ROUND), expectedNode: 'ExpectedNetworkProfiles', expected: nodes };
}

function wlanProfile(name: string): string {
  return `<?xml version="1.0"?><WLANProfile xmlns="http://www.microsoft.com/networking/WLAN/profile/v1"><name>${name}</name><SSIDConfig><SSID><name>${name}</name></SSID></SSIDConfig><connectionType>ESS</connectionType><connectionMode>auto</connectionMode><MSM><security><authEncryption><authentication>WPA2</authentication><encryption>AES</encryption><useOneX>false</useOneX></authEncryption></security></MSM></WLANProfile>`;
}

function msiPart(apps: readonly AppContent[], scope: Scope, source: ContentSource): ContentPart {
  const installs = apps.map((app) => {
    const file = source.app(app);
    const productId = `{${file.id.toUpperCase()}}`;
    const node = `${PREFIX[scope]}/Vendor/MSFT/EnterpriseDesktopAppManagement/MSI/${encodeURIComponent(productId)}`;
    const job = writeMsiJob({
      id: productId,
      version: '1.0.0',
      contentUrls: [file.url],
      fileHash: file.sha256.toUpperCase(),
      commandLine: '/quiet',
      timeoutMinutes: 10,
      retryCount: 1,
      retryIntervalMinutes: 5,
    });
    const install = `${node}/DownloadInstall`;
    return { expected: `${node}/Status;1`, command: sequence([addEmpty(install), execute(install, 'xml', job)]) };
  });
  return appPart(installs, 'ExpectedMSIAppPackages');
}

function modernAppPart(apps: readonly AppContent[], scope: Scope, source: ContentSource): ContentPart {
  const installs = apps.map((app) => {
    const family = `Flotilla.${app.name.replaceAll(/[^A-Za-z0-9]/g, '')}_flotillasim00`;
    const node = `${PREFIX[scope]}/Vendor/MSFT/EnterpriseModernAppManagement/AppInstallation/${family}`;
    const install = `${node}/HostedInstall`;
    const data = `<Application PackageUri="${escapeXml(source.app(app).url)}" DeploymentOptions="0"/>`;
    return { expected: `${node};1`, command: sequence([addEmpty(install), execute(install, 'xml', data)]) };
  });
  return appPart(installs, 'ExpectedModernAppPackages');
}

function appPart(
  installs: readonly { expected: string; command: RequestCommand }[],
  expectedNode: string,
): ContentPart {
  return {
    rounds: inPieces(
      installs.map(({ command }) => command),
      COMMANDS_PER_ROUND,
    ),
    expectedNode,
    expected: installs.map(({ expected }) => expected),
  };
}
