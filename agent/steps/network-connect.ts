// The device gets on the network: Ethernet needs nobody, Wi-Fi asks for the network and its key (again
// while it is mistyped; then it is remembered over a restart). Then the connectivity probe decides whether there is an Internet to go on with.
import type { DeviceContext } from '../device-context.ts';
import { ABANDONED, DONE, type StepResult } from './result.ts';

export async function networkConnect(device: DeviceContext): Promise<StepResult> {
  const { network, services, state } = device;
  if (network.medium !== 'ethernet' && !state.networkKnown) {
    const chance = device.stream('mistyped:network-key');
    do {
      if ((await device.prompt('network-choice')) === 'stopped') return ABANDONED;
      // A wrong key reaches nobody but the access point, so it costs the person's time alone.
    } while (chance.chance(device.cohort.mistakes.mistypedKey));
  }
  const probe = await services.probeConnectivity(network);
  network.close('connectivity');
  if (!probe.ok) return probe;
  state.networkKnown = true;
  return DONE;
}
