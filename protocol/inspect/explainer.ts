// What `flotilla inspect` can explain, and what an explainer is: bytes in, an object out whose members are named as the
// artefact's specification names them. Explainers print no secrets: tokens lose their signature, passwords are masked.
import type { Result } from '../../kernel/result.ts';

export const INSPECT_KINDS = [
  'hardware-hash',
  'registration-csv',
  'profile',
  'soap',
  'provisioning-document',
  'syncml',
  'certificate',
  'certificate-request',
  'cms',
  'pkcs12',
  'tpm-public',
  'token',
  'msi-job',
  'frame',
] as const;

export type InspectKind = (typeof INSPECT_KINDS)[number];

/** Becomes JSON; `kind` is its first member. */
export interface Explanation {
  readonly kind: InspectKind;
  readonly [member: string]: unknown;
}

/** Puts `kind` first, whatever members the artefact brings. */
export function explanation(kind: InspectKind, members: object): Explanation {
  return Object.assign({ kind }, members, { kind });
}

export type Explainer = (bytes: Uint8Array) => Result<Explanation>;

export function isInspectKind(text: string): text is InspectKind {
  return (INSPECT_KINDS as readonly string[]).includes(text);
}
