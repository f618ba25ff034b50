// How faults have a reply delivered: more of what an inner fault may have asked for already.
import type { Delivery, Reply } from '../http/message.ts';

/** The reply, by so many real milliseconds later. */
export function delayed(reply: Reply, delayMs: number): Reply {
  const { delivery } = reply;
  return { ...reply, delivery: { ...delivery, delayMs: (delivery?.delayMs ?? 0) + delayMs } };
}

/** The reply with another ending of its delivery. */
export function ending(reply: Reply, how: NonNullable<Delivery['ending']>): Reply {
  return { ...reply, delivery: { ...reply.delivery, ending: how } };
}
