// What a hardware hash tells about a device (hardware-hash.md, section 2). Every record of a hash is optional, as generators and
// Windows builds write different sets.

/** A version as type 1 holds it. */
export interface HashVersion {
  readonly major: number;
  readonly minor: number;
  readonly revision: number;
  readonly build: number;
}

export interface HashDisk {
  readonly capacityGb: number;
  /** 1 SCSI, 2 ATAPI, 3 ATA, 8 RAID, 10 SAS, 11 SATA, 17 NVMe. */
  readonly bus: number;
  /** A hard disk; false is an SSD. */
  readonly rotating: boolean;
}

export interface HashNetworkAdapter {
  /** 1 wireless LAN, 9 native 802.11, 10 Bluetooth, 14 Ethernet. */
  readonly medium: number;
  /** Twelve hexadecimal digits in pairs: "02:1A:...", upper case. */
  readonly macAddress: string;
  /** Such as VMBUS; null where the writer stopped after the address. */
  readonly busName: string | null;
}

export interface HardwareInventory {
  /** Type 1. */
  readonly tool?: {
    readonly toolBuild: HashVersion;
    readonly osBuild: HashVersion;
    /** When the hash was made, in milliseconds since the Unix epoch, whole seconds; null where the writer left zero. */
    readonly collectedMs: number | null;
    readonly utcOffsetMinutes: number;
    /** 2 is a full operating system. */
    readonly osType: number;
    /** 0 x86, 9 x64, 12 ARM64. */
    readonly osArchitecture: number;
    readonly toolVersion: number;
  };
  /** Type 2. */
  readonly processor?: {
    readonly architecture: number;
    readonly packages: number;
    readonly cores: number;
    readonly threads: number;
    readonly hyperThreading: boolean;
  };
  readonly processorManufacturer?: string;
  readonly processorModel?: string;
  /** Type 5. */
  readonly memory?: {
    readonly totalGb: number;
    readonly maximumGb: number;
    readonly slots: number;
    readonly arrays: number;
    /** 3 none, 4 parity, 5 single-bit, 6 multi-bit, 7 CRC. */
    readonly errorCorrection: number;
  };
  readonly disks: readonly HashDisk[];
  /** "serial|model|vendor", one for each disk. */
  readonly diskSerials: readonly string[];
  readonly networkAdapters: readonly HashNetworkAdapter[];
  /** Type 9: millimetres and pixels. */
  readonly display?: {
    readonly widthMm: number;
    readonly heightMm: number;
    readonly widthPx: number;
    readonly heightPx: number;
  };
  /** Type 27: four zero bytes were seen; what they mean is not known. */
  readonly record27?: Uint8Array;
  /** Type 10: SMBIOS chassis type and Windows power platform role. */
  readonly chassis?: { readonly type: number; readonly powerPlatformRole: number };
  /** Type 11: of kind 1 (TPM_EK) the value is the SHA-256 of the EK's modulus. */
  readonly offlineDeviceId?: { readonly kind: number; readonly value: Uint8Array };
  /** Dashed, lower case. */
  readonly smbiosUuid?: string;
  readonly tpmVersion?: string;
  readonly serialNumber?: string;
  readonly firmwareVendor?: string;
  readonly manufacturer?: string;
  readonly product?: string;
  readonly sku?: string;
  readonly family?: string;
  readonly boardManufacturer?: string;
  readonly boardProduct?: string;
  readonly boardVersion?: string;
  readonly systemVersion?: string;
  readonly productKeyId?: string;
  readonly productKeyPartNumber?: string;
  /** Type 25: 256 bytes, big-endian. */
  readonly ekModulus?: Uint8Array;
  readonly diskKernelSerial?: string;
  /** Type 29. */
  readonly videoMemory?: { readonly dedicatedVideo: number; readonly dedicatedSystem: number };
  readonly gpuName?: string;
}
