// Language (asked only where several are installed), region, keyboard, second keyboard. On Ethernet the profile is there
// already and may hide them; on Wi-Fi they come before any network and are always asked.
import type { DeviceContext } from '../device-context.ts';
import { showPages } from './pages.ts';
import { ABANDONED, DONE, type StepResult } from './result.ts';

export async function oobeLocale(device: DeviceContext): Promise<StepResult> {
  const shown = await showPages(device, ['language', 'region', 'keyboard', 'second-keyboard']);
  return shown ? DONE : ABANDONED;
}
