// The scenario language: one zod schema gives the checks, the defaults, the types and the editor's JSON schema. Titles and
// examples are what error messages quote. What depends on two places of a file at once is in cross-checks.ts.
import { z } from 'zod';
import { DEVICE_MODEL_NAMES } from '../../catalog/device-models.ts';
import { NETWORK_PROFILE_NAMES } from '../../catalog/network-profiles.ts';
import { OS_VERSION_NAMES } from '../../catalog/os-versions.ts';
import { SERVICE_NAMES } from '../../catalog/services.ts';
import { VALIDATION_NAMES } from '../../catalog/validation.ts';
import { VARIANT_NAMES } from '../../catalog/variants.ts';
import { LIMITS } from '../../kernel/limits.ts';
import { EMBEDDED } from './plan.ts';
import { RATE } from './quantities.ts';
import { coManagement, esp, updates } from './schema-content.ts';
import { faults } from './schema-faults.ts';
import { accounts, assignment, mistakes, people, registration } from './schema-people.ts';
import { byName, distribution, freeText, probability, quantity, share, text, timesByName } from './schema-values.ts';
import { DEVICE_NAME, EPOCH, LOCALE, NAME, OS_VERSION, THRESHOLD, readEpoch, URL_TEXT } from './text-forms.ts';

const installs = timesByName(['app', 'update', 'qualityUpdate'] as const).describe(
  'Time to install one app (default: median 25 s, p95 90 s), one update at OOBE (median 3 min, p95 8 min), the quality updates (median 28 min, p95 40 min).',
);

const profile = z
  .strictObject({
    name: freeText.min(1).optional().describe('Without it, the name of the cohort and `profile`.'),
    hide: z
      .array(z.enum(['privacy', 'licence', 'oem-registration', 'keyboard']))
      .default(['privacy', 'licence', 'oem-registration'])
      .describe('Pages that the Autopilot profile hides.'),
    user: z.enum(['standard', 'administrator']).default('standard').describe('What the person is on the device.'),
    locale: text(LOCALE).optional().describe('Region and language that a wired device takes without asking.'),
    deviceName: text(DEVICE_NAME).optional().describe('Name template; without it the device keeps its name.'),
  })
  .describe('The Autopilot profile of the cohort.');

const cohort = z.strictObject({
  name: text(NAME).describe('Metric label and group tag; unique.'),
  site: text(NAME).default('main').describe('Where the devices are: they share an uplink.'),
  count: z.int().min(1).max(LIMITS.devicesMax).describe('Devices.'),
  variant: z.enum(VARIANT_NAMES).default('entra-join').describe('How devices go through user-driven mode.'),
  models: byName(DEVICE_MODEL_NAMES, share).prefault({ 'simbook-15': 1 }).describe('Mix of device models.'),
  networks: byName(NETWORK_PROFILE_NAMES, share).prefault({ 'office-ethernet': 1 }).describe('Mix of links.'),
  link: z
    .strictObject({ reset: probability.default(0), drop: probability.default(0) })
    .prefault({})
    .describe('Faults of the links: probability, for each exchange, that its connection is reset or gets no answer.'),
  osVersions: byName(OS_VERSION_NAMES, share)
    .optional()
    .describe('Mix of Windows versions; without it those of the models.'),
  registration: registration.prefault({}),
  assignment: assignment.prefault({}),
  accounts: accounts.prefault({}),
  mistakes: mistakes.prefault({}),
  restartsWithoutProfile: z
    .int()
    .min(0)
    .max(100)
    .default(0)
    .describe('How often a person restarts a device that found no profile before it is given up.'),
  languages: z.int().min(1).max(50).default(1).describe('Languages installed; with several the device asks.'),
  profile: profile.prefault({}),
  esp: esp.optional(),
  updates: updates.prefault({}),
  windowsHello: z.boolean().default(false).describe('Windows Hello for Business is set up before the desktop.'),
  coManagement: coManagement.optional(),
  people: people.optional(),
  installs: installs.optional(),
  restart: distribution.prefault({ median: '50 s', p95: '100 s' }).describe('Time of one restart.'),
  sessionPause: distribution.prefault('10 s').describe('Pause between two management sessions of the ESP.'),
  polling: z
    .strictObject({
      sessions: z.int().min(0).max(1000).default(0).describe('How many; 0 ends the device at the desktop.'),
    })
    .prefault({})
    .describe('Management sessions on the poll schedule after the desktop.'),
});

const rate = quantity(RATE, 0.001, LIMITS.arrivalsPerSecondMax);
const arrivals = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('at-once') }),
    z.strictObject({ kind: z.literal('constant'), rate }),
    z.strictObject({ kind: z.literal('poisson'), rate }),
  ])
  .describe('When devices are switched on, in real seconds: `speed` does not scale it.');

const target = z
  .union([
    z.literal(EMBEDDED),
    byName(
      SERVICE_NAMES,
      z
        .union([z.literal(EMBEDDED), text(URL_TEXT).refine((url) => URL.canParse(url), { error: 'is not a URL.' })])
        .meta({
          title: '`embedded` or a URL',
          examples: ['embedded', 'https://mdm.example.com'],
        }),
    ).extend({ ca: freeText.optional().describe('PEM file of roots to trust, relative to the scenario.') }),
  ])
  .meta({ title: '`embedded` or a map from service to URL', examples: ['embedded'] })
  .describe('Where each service is; what is not mentioned is embedded.');

const tenant = z
  .strictObject({
    displayName: freeText.min(1).default('Simulated Organisation').describe('Name on the sign-in page.'),
    domain: z
      .string()
      .regex(/^(?:[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?\.)+example$/)
      .meta({ title: 'a domain that ends in `.example`', examples: ['contoso.example'] })
      .default('fleet.example')
      .describe('Domain of its users, `user0` and so on.'),
    signInText: freeText.default('Sign in with your simulated account.').describe('Text on the sign-in page.'),
    termsOfUse: z.boolean().default(false).describe('Whether the MDM shows terms of use.'),
    join: z
      .strictObject({
        scope: z.enum(['all', 'selected', 'none']).default('all').describe('Who may join devices.'),
        quota: z.int().min(1).max(1000).default(50).describe('Devices a user may have.'),
      })
      .prefault({})
      .describe('Joining devices to Microsoft Entra ID.'),
    mdm: z
      .strictObject({
        scope: z.enum(['all', 'selected', 'none']).default('all').describe('Whose devices are enrolled.'),
        minimumOs: text(OS_VERSION).optional().describe('Platform restriction: the lowest version that may enroll.'),
      })
      .prefault({})
      .describe('MDM enrollment.'),
  })
  .describe('The embedded tenant.');

export const scenarioSchema = z
  .strictObject({
    name: text(NAME).describe('Names the run and its folder.'),
    description: freeText.default('').describe('A sentence for those who read the plan.'),
    seed: z
      .union([z.string().min(1).max(LIMITS.nameCharactersMax), z.number()])
      .transform(String)
      .prefault('flotilla')
      .describe('The same seed gives the same identities, schedule and waits.'),
    epoch: text(EPOCH)
      .refine((instant) => readEpoch(instant) !== undefined, { error: 'is not in the calendar.' })
      .default('2026-01-01T00:00:00Z')
      .describe('Instant that identifiers and time stamps derive from, with the seed.'),
    speed: z
      .number()
      .min(LIMITS.speedMin)
      .max(LIMITS.speedMax)
      .default(1)
      .describe('Device seconds in one real second of a simulated wait (people, installs, restarts, polls).'),
    target: target.prefault(EMBEDDED),
    tenant: tenant.prefault({}),
    people: people.prefault({}),
    installs: installs.prefault({}),
    cohorts: z.array(cohort).min(1).max(LIMITS.cohortsMax).describe('The devices, at most 32 kinds of them.'),
    arrivals,
    inFlightMax: z
      .int()
      .min(1)
      .max(LIMITS.inFlightMax)
      .default(LIMITS.inFlightMax)
      .describe('Devices in flight at once; what exceeds it is counted as not started.'),
    keys: z.enum(['pool', 'real']).default('pool').describe('Keys from the shipped pool, or generated (slow).'),
    faults,
    validation: z
      .enum(VALIDATION_NAMES)
      .optional()
      .describe(
        'The list that the run is checked against, line by line; each line has a verdict in terminal and summary.',
      ),
    thresholds: z
      .array(text(THRESHOLD))
      .max(LIMITS.thresholdsMax)
      .default([])
      .describe('What must hold for the run to pass; without any, no device may fail.'),
  })
  .meta({ title: 'a map with `name`, `arrivals`, `cohorts` and what is optional' });

/** A scenario as it was read: every default is filled in except people and installs, where cohorts fall back on the top. */
export type Scenario = z.output<typeof scenarioSchema>;
export type ScenarioCohort = Scenario['cohorts'][number];
