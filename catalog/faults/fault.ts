// What is known of a fault of the embedded backend.
import type { FailureCode } from '../failures.ts';
import type { ServiceName } from '../services.ts';
import type { StepName } from '../steps.ts';

export interface Fault {
  readonly title: string;
  /** Service that has it; null: the scenario names one. */
  readonly service: ServiceName | null;
  /**
   * What a device that meets it on every attempt ends with, and at which step (null: whichever asks the service); null: it goes on,
   * later or another way. A step may know better: to the join a status is an HRESULT, and the connectivity probe knows one failure.
   */
  readonly causes: { readonly code: FailureCode; readonly step: StepName | null } | null;
  /** A failure that the device notes and goes on after (a soft failure), and at which step; absent: none that is sure. */
  readonly notes?: { readonly code: FailureCode; readonly step: StepName };
  /** It strikes before anybody says who asks: it has no cohort, and is drawn for each request or connection. */
  readonly anonymous?: true;
}
