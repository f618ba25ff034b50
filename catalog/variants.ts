// The ways a device can go through user-driven mode. A variant is a flow (agent/flow.ts) plus what a profile says.

export const VARIANTS = {
  'entra-join': { title: 'Microsoft Entra join', domainJoinMethod: 0 },
} as const;

export type VariantName = keyof typeof VARIANTS;
export const VARIANT_NAMES = Object.keys(VARIANTS) as VariantName[];
