// What devices have reported of their apps: numbers by app and state, and no device's history, so that any number of devices fits.
import type { EnforcementState } from '../../protocol/extension/app-report.ts';

export class AppReports {
  readonly #counts = new Map<string, Map<EnforcementState, number>>();
  #count = 0;

  /** Reports so far. */
  get count(): number {
    return this.#count;
  }

  /** `app` is a name of the configuration's, so they are few. */
  add(app: string, state: EnforcementState): void {
    this.#count++;
    let states = this.#counts.get(app);
    if (states === undefined) this.#counts.set(app, (states = new Map()));
    states.set(state, (states.get(state) ?? 0) + 1);
  }

  /** How often devices have reported a state of an app. */
  of(app: string, state: EnforcementState): number {
    return this.#counts.get(app)?.get(state) ?? 0;
  }
}
