// The alerts of a device. Source: [MS-MDM] 2.2.5.1 (codes), "OMA DM protocol support" (types of 1224).

export const CLIENT_ALERT = {
  serverInitiated: 1200,
  clientInitiated: 1201,
  nextMessage: 1222,
  sessionAbort: 1223,
  clientEvent: 1224,
  generic: 1226,
} as const;

export const EVENT_TYPE = {
  loginStatus: 'com.microsoft/MDM/LoginStatus',
  bootstrapSync: 'com.microsoft/MDM/BootstrapSync',
} as const;

/** An Alert 1226: something that was asynchronous has ended. */
export interface GenericAlert {
  readonly code: typeof CLIENT_ALERT.generic;
  readonly source: string;
  readonly type: string;
  readonly format: string;
  readonly mark: string;
  readonly data: string;
}
