// A mix: what a share of devices gets. Shares need not add up to one; they are relative.

export interface Weighted<T> {
  readonly value: T;
  readonly share: number;
}

/** The item at position `unit` in [0, 1) of the mix laid end to end. */
export function pickWeighted<T>(mix: readonly Weighted<T>[], unit: number): T {
  let total = 0;
  for (const item of mix) total += item.share;
  let rest = unit * total;
  for (const item of mix) {
    rest -= item.share;
    if (rest < 0) return item.value;
  }
  return mix[mix.length - 1]!.value;
}
