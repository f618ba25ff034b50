// Whether Windows Hello for Business is still to be set up: policy asks for it (PassportForWork CSP) and the device knows where keys go.
// Asked before the user's session is dropped, too, since its last token is then for the key.
import type { DeviceContext } from '../device-context.ts';
import { keyOf, type Scope } from '../management/loc-uri.ts';
import type { ManagedDevice } from '../management/managed-device.ts';

export function isHelloDue({ state }: DeviceContext): boolean {
  return state.keyService !== null && state.managed !== null && asksForHello(state.managed);
}

/** The policy of any tenant, for the device or its user; one for the device may leave the set-up to a later time. */
function asksForHello({ tree }: ManagedDevice): boolean {
  const says = (scope: Scope, setting: string): boolean => {
    const root = keyOf(scope, ['Vendor', 'MSFT', 'PassportForWork']);
    return tree.childNames(root).some((tenant) => tree.read(`${root}/${tenant}/Policies/${setting}`) === 'true');
  };
  if (says('device', 'DisablePostLogonProvisioning')) return false;
  return says('device', 'UsePassportForWork') || says('user', 'UsePassportForWork');
}
