// Every condition by its name; the order is the order in which they act on a passage.
import type { ConditionName } from '../../../catalog/conditions.ts';
import { bandwidth } from './bandwidth.ts';
import type { Condition } from './condition.ts';
import { drop } from './drop.ts';
import { latency } from './latency.ts';
import { loss } from './loss.ts';
import { reset } from './reset.ts';

export const CONDITION_FUNCTIONS: Readonly<Record<ConditionName, Condition>> = {
  latency,
  bandwidth,
  loss,
  reset,
  drop,
};
