// Every bound in one place, each with its reason. What overflows is refused or dropped, and counted.
import { DAY_MS, KIB, MIB } from './units.ts';

export const LIMITS = {
  /** Devices in one plan: records of finished devices and arrival offsets stay within a few tens of MB. */
  devicesMax: 200_000,
  /** Cohorts in a scenario: `cohort` is a metric label, and labels multiply. */
  cohortsMax: 32,
  /** Devices in flight at once unless the scenario says less: 9 KB each and the machine's open files bound it. */
  inFlightMax: 20_000,
  /** Worker threads: above this the orchestrator's own thread becomes the bottleneck. */
  threadsMax: 64,
  /** Switch-ons a second: far above what one machine can start, so a larger one is a slip. */
  arrivalsPerSecondMax: 10_000,
  /** Device seconds in a real second of a wait: at the upper end a day passes in less than a second. */
  speedMin: 0.01,
  speedMax: 100_000,
  /** One simulated wait that a scenario asks for. */
  waitMsMax: 7 * DAY_MS,
  /** Names and texts of a scenario that reach metric labels, group tags and pages. */
  nameCharactersMax: 40,
  textCharactersMax: 1_000,
  /** Policies, and certificates, networks or apps, of one ESP phase: Windows tracks at most 100 apps. */
  phasePoliciesMax: 500,
  phaseItemsMax: 100,
  /** Thresholds of a scenario: each is a metric series. */
  thresholdsMax: 32,
  /** A scenario file: larger ones are mistakes, and the parser keeps positions for each node. */
  scenarioBytesMax: 1 * MIB,
  /** Problems listed for one scenario before the rest is only counted. */
  problemsMax: 100,

  /** XML nesting: SyncML and SOAP of this flow need under 20; deeper is an attack. */
  xmlDepthMax: 64,
  /** Characters of one XML document: MS-MDM recommends 512 KiB messages; twice that leaves room for base64 in SOAP. */
  xmlCharactersMax: 1 * MIB,
  /** Elements in one XML document. */
  xmlElementsMax: 50_000,
  /** Attributes of one XML element, declarations included: repeats are looked for in pairs. */
  xmlAttributesMax: 64,
  /** DER nesting and size: certificates here are below 2 KiB. */
  derDepthMax: 32,
  derBytesMax: 64 * KIB,
  /** Rounds of a password's key derivation: OpenSSL and Windows write about 2,000; these take a sixth of a second of the thread. */
  keyDerivationRoundsMax: 100_000,
  /** A hardware hash as text: 4000 characters, and room for a generator that pads otherwise. */
  hardwareHashCharactersMax: 16 * KIB,
  /** A PEM file: a system's bundle of roots is about 230 KB. */
  pemCharactersMax: 1 * MIB,
  /** A JSON body from a service. */
  jsonBytesMax: 1 * MIB,
  /** A form or query string: a refresh token and a redirect URI are the long parts. */
  formCharactersMax: 32 * KIB,
  /** Attributes of a join request: public clients send up to six. */
  joinAttributesMax: 32,
  /** A token (JWT) in characters. */
  tokenCharactersMax: 16 * KIB,
  /** Rows of a hand-made registration CSV (Intune's own limit) and of an OEM batch (OEM direct's limit). */
  csvRowsMax: 500,
  oemRowsMax: 1_000,
  /** Polls for the outcome of an import, each half a minute of device time: an import that takes hours is lost. */
  importPollsMax: 400,
  /** Times in a row that a clerk who registers devices is throttled to the end of an exchange's attempts before it gives up. */
  throttledTimesMax: 100,
  /** Any reply body that an agent buffers; content is streamed and counted instead. */
  replyBytesMax: 2 * MIB,
  /** Header section of a reply. */
  replyHeaderBytesMax: 16 * KIB,
  /** A request body that the backend buffers (a 1,000-row registration batch is 4.2 MB). */
  requestBytesMax: 8 * MIB,
  /** Header section of a request: a token of tokenCharactersMax and the rest. */
  requestHeaderBytesMax: 24 * KIB,
  /** A service that has not answered in this real time is failed with a time-out. */
  exchangeTimeoutMs: 60_000,
  /** Content that an agent streams (an update, an app package): endless content is a server's fault. */
  contentBytesMax: 16 * 1024 * MIB,
  /** The longest Retry-After that a device obeys in full; beyond it tries sooner, as a person would. Real time. */
  retryAfterMaxMs: 60_000,
  /** First back-off after a transport error; it doubles with each attempt. Real time. */
  retryBackoffMs: 250,
  /** TCP and TLS set-up together. */
  connectTimeoutMs: 30_000,
  /** A device that will wait longer than this (real time) closes its connections first, as servers and browsers do. */
  idleConnectionMs: 10_000,
  /** Times that a person types a password before giving up; a smart lockout comes at ten. */
  passwordTriesMax: 20,
  /** Pages that one sign-in may ask further things with; a real one has two. */
  signInPagesMax: 6,
  /** Polls for a second factor, a second apart, after the person has reached for the phone. */
  multifactorPollsMax: 60,
  /** Attempts of one exchange that a device makes before its step fails. */
  attemptsMax: 4,
  /** Nodes of one device's management tree beyond its model's template. */
  treeNodesMax: 2_000,
  /** Characters that a server may store in one device's tree; content of this flow is a few thousand. */
  treeCharactersMax: 256 * KIB,
  /** Characters of the strings (addresses, values) that the trees of one thread share, and the longest of them. */
  pooledCharactersMax: 4 * MIB,
  pooledStringCharactersMax: 8 * KIB,
  /** Addresses of nodes that a thread remembers with their rules: about 0.5 KB each. */
  resolvedAddressesMax: 5_000,
  /** Installs that a server may order of one device before they are done; an ESP blocks on at most 100 apps. */
  installJobsMax: 500,
  /** App policies in one reply of the management extension's gateway: the page tracks at most 100, and their dependencies come too. */
  appPoliciesMax: 500,
  /** Check-ins of one phase that the extension tries before it leaves the apps alone. */
  checkInAttemptsMax: 20,
  /** Characters of app policies that a thread remembers parsed: all devices of a group are sent the same. */
  pooledPolicyCharactersMax: 1 * MIB,
  /** Sessions of one ESP phase: at the time-out a phase has ended anyway; this bounds a server that never finishes. */
  espSessionsMax: 10_000,
  /** How often a management server orders a certificate again that failed: the page's time is over before a fourth would help. */
  certificateReordersMax: 3,
  /** Messages of one management session: a session that never ends is a server's fault. */
  sessionMessagesMax: 200,
  /** Commands in one SyncML message. */
  syncmlCommandsMax: 2_000,
  /** Characters of one SyncML message that a device sends ([MS-MDM] recommends 512 KiB). */
  syncmlMessageCharactersMax: 512 * KIB,

  /** Unacknowledged frames that a shard keeps while the hub is away (4 a second: about four minutes). */
  framesPendingMax: 1_000,
  /** A frame on the wire; a shard's frame at 1,000 devices a second is below 200 KiB. */
  frameBytesMax: 8 * MIB,
  /** Distinct series of one metric: a closed set of labels stays far below. */
  seriesMax: 20_000,
  /** A journal's record: a frame with its envelope, or the header with a plan (200 KB at most). */
  journalRecordBytesMax: 9 * MIB,
  /** A connection to the hub must say who it is within this time. */
  helloWithinMs: 10_000,
  /** A shard's last message may reach the hub this much later than the end of its thread. */
  byeWithinMs: 2_000,
  /** The embedded backend makes its CA and listens; a busy machine takes seconds. */
  startWithinMs: 60_000,
  /** The backend reports what it uses each second; at the end of a run the last report is waited for. */
  usageWithinMs: 1_500,
  /** A process or thread that was told to end is killed after this time. */
  stopWithinMs: 5_000,
  /** Heap of one worker thread, MiB: 10,000 devices in flight with connections need about 1,000. */
  workerHeapMib: 2048,
  /** A line that a child process writes to standard error. */
  lineCharactersMax: 2_000,
  /** Seconds of a run that are counted one by one (a week, 12 MB); later ones fall into the last. */
  runSecondsMax: 7 * 24 * 3600,
  /** Launch lateness (p99) above which the generator did not hold its own schedule: a quarter of a second of each latency is ours. */
  latenessP99Ms: 250,
  /** Event-loop delay (p99) above which measured latencies are the generator's own. */
  eventLoopDelayP99Ms: 250,
  /** Points of the timeline in the summary; the interval doubles when they are used up. */
  timelinePointsMax: 600,
  /** Entities that the embedded tenant keeps (devices, tokens, sessions): its state is in memory. */
  backendEntitiesMax: 400_000,
  /** Connections to the embedded backend: under the usual 20,000 open files. */
  backendConnectionsMax: 19_000,
  /** A device that was told to stop and has not come back after this long is settled without its help. */
  abandonMs: 3_000,
  /** A file that `inspect` reads: above the largest of its kinds, a frame. */
  inspectBytesMax: 16 * MIB,
  /** How long devices in flight may go on after the first Ctrl-C. */
  drainMs: 10_000,
} as const;
