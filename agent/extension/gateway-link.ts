// The extension's line to its gateway: who asks, a session id for each request, and the connections that are held while there is
// something to ask. What the answers mean is the extension's.
import type { StepFailure } from '../../catalog/failures.ts';
import type { Result } from '../../kernel/result.ts';
import type { AppPolicy } from '../../protocol/extension/app-policies.ts';
import type { EnforcementState } from '../../protocol/extension/app-report.ts';
import type { CheckinReason, ClientInfo, EspPhase } from '../../protocol/extension/management-extension.ts';
import type { DeviceContext } from '../device-context.ts';
import type { DeviceKey } from '../identity/keys.ts';
import type { GatewayCaller } from '../services/gateway.ts';
import type { ExtensionMemory } from './extension-memory.ts';

const AGENT_VERSION = '1.83.107.0';
/** What an administrator is told of a failure that has no HRESULT. */
const E_FAIL = 0x8000_4005;

export class GatewayLink {
  readonly #device: DeviceContext;
  readonly #memory: ExtensionMemory;
  readonly #espPhase: EspPhase;
  readonly #reason: CheckinReason;
  #clientInfo: ClientInfo | undefined;
  #key: DeviceKey | undefined;
  #url = '';

  constructor(device: DeviceContext, memory: ExtensionMemory, espPhase: EspPhase, reason: CheckinReason) {
    this.#device = device;
    this.#memory = memory;
    this.#espPhase = espPhase;
    this.#reason = reason;
  }

  /** Finds the gateway and asks for the app policies, as they are packed. */
  async checkIn(): Promise<Result<string, StepFailure>> {
    const { network, services } = this.#device;
    const located = await services.locateGateway(network);
    if (!located.ok) return located;
    this.#url = located.value;
    return services.requestApps(network, this.#url, this.#caller());
  }

  /** Fetches the content of an app; its size. */
  async fetch(app: AppPolicy): Promise<Result<{ readonly bytes: number }, StepFailure>> {
    const { network, services } = this.#device;
    // A key that was just used is used again at half the cost.
    this.#key ??= this.#device.key('mdm');
    const info = await services.requestContent(network, this.#url, this.#caller(), app, this.#key);
    return info.ok ? services.downloadPackage(network, info.value) : info;
  }

  /** Tells what came of an app. Whether the gateway hears it changes nothing on the device. */
  async report(app: AppPolicy, state: EnforcementState, failure: StepFailure | undefined): Promise<void> {
    const { network, services } = this.#device;
    const errorCode = failure === undefined ? null : signedCode(failure.code);
    await services.reportApp(network, this.#url, this.#caller(), {
      appId: app.id,
      version: app.version,
      state,
      errorCode,
    });
  }

  /** Nothing is asked for a while: an imported key is the largest thing here. */
  rest(): void {
    this.#key = undefined;
  }

  /** A device that has nothing to ask holds no connection. */
  close(): void {
    this.rest();
    this.#device.network.close('gateway');
    this.#device.network.close('apps');
  }

  #caller(): GatewayCaller {
    const device = this.#device;
    if (this.#clientInfo === undefined) {
      const { computerName, osVersion } = device.identity();
      this.#clientInfo = { deviceName: computerName, operatingSystemVersion: osVersion, agentVersion: AGENT_VERSION };
    }
    const sessionId = device.stream(`gateway:${this.#memory.sessions++}`).guid();
    return { sessionId, clientInfo: this.#clientInfo, reason: this.#reason, espPhase: this.#espPhase };
  }
}

/** An HRESULT as a signed number. */
function signedCode(code: string): number {
  return (/^0x[0-9a-f]{8}$/.test(code) ? Number(code) : E_FAIL) | 0;
}
