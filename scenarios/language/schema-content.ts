// What the management server delivers, as a scenario writes it: apps, the phases of the status page, updates, co-management.
import { z } from 'zod';
import { CO_MANAGEMENT_WORKLOADS } from '../../catalog/content.ts';
import { LIMITS } from '../../kernel/limits.ts';
import { DAY_MS, MINUTE_MS } from '../../kernel/units.ts';
import { DURATION } from './quantities.ts';
import { distribution, freeText, probability, quantity, share, size } from './schema-values.ts';

const appName = freeText.min(1).max(LIMITS.nameCharactersMax).describe('Unique in the cohort.');
const appSize = size.prefault('2 MB').describe('What the content service sends for it.');

const installer = z
  .strictObject({
    exitCodes: z
      .record(z.string().regex(/^\d{1,5}$/), share)
      .meta({ title: 'a map from exit code to share', examples: ['{ 0: 97%, 3010: 2%, 1603: 1% }'] })
      .optional()
      .describe(
        'Exit codes of the installer by share: 0 is installed, 3010 and 1641 want a restart. Without it always 0.',
      ),
    detected: probability
      .default(1)
      .describe('Of installs that succeed, the share that detection finds (else 0x87D1041C).'),
    time: distribution.optional().describe("Time of one install; without it the cohort's `installs`."),
  })
  .describe('What the installer of a `win32` app does on the devices.');

const app = z.strictObject({
  name: appName,
  kind: z
    .enum(['msi', 'modern', 'win32'])
    .default('msi')
    .describe('MSI job, app of the store kind, or app of the management extension.'),
  size: appSize,
  blocking: z
    .boolean()
    .default(true)
    .describe('`win32`: the page waits for it; `false`: it installs after the desktop.'),
  dependsOn: z
    .array(freeText)
    .max(LIMITS.phaseItemsMax)
    .default([])
    .describe('`win32`: names of apps of the same phase that are installed first.'),
  restart: z
    .enum(['by-exit-code', 'suppress', 'force'])
    .default('by-exit-code')
    .describe('`win32`: what happens when the installer asks for a restart.'),
  installer: installer.optional(),
});

const phase = z.strictObject({
  policies: z.int().min(0).max(LIMITS.phasePoliciesMax).default(0).describe('Policy settings written in this phase.'),
  restartPolicies: z
    .int()
    .min(0)
    .max(LIMITS.phasePoliciesMax)
    .default(0)
    .describe('Further settings that take effect only with a restart; it comes once, at the end of the device phase.'),
  certificates: z.int().min(0).max(LIMITS.phaseItemsMax).default(0).describe('SCEP certificates.'),
  pkcsCertificates: z
    .int()
    .min(0)
    .max(LIMITS.phaseItemsMax)
    .default(0)
    .describe('PKCS (PFX) certificates; the page does not wait for them.'),
  networkProfiles: z.int().min(0).max(LIMITS.phaseItemsMax).default(0).describe('Wi-Fi or VPN profiles.'),
  apps: z.array(app).max(LIMITS.phaseItemsMax).default([]).describe('Apps that are required in this phase.'),
});

export const esp = z
  .strictObject({
    shown: z.boolean().default(true).describe('false: content arrives in the background, after the desktop.'),
    timeout: quantity(DURATION, MINUTE_MS, DAY_MS)
      .prefault('1 h')
      .describe('Device time after which the page fails; 1 min to 24 h.'),
    onFailure: z
      .array(z.enum(['reset', 'try-again', 'continue-anyway']))
      .default([])
      .describe('What the page offers when it fails.'),
    person: z
      .strictObject({
        tryAgain: z.int().min(0).max(100).default(0).describe('How often the person presses "Try again" first.'),
        atLast: z
          .enum(['give-up', 'continue-anyway', 'reset'])
          .default('give-up')
          .describe('What the person does after that.'),
      })
      .prefault({})
      .describe('What a person does at a failed page, where it offers that.'),
    assignedTo: z
      .enum(['devices', 'users'])
      .default('devices')
      .describe("`users`: the list of blocking apps is ignored in the device phase, as Windows' page does."),
    blocks: z
      .enum(['selected', 'all'])
      .default('selected')
      .describe('`selected`: the page waits for `win32` apps that are `blocking`; `all`: for every app.'),
    providerTimeout: quantity(DURATION, MINUTE_MS, DAY_MS)
      .prefault('15 min')
      .describe('Device time that the page waits for a policy provider (management extension, ConfigMgr).'),
    device: phase.prefault({}).describe('What the device phase delivers.'),
    user: phase.prefault({}).describe('What the user phase delivers.'),
  })
  .describe('The Enrollment Status Page; without this key it is not configured.');

export const updates = z
  .strictObject({
    kind: z
      .enum(['off', 'none', 'some', 'restart'])
      .default('none')
      .describe('`off`: the profile does not ask for the check; `restart`: what it finds restarts the device.'),
    size: size.prefault('10 MB').describe('What the update service sends for it.'),
    quality: z
      .strictObject({
        size: size.prefault('300 MB').describe('What the update service sends for them.'),
        restart: z.boolean().default(true).describe('They restart the device.'),
      })
      .optional()
      .describe('Quality updates at the end of OOBE, after the status page; without this key there are none.'),
  })
  .describe('Windows updates at OOBE.');

export const coManagement = z
  .strictObject({
    clientSize: size.prefault('30 MB').describe('Size of ccmsetup.msi.'),
    workloads: z
      .array(z.enum(CO_MANAGEMENT_WORKLOADS))
      .default([...CO_MANAGEMENT_WORKLOADS])
      .describe('Workloads that pass from Configuration Manager to the MDM, in this order.'),
    taskSequence: z
      .array(z.strictObject({ name: appName, size: appSize }))
      .max(LIMITS.phaseItemsMax)
      .default([])
      .describe("Apps that the client's task sequence installs and reports to the status page."),
  })
  .describe('The co-management setting: the Configuration Manager client comes with enrollment.');
