// What a link does to a connection or an exchange, beyond what its profile says. One condition is one file in
// agent/network/conditions; the names are what a scenario writes.

export const CONDITIONS = {
  latency: { title: 'Delay with jitter, as the profile says' },
  bandwidth: { title: 'Bytes take time, up and down' },
  loss: { title: 'Lost packets, as their effect on goodput and delay' },
  reset: { title: 'The connection is reset in the middle of an exchange, by probability' },
  drop: { title: 'The request gets no answer until the time-out, by probability' },
} as const;

export type ConditionName = keyof typeof CONDITIONS;
export const CONDITION_NAMES = Object.keys(CONDITIONS) as ConditionName[];
