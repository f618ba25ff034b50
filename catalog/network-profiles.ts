// Named links. Figures are one-way latency in milliseconds (half a round trip), its jitter (standard deviation, one way),
// bandwidth in Mbit/s and packet loss as a share. Each line names its source; where none is a measurement of ours or a
// published statistic of one operator, it says "typical".

export interface NetworkProfile {
  readonly title: string;
  readonly medium: 'ethernet' | 'wifi' | 'cellular';
  readonly latencyMs: number;
  readonly jitterMs: number;
  readonly downMbps: number;
  readonly upMbps: number;
  readonly loss: number;
  readonly source: string;
}

export const NETWORK_PROFILES = {
  loopback: {
    title: 'Nothing in between',
    medium: 'ethernet',
    latencyMs: 0,
    jitterMs: 0,
    downMbps: 0,
    upMbps: 0,
    loss: 0,
    source: 'no emulation: for throughput benchmarks (0 Mbit/s means unlimited)',
  },
  'office-ethernet': {
    title: 'Office, switched Ethernet',
    medium: 'ethernet',
    latencyMs: 5,
    jitterMs: 0.5,
    downMbps: 1000,
    upMbps: 1000,
    loss: 0,
    source:
      'typical: 1000BASE-T (IEEE 802.3ab) behind a metropolitan fibre uplink, 10 ms round trip to a regional data centre',
  },
  'office-wifi': {
    title: 'Office Wi-Fi',
    medium: 'wifi',
    latencyMs: 8,
    jitterMs: 3,
    downMbps: 200,
    upMbps: 150,
    loss: 0.001,
    source: 'typical: 802.11ax, 80 MHz, two streams, shared cell',
  },
  'home-fibre': {
    title: 'Home, fibre to the home',
    medium: 'wifi',
    latencyMs: 8,
    jitterMs: 2,
    downMbps: 300,
    upMbps: 150,
    loss: 0.0005,
    source: 'FCC Measuring Broadband America (fixed), fibre: round-trip latency of 10 to 16 ms, rates as sold',
  },
  'home-dsl': {
    title: 'Home, DSL',
    medium: 'wifi',
    latencyMs: 18,
    jitterMs: 5,
    downMbps: 20,
    upMbps: 3,
    loss: 0.002,
    source:
      'FCC Measuring Broadband America (fixed), DSL: round-trip latency of 25 to 45 ms; ITU-T G.993.2 rates at distance',
  },
  lte: {
    title: 'LTE modem or hotspot',
    medium: 'cellular',
    latencyMs: 25,
    jitterMs: 10,
    downMbps: 35,
    upMbps: 10,
    loss: 0.003,
    source: 'typical: published operator statistics of LTE, 40 to 60 ms round trip, 30 to 40 Mbit/s',
  },
  'cafe-wifi': {
    title: 'Café Wi-Fi',
    medium: 'wifi',
    latencyMs: 30,
    jitterMs: 20,
    downMbps: 10,
    upMbps: 3,
    loss: 0.01,
    source: 'typical: a shared cell behind a consumer uplink',
  },
  satellite: {
    title: 'Geostationary satellite',
    medium: 'ethernet',
    latencyMs: 300,
    jitterMs: 20,
    downMbps: 25,
    upMbps: 3,
    loss: 0.005,
    source: 'FCC Measuring Broadband America (fixed), geostationary satellite: about 600 ms round trip',
  },
} as const satisfies Record<string, NetworkProfile>;

export type NetworkProfileName = keyof typeof NETWORK_PROFILES;
export const NETWORK_PROFILE_NAMES = Object.keys(NETWORK_PROFILES) as NetworkProfileName[];
