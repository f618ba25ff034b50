// Who a device is, from (seed, index, model, epoch) alone: cheap enough to be computed whenever it is asked for, so that a
// waiting device keeps none of it. No keys here beyond the public half of the endorsement key.
import type { DeviceModel } from '../../catalog/device-models.ts';
import { WINDOWS_EDITIONS } from '../../catalog/os-versions.ts';
import type { OsVersion } from '../../catalog/os-versions.ts';
import { randomStream } from '../../kernel/random.ts';
import type { RandomStream } from '../../kernel/random.ts';
import { DAY_MS } from '../../kernel/units.ts';
import { pickWeighted } from '../../kernel/weighted.ts';
import type { Weighted } from '../../kernel/weighted.ts';
import { sha256Hex } from '../../protocol/encoding/digest.ts';
import { pairModulus } from './pooled-rsa.ts';
import { primePairs } from './prime-pairs.ts';

export { hardwareHash, registrationRow } from './device-hardware.ts';

export interface NetworkAdapter {
  readonly kind: 'ethernet' | 'wifi';
  /** "X2:...", upper case: the bit of locally administered addresses is set, so it is no vendor's. */
  readonly macAddress: string;
}

export interface TpmIdentity {
  /** Four characters that no TPM vendor has. */
  readonly manufacturerId: string;
  readonly model: string;
  /** The TPM specification's version. */
  readonly version: '2.0';
  /** Four numbers, as the manufacturer prints it. */
  readonly firmware: string;
  /** The endorsement key's modulus: 256 bytes, big-endian, computed at each call. */
  readonly ekModulus: () => Uint8Array;
}

export interface DeviceIdentity {
  readonly index: number;
  readonly hardware: DeviceModel;
  readonly manufacturer: string;
  /** SMBIOS product name. */
  readonly model: string;
  readonly serialNumber: string;
  /** Dashed, lower case. */
  readonly smbiosUuid: string;
  /** At most 15 characters; a profile's naming template may replace it. */
  readonly computerName: string;
  readonly ramGb: number;
  readonly diskGb: number;
  readonly diskSerial: string;
  readonly adapters: readonly NetworkAdapter[];
  readonly macAddresses: readonly string[];
  /** HWDevID (MS-MDE2): 64 hexadecimal digits, upper case. */
  readonly hardwareDeviceId: string;
  readonly tpm: TpmIdentity;
  /** PKID: 13 digits. */
  readonly productKeyId: string;
  /** Four numbers. */
  readonly osVersion: string;
  /** Windows' number of the edition: 48 Pro, 4 Enterprise, 121 Education, 101 Home. */
  readonly osEditionSku: number;
  readonly locale: string;
  /** When the manufacturer made the hardware hash: whole seconds, some weeks before the epoch. */
  readonly hashCollectedMs: number;
  readonly hashUtcOffsetMinutes: number;
}

/** What devices have whose cohort names no builds. */
const OS_VERSIONS: Readonly<Record<DeviceModel['architecture'], readonly Weighted<string>[]>> = {
  x64: [
    { value: '10.0.26100.4652', share: 6 },
    { value: '10.0.22631.5624', share: 3 },
    { value: '10.0.19045.6093', share: 1 },
  ],
  arm64: [
    { value: '10.0.26100.4652', share: 8 },
    { value: '10.0.22631.5624', share: 2 },
  ],
};
const EDITIONS: readonly Weighted<number>[] = [
  { value: WINDOWS_EDITIONS.Pro, share: 8 },
  { value: WINDOWS_EDITIONS.Enterprise, share: 1.5 },
  { value: WINDOWS_EDITIONS.Education, share: 0.5 },
];
const LOCALES = ['en-US', 'en-US', 'en-US', 'en-GB', 'de-DE', 'fr-FR', 'ja-JP', 'pt-BR'] as const;
const UTC_OFFSETS_MINUTES = [-480, -300, 0, 60, 480] as const;

/** Letters and digits that people do not confuse. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
/** 32^4 devices, more than a plan may have. */
const INDEX_CHARACTERS = 4;

/**
 * The same for the same arguments, everywhere and always: draws may only be appended. `os` is the Windows that it has; without
 * one it is drawn, and either way the draws are made, so that all else of the identity stays as it is.
 */
export function deviceIdentity(
  seed: string,
  index: number,
  model: DeviceModel,
  epochMs: number,
  os?: OsVersion,
): DeviceIdentity {
  const stream = randomStream(seed, index, 'identity');
  // What must not repeat within a seed ends in the index; what tells seeds apart is drawn.
  const unique = characters(stream, 4) + indexText(index);
  const serialNumber = `SIM${unique}`;
  const smbiosUuid = stream.guid();
  const ramGb = stream.pick(model.ramGbChoices);
  const diskGb = stream.pick(model.diskGbChoices);
  const diskSerial = `SIM${characters(stream, 9)}`;
  const adapters = networkAdapters(stream, index, model);
  const productKeyId = `000${String(stream.below(10_000)).padStart(4, '0')}${String(index).padStart(6, '0')}`;
  const drawnVersion = pickWeighted(OS_VERSIONS[model.architecture], stream.unit());
  const drawnSku = pickWeighted(EDITIONS, stream.unit());
  const locale = stream.pick(LOCALES);
  const agoSeconds = Math.floor((14 + stream.unit() * 60) * (DAY_MS / 1000));
  const hashUtcOffsetMinutes = stream.pick(UTC_OFFSETS_MINUTES);
  return {
    index,
    hardware: model,
    manufacturer: model.manufacturer,
    model: model.product,
    serialNumber,
    smbiosUuid,
    computerName: `SIM-${unique}`,
    ramGb,
    diskGb,
    diskSerial,
    adapters,
    macAddresses: adapters.map(({ macAddress }) => macAddress),
    hardwareDeviceId: sha256Hex(`HWDevID ${smbiosUuid} ${serialNumber}`).toUpperCase(),
    tpm: {
      manufacturerId: model.tpm.vendorId,
      model: model.tpm.model,
      version: '2.0',
      firmware: model.tpm.firmware,
      ekModulus: () => pairModulus(primePairs(seed).pair(index, 'ek')),
    },
    productKeyId,
    osVersion: os?.version ?? drawnVersion,
    osEditionSku: os === undefined ? drawnSku : WINDOWS_EDITIONS[os.edition],
    locale,
    hashCollectedMs: (Math.floor(epochMs / 1000) - agoSeconds) * 1000,
    hashUtcOffsetMinutes,
  };
}

function characters(stream: RandomStream, count: number): string {
  let text = '';
  for (let i = 0; i < count; i++) text += ALPHABET[stream.below(ALPHABET.length)];
  return text;
}

function indexText(index: number): string {
  let text = '';
  for (let rest = index, i = 0; i < INDEX_CHARACTERS; i++, rest = Math.floor(rest / 32)) {
    text = ALPHABET[rest % 32]! + text;
  }
  return text;
}

/** Six octets: one with the locally-administered bit, two drawn, three that number adapter and device. */
function networkAdapters(stream: RandomStream, index: number, model: DeviceModel): readonly NetworkAdapter[] {
  const first = (stream.below(16) << 4) | 0x02;
  const drawn = stream.below(0x10000);
  const address = (adapter: number): string => {
    const number = index * 2 + adapter;
    return [first, drawn >>> 8, drawn & 0xff, number >>> 16, (number >>> 8) & 0xff, number & 0xff]
      .map((octet) => octet.toString(16).toUpperCase().padStart(2, '0'))
      .join(':');
  };
  const adapters: NetworkAdapter[] = [];
  if (model.adapters.ethernet) adapters.push({ kind: 'ethernet', macAddress: address(0) });
  if (model.adapters.wifi) adapters.push({ kind: 'wifi', macAddress: address(1) });
  return adapters;
}
