// Faults that any service can have: a scenario says which.
import type { Fault } from './fault.ts';

export const ANYWHERE_FAULTS = {
  slow: { title: 'Every answer comes late, by `delay`', service: null, causes: null },
  unavailable: {
    title: 'Every request is answered 503 with Retry-After: `delay`',
    service: null,
    causes: { code: 'throttled', step: null },
  },
  throttled: {
    title: 'Every request is answered 429 with Retry-After: `delay`',
    service: null,
    causes: { code: 'throttled', step: null },
  },
  'server-error': {
    title: 'Every request is answered 500',
    service: null,
    causes: { code: 'reply-unexpected', step: null },
  },
  reset: {
    title: 'The connection is reset when a request has been acted on',
    service: null,
    causes: { code: 'connection-reset', step: null },
  },
  silent: {
    title: 'Requests are taken and never answered',
    service: null,
    causes: { code: 'reply-timeout', step: null },
  },
  truncated: {
    title: 'The connection ends in the middle of every answer',
    service: null,
    causes: { code: 'reply-truncated', step: null },
  },
  'too-large': {
    title: 'Every answer is larger than a device accepts',
    service: null,
    causes: { code: 'reply-too-large', step: null },
  },
  malformed: { title: 'What comes back is not HTTP', service: null, causes: { code: 'reply-malformed', step: null } },
  'connection-refused': {
    title: 'Nobody listens at the port',
    service: null,
    causes: { code: 'connect-refused', step: null },
    anonymous: true,
  },
  'untrusted-certificate': {
    title: 'The certificate of the service is one that nobody trusts',
    service: null,
    causes: { code: 'tls-untrusted', step: null },
    anonymous: true,
  },
  'handshake-failed': {
    title: 'What answers at the port does not speak TLS',
    service: null,
    causes: { code: 'tls-failed', step: null },
    anonymous: true,
  },
  'handshake-stalled': {
    title: 'The port takes connections, and nothing comes back',
    service: null,
    causes: { code: 'connect-timeout', step: null },
    anonymous: true,
  },
} as const satisfies Record<string, Fault>;
