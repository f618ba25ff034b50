// Network profiles of a phase: Wi-Fi, and in the device phase every second one a VPN; a user's phase tracks Wi-Fi only (flow.md 9.2).
// Sources: WiFi and VPNv2 CSPs.
import type { RequestCommand } from '../../protocol/management/syncml.ts';
import { add, PREFIX } from './commands.ts';
import type { Scope } from './commands.ts';

export interface NetworkProfileOrder {
  /** LocURI that the page waits for. */
  readonly node: string;
  readonly command: RequestCommand;
}

export function networkProfileOrders(count: number, scope: Scope): NetworkProfileOrder[] {
  return Array.from({ length: count }, (_, i) => {
    const vpn = scope === 'device' && i % 2 === 1;
    const name = `Flotilla ${vpn ? 'VPN' : 'Wi-Fi'} ${i + 1}`;
    const csp = vpn ? 'VPNv2' : 'WiFi/Profile';
    const node = `${PREFIX[scope]}/Vendor/MSFT/${csp}/${encodeURIComponent(name)}/${vpn ? 'ProfileXML' : 'WlanXml'}`;
    return { node, command: add(node, 'chr', vpn ? VPN_PROFILE : wlanProfile(name)) };
  });
}

function wlanProfile(name: string): string {
  return `<?xml version="1.0"?><WLANProfile xmlns="http://www.microsoft.com/networking/WLAN/profile/v1"><name>${name}</name><SSIDConfig><SSID><name>${name}</name></SSID></SSIDConfig><connectionType>ESS</connectionType><connectionMode>auto</connectionMode><MSM><security><authEncryption><authentication>WPA2</authentication><encryption>AES</encryption><useOneX>false</useOneX></authEncryption></security></MSM></WLANProfile>`;
}

const VPN_PROFILE =
  '<VPNProfile><AlwaysOn>true</AlwaysOn><DeviceTunnel>true</DeviceTunnel><NativeProfile><Servers>vpn.flotilla.example</Servers><NativeProtocolType>IKEv2</NativeProtocolType><Authentication><MachineMethod>Certificate</MachineMethod></Authentication><RoutingPolicyType>SplitTunnel</RoutingPolicyType></NativeProfile></VPNProfile>';
