import { describe, expect, it } from 'vitest';
import { NO_CONTENT, type EspConfig, type PhaseContent } from '../../catalog/content.ts';
import { phasePlan, roundFor } from './phase-plan.ts';
import type { PhasePlan } from './phase-plan.ts';

const SOURCE = {
  managementUrl: 'https://manage.flotilla.example/omadm',
  app: () => ({ id: 'abcd', url: 'http://content.flotilla.example/abcd.msi', sha256: 'ab' }),
};

function esp(device: Partial<PhaseContent>, more: Partial<EspConfig> = {}): EspConfig {
  return {
    shown: true,
    timeoutMinutes: 45,
    allowReset: false,
    allowTryAgain: true,
    allowContinueAnyway: true,
    assignedTo: 'devices',
    blocks: 'all',
    providerTimeoutMinutes: 15,
    device: { ...NO_CONTENT, ...device },
    user: NO_CONTENT,
    ...more,
  };
}

/** "target=data" of every item, groups opened. */
function items(plan: PhasePlan): string[] {
  type Part = PhasePlan['follow'][number];
  const open = (command: Part): string[] => {
    if ('commands' in command) return command.commands.flatMap((child) => open(child as Part));
    return command.items.map(({ target, data }) => `${target}=${data ?? ''}`);
  };
  return plan.provision.flat().flatMap(open);
}

describe('phasePlan', () => {
  it('lists what it sends, divided by U+F000, and ends by saying so', () => {
    const sent = items(
      phasePlan(esp({ networkProfiles: 2, msiApps: [{ name: 'A', sizeBytes: 1 }] }), 'device', SOURCE),
    );
    const list = sent.find((text) => text.includes('ExpectedNetworkProfiles'));
    expect(list?.split('=')[1]?.split('\uf000').length).toBe(2);
    expect(sent.find((text) => text.includes('ExpectedMSIAppPackages'))).toMatch(/MSI\/%7BABCD%7D\/Status;1$/);
    expect(sent.find((text) => text.includes('ExpectedPolicies'))).toMatch(/\/EntDMID$/);
    expect(sent.some((text) => text.includes('ExpectedSCEPCerts'))).toBe(false);
    expect(sent.findIndex((text) => text.includes('ServerHasFinishedProvisioning=true'))).toBeGreaterThan(
      sent.findIndex((text) => text.includes('DownloadInstall')),
    );
  });

  it('sets the page as the tenant wants it, in the device phase only', () => {
    const sent = items(phasePlan(esp({}), 'device', SOURCE));
    const page = sent.map((text) => text.slice(text.lastIndexOf('/') + 1));
    expect(page).toEqual(
      expect.arrayContaining(['TimeOutUntilSyncFailure=45', 'BlockInStatusPage=6', 'SkipUserStatusPage=false']),
    );
    const provider = 'Vendor/MSFT/DMClient/Provider/Flotilla%20MDM';
    expect(items(phasePlan(esp({}), 'user', SOURCE))).toEqual([
      `./User/${provider}/FirstSyncStatus/ExpectedPolicies=./${provider}/EntDMID`,
      `./User/${provider}/FirstSyncStatus/ServerHasFinishedProvisioning=true`,
    ]);
    expect(
      items(phasePlan(esp({}, { shown: false }), 'device', SOURCE)).some((text) => text.includes('SkipDevice')),
    ).toBe(false);
  });

  it('gives each device its own id and changes the shared plan for none', () => {
    const plan = phasePlan(esp({}), 'device', SOURCE);
    const round = plan.provision.find((commands) => JSON.stringify(commands).includes('/EntDMID'))!;
    expect(JSON.stringify(roundFor(round, 'device-7'))).toContain('"data":"device-7"');
    expect(JSON.stringify(round)).not.toContain('device-7');
    expect(roundFor(plan.provision[0]!, 'device-7')).toBe(plan.provision[0]);
  });

  it('numbers the commands of a message from 1, groups before what is in them', () => {
    const [atomic] = phasePlan(esp({ policies: 2 }), 'device', SOURCE).provision.find(([first]) =>
      JSON.stringify(first).includes('Policy/Config'),
    )!;
    expect(atomic).toMatchObject({ kind: 'atomic', cmdId: '1', commands: [{ cmdId: '2' }, { cmdId: '3' }] });
  });
});
