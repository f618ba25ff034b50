// The files of minted identities, one after another: registration CSVs and, if wanted, what each TPM shows of itself. Nothing
// is written here and nothing is kept, so that any number of devices fits.
import { LIMITS } from '../../kernel/limits.ts';
import { toPem } from '../../protocol/encoding/pem.ts';
import { writeRegistrationCsv } from '../../protocol/autopilot/registration-csv.ts';
import type { RegistrationRow } from '../../protocol/autopilot/registration-csv.ts';
import { encodeTpm2bPublic, rsaEkPublic } from '../../protocol/autopilot/tpm-public.ts';
import { registrationRow } from './device-hardware.ts';
import type { RegistrationOptions } from './device-hardware.ts';
import type { DeviceIdentity } from './device-identity.ts';
import { TpmAuthority } from './ek-certificate.ts';

export interface MintOptions {
  /** Devices 0 to count - 1. */
  readonly count: number;
  readonly epochMs: number;
  readonly identity: (index: number) => DeviceIdentity;
  /** What the tenant adds to a device's row. */
  readonly registration?: (index: number) => RegistrationOptions;
  readonly tpm: boolean;
}

export interface MintedFile {
  /** Below the output folder, with '/'. */
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** The same options give the same bytes. */
export function* mint(options: MintOptions): Generator<MintedFile> {
  const { count, identity } = options;
  for (let first = 0; first < count; first += LIMITS.csvRowsMax) {
    const rows: RegistrationRow[] = [];
    for (let index = first; index < Math.min(count, first + LIMITS.csvRowsMax); index++) {
      rows.push(registrationRow(identity(index), options.registration?.(index) ?? {}));
    }
    const number = String(first / LIMITS.csvRowsMax + 1).padStart(3, '0');
    yield { path: `registration-${number}.csv`, bytes: Buffer.from(writeRegistrationCsv(rows, 'intune'), 'latin1') };
  }
  if (options.tpm) yield* mintTpms(options);
}

function* mintTpms({ count, epochMs, identity }: MintOptions): Generator<MintedFile> {
  const authority = new TpmAuthority(epochMs);
  yield { path: 'tpm/ca.pem', bytes: pem(authority.certificate) };
  for (let index = 0; index < count; index++) {
    const device = identity(index);
    yield { path: `tpm/${index}.ek.pub`, bytes: encodeTpm2bPublic(rsaEkPublic(device.tpm.ekModulus())) };
    yield { path: `tpm/${index}.ek.pem`, bytes: pem(authority.certify(device)) };
  }
}

function pem(certificate: Uint8Array): Uint8Array {
  return Buffer.from(toPem('CERTIFICATE', certificate), 'latin1');
}
