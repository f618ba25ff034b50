// The people and the paperwork of a cohort, as a scenario writes them: accounts and what is wrong with some, mistakes, how
// devices were registered and profiles assigned.
import { z } from 'zod';
import { USER_TRAITS } from '../../catalog/accounts.ts';
import { PROMPT_NAMES } from '../../catalog/prompts.ts';
import { DAY_MS } from '../../kernel/units.ts';
import { DURATION } from './quantities.ts';
import { byName, duration, probability, quantity, timesByName } from './schema-values.ts';

export const people = timesByName(PROMPT_NAMES).describe(
  'Time of a person on each page that is shown; pages that are not mentioned take the default of catalog/prompts.ts.',
);

export const accounts = z
  .strictObject({
    kind: z
      .enum(['managed', 'ws-trust', 'passive'])
      .default('managed')
      .describe('Who has the password: the tenant, or AD FS (reached by WS-Trust, or by the browser).'),
    multifactor: z.boolean().default(false).describe('A second factor is asked for at sign-in.'),
    traits: byName(USER_TRAITS, probability)
      .prefault({})
      .refine((traits) => Object.values(traits).reduce<number>((sum, part) => sum + (part ?? 0), 0) <= 1, {
        error: 'must not be more than 100% together: a user has at most one trait.',
      })
      .describe('Share of the users that has a trait (catalog/accounts.ts says what each does).'),
  })
  .describe('The accounts of the people.');

export const mistakes = z
  .strictObject({
    mistypedKey: probability
      .default(0)
      .refine((part) => part <= 0.9, { error: 'must be at most 90%: nobody would get on the network.' })
      .describe('Each time the key of a Wi-Fi network is typed.'),
    mistypedPassword: probability.default(0).describe('Each time a password is typed.'),
    otherUser: probability
      .default(0)
      .describe('Signs in as somebody else than the assigned user, where that is possible.'),
    declinedTerms: probability.default(0).describe('Declines the terms of use.'),
    closedTerms: probability.default(0).describe('Closes the page of the terms of use.'),
  })
  .describe('What people do wrong, as probabilities.');

export const registration = z
  .strictObject({
    by: z
      .enum(['partner', 'csv', 'graph', 'tuple'])
      .default('partner')
      .describe(
        'Partner CSV with hardware hashes, CSV by hand (500 rows), Graph import, or manufacturer, model and serial.',
      ),
    assignUser: z.boolean().default(false).describe('The registration names the user of the device.'),
    missing: probability.default(0).describe('Share of devices that nobody registers (807).'),
    otherTenant: probability.default(0).describe('Share that another tenant owns (808).'),
    hardwareChanged: probability.default(0).describe('Share whose mainboard was changed since (908).'),
  })
  .describe('How the devices were registered with Autopilot.');

export const assignment = z
  .strictObject({
    by: z
      .enum(['order-id', 'all-devices', 'static', 'device', 'default', 'none'])
      .default('order-id')
      .describe(
        'Dynamic group by registration tag or of all registered devices, static group, profile on the device itself, default profile of the tenant, or nobody assigned one.',
      ),
    lag: duration.prefault('0 s').describe('Device time from registration until the profile is assigned.'),
    profileAge: quantity(DURATION, 0, 3650 * DAY_MS)
      .prefault('0 s')
      .describe('Of several profiles the oldest wins.'),
    profileDeleted: z.boolean().default(false).describe('The profile was deleted after it was assigned (809).'),
  })
  .describe('How the profile comes to the devices.');
