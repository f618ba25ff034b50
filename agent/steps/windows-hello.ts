// Windows Hello for Business, after the user phase and before the desktop, if policy asks.
import { DONE, type StepResult } from './result.ts';

export function windowsHello(): Promise<StepResult> {
  return Promise.resolve(DONE);
}
