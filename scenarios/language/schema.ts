// The scenario language: one zod schema gives the checks, the defaults, the types and the editor's JSON schema. Titles and
// examples are what error messages quote. What depends on two places of a file at once is in compile.ts.
import { z } from 'zod';
import { DEVICE_MODEL_NAMES } from '../../catalog/device-models.ts';
import { NETWORK_PROFILE_NAMES } from '../../catalog/network-profiles.ts';
import { PROMPT_NAMES } from '../../catalog/prompts.ts';
import { SERVICE_NAMES } from '../../catalog/services.ts';
import { VARIANT_NAMES } from '../../catalog/variants.ts';
import type { Distribution } from '../../kernel/distribution.ts';
import { LIMITS } from '../../kernel/limits.ts';
import { DAY_MS, MINUTE_MS } from '../../kernel/units.ts';
import { EMBEDDED } from './plan.ts';
import { DURATION, PERCENT, RATE, readQuantity, SIZE, type Quantity } from './quantities.ts';
import { DEVICE_NAME, EPOCH, LOCALE, NAME, THRESHOLD, readEpoch, URL_TEXT, type TextForm } from './text-forms.ts';

function quantity(kind: Quantity, min: number, max: number) {
  return z
    .string()
    .regex(kind.pattern)
    .meta({ title: kind.title, examples: [...kind.examples] })
    .transform((text) => readQuantity(kind, text)!)
    .refine((value) => value >= min && value <= max, {
      error: `must be between ${kind.format(min)} and ${kind.format(max)}.`,
    });
}

function text(form: TextForm) {
  return z
    .string()
    .regex(form.pattern)
    .meta({ title: form.title, examples: [...form.examples] });
}

/** An object with these keys, each optional: unlike a record, it lets an editor complete the keys. */
function byName<Name extends string, Value extends z.ZodType>(
  names: readonly Name[],
  value: Value,
): z.ZodObject<Record<Name, z.ZodOptional<Value>>, z.core.$strict> {
  const shape = Object.fromEntries(names.map((name) => [name, value.optional()]));
  return z.strictObject(shape as Record<Name, z.ZodOptional<Value>>);
}

const duration = quantity(DURATION, 0, LIMITS.waitMsMax);
const positiveDuration = quantity(DURATION, 1, LIMITS.waitMsMax);
const size = quantity(SIZE, 0, LIMITS.contentBytesMax);
const freeText = z.string().max(LIMITS.textCharactersMax);

const probability = z
  .union([quantity(PERCENT, 0, 1), z.number().min(0).max(1)])
  .meta({ id: 'probability', title: 'a probability', examples: ['1%', '0.01'] });
const share = z
  .union([quantity(PERCENT, 0.000001, 1), z.number().gt(0).max(1_000_000)])
  .meta({ id: 'share', title: 'a share, as a percentage or a relative weight', examples: ['60%', '3'] });

const distributionForms = [
  duration.transform((ms): Distribution => ({ kind: 'constant', ms })),
  z
    .strictObject({ median: positiveDuration, p95: positiveDuration })
    .refine((form) => form.p95 >= form.median, { path: ['p95'], error: 'must not be below `median`.' })
    .transform((form): Distribution => ({ kind: 'lognormal', medianMs: form.median, p95Ms: form.p95 })),
  z
    .strictObject({ min: duration, max: duration })
    .refine((form) => form.max >= form.min, { path: ['max'], error: 'must not be below `min`.' })
    .transform((form): Distribution => ({ kind: 'uniform', minMs: form.min, maxMs: form.max })),
  z.strictObject({ mean: duration }).transform((form): Distribution => ({ kind: 'exponential', meanMs: form.mean })),
] as const;

const DISTRIBUTION_TITLE = 'a time: a constant, `{ median, p95 }` (lognormal), `{ min, max }` or `{ mean }`';
const distribution = z
  .union(distributionForms)
  .meta({ id: 'time', title: DISTRIBUTION_TITLE, examples: ['20 s', '{ median: 20 s, p95: 1 min }'] });

/** One time for every name, or a time for each name that is mentioned. */
function timesByName<Name extends string>(names: readonly Name[]) {
  return z
    .union([...distributionForms, byName(names, distribution)])
    .transform((times): Partial<Record<Name, Distribution>> =>
      'kind' in times
        ? (Object.fromEntries(names.map((name) => [name, times])) as Record<Name, Distribution>)
        : (times as Partial<Record<Name, Distribution>>),
    );
}

const people = timesByName(PROMPT_NAMES).describe(
  'Time of a person on each page that is shown; pages that are not mentioned take the default of catalog/prompts.ts.',
);
const installs = timesByName(['app', 'update'] as const).describe(
  'Time to install one app (default: median 25 s, p95 90 s), and one update (median 3 min, p95 8 min).',
);

const app = z.strictObject({
  name: freeText.min(1).max(LIMITS.nameCharactersMax).describe('Unique in the cohort.'),
  kind: z.enum(['msi', 'modern']).default('msi').describe('MSI job, or app of the store kind.'),
  size: size.prefault('2 MB').describe('What the content service sends for it.'),
});

const phase = z.strictObject({
  policies: z.int().min(0).max(LIMITS.phasePoliciesMax).default(0).describe('Policy settings written in this phase.'),
  certificates: z.int().min(0).max(LIMITS.phaseItemsMax).default(0).describe('SCEP certificates.'),
  networkProfiles: z.int().min(0).max(LIMITS.phaseItemsMax).default(0).describe('Wi-Fi or VPN profiles.'),
  apps: z.array(app).max(LIMITS.phaseItemsMax).default([]).describe('Apps that the page waits for.'),
});

const esp = z
  .strictObject({
    shown: z.boolean().default(true).describe('false: content arrives in the background, after the desktop.'),
    timeout: quantity(DURATION, MINUTE_MS, DAY_MS)
      .prefault('1 h')
      .describe('Device time after which the page fails; 1 min to 24 h.'),
    onFailure: z
      .array(z.enum(['reset', 'try-again', 'continue-anyway']))
      .default([])
      .describe('What the page offers when it fails.'),
    device: phase.prefault({}).describe('What the device phase delivers.'),
    user: phase.prefault({}).describe('What the user phase delivers.'),
  })
  .describe('The Enrollment Status Page; without this key it is not configured.');

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

const updates = z
  .strictObject({
    kind: z
      .enum(['off', 'none', 'some', 'restart'])
      .describe('`off`: the profile does not ask for the check; `restart`: what it finds restarts the device.'),
    size: size.prefault('10 MB').describe('What the update service sends for it.'),
  })
  .describe('What the check for critical updates at OOBE finds.');

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
  languages: z.int().min(1).max(50).default(1).describe('Languages installed; with several the device asks.'),
  profile: profile.prefault({}),
  esp: esp.optional(),
  updates: updates.prefault({ kind: 'none' }),
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
