// windowsAutopilotSettings: the sync of the tenant with the deployment service. An administrator may ask for one each ten minutes:
// sooner is answered 429, and 409 while one is under way (Microsoft Graph, windowsAutopilotSettings).
import { MINUTE_MS, SECOND_MS } from '../../kernel/units.ts';
import { errorReply, jsonReply } from '../http/message.ts';
import type { Reply } from '../http/message.ts';
import { isoTime } from '../iso-time.ts';
import type { Tenant } from '../tenant.ts';
import { retryAfter } from './request-window.ts';

/** Device time. The interval is documented; how long a sync takes is ours. */
const INTERVAL_MS = 10 * MINUTE_MS;
const TAKES_MS = 30 * SECOND_MS;

export class GraphSync {
  readonly #tenant: Tenant;
  /** When the last one was asked for, milliseconds since the Unix epoch. */
  #triggeredMs = -Infinity;

  constructor(tenant: Tenant) {
    this.#tenant = tenant;
  }

  /** GET .../windowsAutopilotSettings */
  settings(): Reply {
    const { clock, config, identifiers } = this.#tenant;
    const asked = this.#triggeredMs !== -Infinity;
    const doneMs = this.#triggeredMs + TAKES_MS / config.speed;
    const done = doneMs <= clock.wallMs();
    return jsonReply(200, {
      '@odata.type': '#microsoft.graph.windowsAutopilotSettings',
      id: identifiers.guid('mdm-account', 'autopilot-settings'),
      lastSyncDateTime: asked && done ? isoTime(doneMs) : null,
      lastManualSyncTriggerDateTime: asked ? isoTime(this.#triggeredMs) : null,
      syncStatus: !asked ? 'unknown' : done ? 'completed' : 'inProgress',
    });
  }

  /** POST .../windowsAutopilotSettings/sync */
  sync(): Reply {
    const { clock, config } = this.#tenant;
    const nowMs = clock.wallMs();
    const inProgressMs = this.#triggeredMs + TAKES_MS / config.speed - nowMs;
    if (inProgressMs > 0) return errorReply(409, 'Conflict', 'A sync is in progress.', retryAfter(inProgressMs));
    const tooSoonMs = this.#triggeredMs + INTERVAL_MS / config.speed - nowMs;
    if (tooSoonMs > 0) {
      return errorReply(429, 'TooManyRequests', 'The last sync is less than ten minutes ago.', retryAfter(tooSoonMs));
    }
    this.#triggeredMs = nowMs;
    return { status: 204 };
  }
}
