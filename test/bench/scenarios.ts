// The scenarios of the benchmarks: an Entra join with a small ESP over links that cost nothing, so that what is measured is the
// agent and not the network it simulates.

interface Load {
  readonly devices: number;
  readonly arrivals: string;
  /** Every wait of a person, install, restart or pause; `0 s` for none. */
  readonly wait?: string;
  readonly inFlightMax?: number;
  readonly more?: string;
}

/** A plain Entra join of about 30 exchanges: the profile asks for no update check, the ESP delivers policies and a certificate. */
export function enrollmentScenario(load: Load): string {
  const wait = load.wait ?? '0 s';
  return `name: bench
seed: bench
arrivals: ${load.arrivals}
inFlightMax: ${load.inFlightMax ?? 20000}
people: ${wait}
installs: ${wait}
cohorts:
  - name: bench
    count: ${load.devices}
    models: { simbook-15: 1, simdesk-tower: 1 }
    networks: { loopback: 1 }
    restart: ${wait}
    sessionPause: ${wait}
    updates: { kind: 'off' }
    esp:
      device: { policies: 10, certificates: 1 }
      user: { policies: 2 }
${load.more ?? ''}`;
}
