// The device gets on the network: Ethernet needs nobody, Wi-Fi asks for the network and its key (once: it is remembered over
// a restart). Then the connectivity probe decides whether there is an Internet to go on with.
import type { DeviceContext } from '../device-context.ts';
import { ABANDONED, DONE, type StepResult } from './result.ts';

export async function networkConnect(device: DeviceContext): Promise<StepResult> {
  const { network, services, state } = device;
  if (network.medium !== 'ethernet' && !state.networkKnown) {
    if ((await device.prompt('network-choice')) === 'stopped') return ABANDONED;
  }
  const probe = await services.probeConnectivity(network);
  network.close('connectivity');
  if (!probe.ok) return probe;
  state.networkKnown = true;
  return DONE;
}
