// A device whose policy asks for Windows Hello, for tests without a management server.
import type { DeviceContext } from '../../agent/device-context.ts';
import { keyOf, type Scope } from '../../agent/management/loc-uri.ts';
import { managedOf } from '../../agent/steps/manage.ts';

/** What the join and the management server left behind: where keys go, and the policy. */
export function askForHello(device: DeviceContext, scope: Scope = 'device'): void {
  device.state.keyService = 'https://localhost/key';
  setHelloPolicy(device, scope, 'UsePassportForWork', 'true');
}

export function setHelloPolicy(device: DeviceContext, scope: Scope, name: string, value: string): void {
  const tenant = ['Vendor', 'MSFT', 'PassportForWork', '22222222-2222-4222-8222-222222222222'];
  const { tree } = managedOf(device);
  tree.write(keyOf(scope, tenant), '');
  tree.write(keyOf(scope, [...tenant, 'Policies', name]), value);
}
