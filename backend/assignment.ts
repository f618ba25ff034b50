// Which Autopilot profile a registered device has, and since when (flow.md 0.3). The order between the ways of assignment is not
// published as a whole; ours is: the profile on the device itself, then those of its groups, of which the oldest profile wins, then
// the tenant's default profile. What takes effect only later does not count yet.
import type { AssignmentConfig, GroupConfig, TenantConfig } from '../catalog/tenant.ts';
import type { Clock } from '../kernel/clock.ts';
import { assert, never } from '../kernel/result.ts';
import { parseMembershipRule } from './assignment-rule.ts';
import type { Registration } from './stores/registrations.ts';

/** How a device stands: `pending` is what the admin center calls "Assigning". */
export type Assignment =
  | { readonly status: 'unassigned' }
  | {
      readonly status: 'pending' | 'assigned';
      readonly group: GroupConfig;
      /** When it took or will take effect, milliseconds since the Unix epoch. */
      readonly atMs: number;
    };

/** What the profile service has for a device: a profile, a verdict (ztd.md 4.1), or a blank profile while one is being assigned. */
export type AssignedProfile =
  { readonly group: GroupConfig } | { readonly verdict: 809 | 815 } | { readonly blank: true };

export function assignedProfile(
  tenant: { readonly assignments: Assignments },
  registration: Registration,
): AssignedProfile {
  const assignment = tenant.assignments.of(registration);
  switch (assignment.status) {
    case 'unassigned':
      return { verdict: 815 };
    case 'pending':
      return { blank: true };
    case 'assigned':
      return assignment.group.assignment.profileDeleted ? { verdict: 809 } : { group: assignment.group };
    default:
      return never(assignment);
  }
}

/** The ids of the Entra device object that rules are written on. */
export function physicalIdsOf({ id, groupTag }: Pick<Registration, 'id' | 'groupTag'>): string[] {
  return [`[ZTDID]:${id}`, ...(groupTag === '' ? [] : [`[OrderID]:${groupTag}`])];
}

/** The rule of a dynamic group in the form that the documentation gives today; undefined for what is no dynamic group. */
export function membershipRuleOf({ tag, assignment }: GroupConfig): string | undefined {
  if (assignment.by === 'order-id') return `(device.devicePhysicalIds -any (_ -eq "[OrderID]:${tag}"))`;
  return assignment.by === 'all-devices' ? '(device.devicePhysicalIds -any (_ -startsWith "[ZTDid]"))' : undefined;
}

/** A group with the question whether a device is its own. */
interface Target {
  readonly group: GroupConfig;
  readonly has: MembershipTest;
}

/** Asked with the device's physical ids in lower case, which are the same for all groups. */
type MembershipTest = (registration: Registration, physicalIds: readonly string[]) => boolean;

/** Ways to assign a profile, in tiers: a later one counts only where no earlier one has taken effect. */
const TIERS: readonly (readonly AssignmentConfig['by'][])[] = [
  ['device'],
  ['order-id', 'all-devices', 'static'],
  ['default'],
];

export class Assignments {
  readonly #tiers: readonly (readonly Target[])[];
  readonly #speed: number;
  readonly #clock: Pick<Clock, 'wallMs'>;

  constructor({ groups, speed }: Pick<TenantConfig, 'groups' | 'speed'>, clock: Pick<Clock, 'wallMs'>) {
    // A stable sort: of profiles of one age the first wins.
    const byAge = groups.toSorted((a, b) => b.assignment.profileAgeDays - a.assignment.profileAgeDays);
    this.#tiers = TIERS.map((ways) =>
      byAge
        .filter(({ assignment }) => ways.includes(assignment.by))
        .map((group) => ({ group, has: memberTest(group) })),
    );
    this.#speed = speed;
    this.#clock = clock;
  }

  of(registration: Registration): Assignment {
    const nowMs = this.#clock.wallMs();
    const physicalIds = physicalIdsOf(registration).map((id) => id.toLowerCase());
    let pending: Assignment = { status: 'unassigned' };
    for (const tier of this.#tiers) {
      for (const { group, has } of tier) {
        if (!has(registration, physicalIds)) continue;
        const atMs = registration.registeredMs + group.assignment.lagMs / this.#speed;
        if (atMs <= nowMs) return { status: 'assigned', group, atMs };
        if (pending.status === 'unassigned') pending = { status: 'pending', group, atMs };
      }
    }
    return pending;
  }
}

function memberTest(group: GroupConfig): MembershipTest {
  const text = membershipRuleOf(group);
  if (text !== undefined) {
    const rule = parseMembershipRule(text);
    assert(rule.ok, `the rule ${text} of our own`);
    return (_, physicalIds) => rule.value(physicalIds);
  }
  if (group.assignment.by === 'default') return () => true;
  // A static group lists the devices that were ordered for it, and so does a partner who puts a profile on them.
  const tag = group.tag.toLowerCase();
  return ({ groupTag }) => groupTag.toLowerCase() === tag;
}
