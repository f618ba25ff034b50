// The policies of a phase. How many is the scenario's matter; which is not anybody's, so they stand in areas of our own, apart from
// the two that the flow acts on: Windows Hello for Business and the quality updates at the end of OOBE.
import type { PhaseContent } from '../../catalog/content.ts';
import type { GroupConfig } from '../../catalog/tenant.ts';
import type { RequestCommand } from '../../protocol/management/syncml.ts';
import { add, atomic, inPieces, PREFIX, replace } from './commands.ts';
import type { Scope } from './commands.ts';

/** Policies in one Atomic, which is a message of some ten kilobytes, as services send them. */
const POLICIES_PER_ATOMIC = 25;
const POLICIES_PER_AREA = 10;

/** Those that take effect only with a restart stand in areas "SimulatedRestart<n>": a device knows them by the URI. */
export function policyRounds(
  { policies, restartPolicies }: Pick<PhaseContent, 'policies' | 'restartPolicies'>,
  scope: Scope,
): RequestCommand[][] {
  const setting = (kind: 'Simulated' | 'SimulatedRestart', i: number): RequestCommand => {
    const area = `${kind}${Math.floor(i / POLICIES_PER_AREA)}`;
    const target = `${PREFIX[scope]}/Vendor/MSFT/Policy/Config/${area}/Setting${i}`;
    return replace(target, i % 4 === 3 ? 'chr' : 'int', i % 4 === 3 ? '<enabled/><data id="Level" value="2"/>' : '1');
  };
  const commands = [
    ...Array.from({ length: policies }, (_, i) => setting('Simulated', i)),
    ...Array.from({ length: restartPolicies }, (_, i) => setting('SimulatedRestart', i)),
  ];
  return inPieces(commands, POLICIES_PER_ATOMIC).map((piece) => [atomic(piece)]);
}

/** What of the device the flow acts on later, if the group has it. */
export function flowPolicies(group: Pick<GroupConfig, 'windowsHello' | 'updates'>, tenantId: string): RequestCommand[] {
  const commands: RequestCommand[] = [];
  if (group.windowsHello) {
    // PassportForWork CSP: {TenantId}/Policies/UsePassportForWork.
    const target = `./Device/Vendor/MSFT/PassportForWork/${tenantId}/Policies/UsePassportForWork`;
    commands.push(add(target, 'bool', 'true'));
  }
  if (group.updates.quality !== null) {
    // Where the status page's profile really says so is not documented; the name is ours.
    commands.push(replace('./Device/Vendor/MSFT/Policy/Config/Update/SimulatedQualityUpdatesAfterOobe', 'int', '1'));
  }
  return commands;
}
