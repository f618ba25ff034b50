// The scenario of the benchmarks: a plain Entra join over links that cost nothing, so that what is measured is the agent and not
// the network it simulates.

interface Load {
  readonly devices: number;
  readonly arrivals: string;
  /** An app whose installation takes `installs`: what devices wait for, with `sessionPause` between two sessions. */
  readonly waiting?: { readonly installs: string; readonly sessionPause: string };
  readonly target?: string;
  /** SCEP certificates, each an enrollment of its own. */
  readonly certificates?: number;
}

/** About 30 exchanges: the profile asks for no update check, the ESP delivers policies, and nobody waits. */
export function enrollmentScenario({ devices, arrivals, waiting, target, certificates = 0 }: Load): string {
  const apps = waiting === undefined ? '' : ', apps: [{ name: App, size: 10 KB }]';
  return `name: bench
seed: bench
arrivals: ${arrivals}
target: ${target ?? 'embedded'}
people: 0 s
installs: ${waiting?.installs ?? '0 s'}
cohorts:
  - name: bench
    count: ${devices}
    models: { simbook-15: 1, simdesk-tower: 1 }
    networks: { loopback: 1 }
    restart: 0 s
    sessionPause: ${waiting?.sessionPause ?? '0 s'}
    updates: { kind: 'off' }
    esp:
      device: { policies: 10, certificates: ${certificates}${apps} }
      user: { policies: 2 }
`;
}
