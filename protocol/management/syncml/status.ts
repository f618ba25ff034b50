// The Status codes of OMA device management that this flow knows, by name: the code's meaning is a name here and nowhere else.
// Source: OMA-TS-SyncML-RepPro-V1_2_2 section 10, [MS-MDM] 2.2.6.

export const STATUS = {
  ok: 200,
  /** An Exec was taken and goes on; its end comes as Alert 1226. */
  accepted: 202,
  /** The sender is authenticated for the whole session. */
  authenticated: 212,
  chunkAccepted: 213,
  cancelled: 214,
  /** A command of a failed Atomic that was not begun. */
  notExecuted: 215,
  /** A command of a failed Atomic that was undone. */
  rolledBack: 216,
  badRequest: 400,
  unauthorized: 401,
  forbidden: 403,
  notFound: 404,
  notAllowed: 405,
  unsupported: 406,
  unsupportedFormat: 415,
  alreadyExists: 418,
  deviceFull: 420,
  permissionDenied: 425,
  commandFailed: 500,
  unavailable: 503,
  atomicFailed: 507,
  rollBackFailed: 516,
} as const;
