// The simulated device models. Manufacturers, models and TPM vendors do not exist: nothing made here may pass for a real
// device. A model is data; what tells two devices of a model apart comes from (seed, index).

export interface DeviceModel {
  /** SMBIOS type 1 manufacturer, product, SKU and family. */
  readonly manufacturer: string;
  readonly product: string;
  readonly sku: string;
  readonly family: string;
  readonly form: 'desktop' | 'laptop' | 'tablet';
  /** SMBIOS type 3 chassis (DMTF DSP0134 7.4.1) and Windows power platform role (1 desktop, 2 mobile, 8 slate). */
  readonly chassisType: number;
  readonly powerPlatformRole: number;
  readonly architecture: 'x64' | 'arm64';
  readonly cpu: {
    readonly manufacturer: string;
    readonly model: string;
    readonly cores: number;
    readonly threads: number;
  };
  readonly ramGbChoices: readonly number[];
  readonly diskGbChoices: readonly number[];
  readonly diskModel: string;
  readonly gpu: string;
  readonly display: {
    readonly widthMm: number;
    readonly heightMm: number;
    readonly widthPx: number;
    readonly heightPx: number;
  };
  readonly adapters: { readonly ethernet: boolean; readonly wifi: boolean };
  /** TPM vendor id (four ASCII characters), model and firmware as the manufacturer would print it. */
  readonly tpm: { readonly vendorId: string; readonly model: string; readonly firmware: string };
  readonly firmwareVendor: string;
}

const DESK = { widthMm: 527, heightMm: 296, widthPx: 1920, heightPx: 1080 };
const LAP = { widthMm: 309, heightMm: 174, widthPx: 1920, heightPx: 1080 };
const SLATE = { widthMm: 260, heightMm: 173, widthPx: 2160, heightPx: 1440 };

export const DEVICE_MODELS = {
  'simdesk-tower': {
    manufacturer: 'Simulated Devices',
    product: 'SimDesk Tower 700',
    sku: 'SIM-DT700',
    family: 'SimDesk',
    form: 'desktop',
    chassisType: 7,
    powerPlatformRole: 1,
    architecture: 'x64',
    cpu: { manufacturer: 'SimulatedCPU', model: 'Simulated Core S7 8-Core Processor', cores: 8, threads: 16 },
    ramGbChoices: [16, 32, 64],
    diskGbChoices: [512, 1024],
    diskModel: 'SIM NVME T1',
    gpu: 'Simulated Graphics 700',
    display: DESK,
    adapters: { ethernet: true, wifi: false },
    tpm: { vendorId: 'SIMA', model: 'SimTPM-A', firmware: '7.2.1.0' },
    firmwareVendor: 'Simulated Firmware',
  },
  'simdesk-mini': {
    manufacturer: 'Simulated Devices',
    product: 'SimDesk Mini 300',
    sku: 'SIM-DM300',
    family: 'SimDesk',
    form: 'desktop',
    chassisType: 35,
    powerPlatformRole: 1,
    architecture: 'x64',
    cpu: { manufacturer: 'SimulatedCPU', model: 'Simulated Core S5 6-Core Processor', cores: 6, threads: 12 },
    ramGbChoices: [8, 16],
    diskGbChoices: [256, 512],
    diskModel: 'SIM NVME M1',
    gpu: 'Simulated Graphics 300',
    display: DESK,
    adapters: { ethernet: true, wifi: true },
    tpm: { vendorId: 'SIMA', model: 'SimTPM-A', firmware: '7.1.4.0' },
    firmwareVendor: 'Simulated Firmware',
  },
  'simdesk-allinone': {
    manufacturer: 'Imaginary Computers',
    product: 'Panorama AIO 24',
    sku: 'IMG-AIO24',
    family: 'Panorama',
    form: 'desktop',
    chassisType: 13,
    powerPlatformRole: 1,
    architecture: 'x64',
    cpu: { manufacturer: 'SimulatedCPU', model: 'Simulated Core S5 6-Core Processor', cores: 6, threads: 12 },
    ramGbChoices: [16],
    diskGbChoices: [512],
    diskModel: 'IMG SSD 24',
    gpu: 'Simulated Graphics 300',
    display: DESK,
    adapters: { ethernet: true, wifi: true },
    tpm: { vendorId: 'SIMB', model: 'SimTPM-B', firmware: '1.38.0.2' },
    firmwareVendor: 'Imaginary BIOS',
  },
  'simbook-13': {
    manufacturer: 'Simulated Devices',
    product: 'SimBook 13',
    sku: 'SIM-BK13',
    family: 'SimBook',
    form: 'laptop',
    chassisType: 10,
    powerPlatformRole: 2,
    architecture: 'x64',
    cpu: { manufacturer: 'SimulatedCPU', model: 'Simulated Core M5 10-Core Processor', cores: 10, threads: 12 },
    ramGbChoices: [8, 16],
    diskGbChoices: [256, 512],
    diskModel: 'SIM NVME B1',
    gpu: 'Simulated Graphics M5',
    display: LAP,
    adapters: { ethernet: false, wifi: true },
    tpm: { vendorId: 'SIMA', model: 'SimTPM-A', firmware: '7.2.3.1' },
    firmwareVendor: 'Simulated Firmware',
  },
  'simbook-15': {
    manufacturer: 'Simulated Devices',
    product: 'SimBook 15 Pro',
    sku: 'SIM-BK15P',
    family: 'SimBook',
    form: 'laptop',
    chassisType: 10,
    powerPlatformRole: 2,
    architecture: 'x64',
    cpu: { manufacturer: 'SimulatedCPU', model: 'Simulated Core M7 14-Core Processor', cores: 14, threads: 20 },
    ramGbChoices: [16, 32],
    diskGbChoices: [512, 1024],
    diskModel: 'SIM NVME B2',
    gpu: 'Simulated Graphics M7',
    display: LAP,
    adapters: { ethernet: true, wifi: true },
    tpm: { vendorId: 'SIMA', model: 'SimTPM-A', firmware: '7.2.3.1' },
    firmwareVendor: 'Simulated Firmware',
  },
  'fleetbook-14': {
    manufacturer: 'Imaginary Computers',
    product: 'FleetBook 14 G2',
    sku: 'IMG-FB14G2',
    family: 'FleetBook',
    form: 'laptop',
    chassisType: 10,
    powerPlatformRole: 2,
    architecture: 'x64',
    cpu: { manufacturer: 'PretendCPU', model: 'Pretend R5 6-Core Mobile Processor', cores: 6, threads: 12 },
    ramGbChoices: [16],
    diskGbChoices: [256, 512],
    diskModel: 'IMG SSD 14',
    gpu: 'Pretend Vision 6',
    display: LAP,
    adapters: { ethernet: true, wifi: true },
    tpm: { vendorId: 'SIMB', model: 'SimTPM-B', firmware: '3.90.2.0' },
    firmwareVendor: 'Imaginary BIOS',
  },
  'simslate-12': {
    manufacturer: 'Simulated Devices',
    product: 'SimSlate 12',
    sku: 'SIM-SL12',
    family: 'SimSlate',
    form: 'tablet',
    chassisType: 30,
    powerPlatformRole: 8,
    architecture: 'x64',
    cpu: { manufacturer: 'SimulatedCPU', model: 'Simulated Core Y5 4-Core Processor', cores: 4, threads: 8 },
    ramGbChoices: [8, 16],
    diskGbChoices: [128, 256],
    diskModel: 'SIM UFS S1',
    gpu: 'Simulated Graphics Y5',
    display: SLATE,
    adapters: { ethernet: false, wifi: true },
    tpm: { vendorId: 'SIMC', model: 'SimTPM-C', firmware: '600.18.40.0' },
    firmwareVendor: 'Simulated Firmware',
  },
  'simslate-arm': {
    manufacturer: 'Imaginary Computers',
    product: 'SlateOne ARM',
    sku: 'IMG-S1A',
    family: 'SlateOne',
    form: 'tablet',
    chassisType: 32,
    powerPlatformRole: 8,
    architecture: 'arm64',
    cpu: { manufacturer: 'PretendCPU', model: 'Pretend X 10-Core ARM Processor', cores: 10, threads: 10 },
    ramGbChoices: [16],
    diskGbChoices: [256, 512],
    diskModel: 'IMG UFS A1',
    gpu: 'Pretend Vision X',
    display: SLATE,
    adapters: { ethernet: false, wifi: true },
    tpm: { vendorId: 'SIMD', model: 'SimTPM-D', firmware: '11.0.2.5' },
    firmwareVendor: 'Imaginary UEFI',
  },
  'fleetbook-arm': {
    manufacturer: 'Imaginary Computers',
    product: 'FleetBook ARM 13',
    sku: 'IMG-FBA13',
    family: 'FleetBook',
    form: 'laptop',
    chassisType: 10,
    powerPlatformRole: 2,
    architecture: 'arm64',
    cpu: { manufacturer: 'PretendCPU', model: 'Pretend X 12-Core ARM Processor', cores: 12, threads: 12 },
    ramGbChoices: [16, 32],
    diskGbChoices: [512],
    diskModel: 'IMG NVME A2',
    gpu: 'Pretend Vision X2',
    display: LAP,
    adapters: { ethernet: true, wifi: true },
    tpm: { vendorId: 'SIMD', model: 'SimTPM-D', firmware: '11.1.0.0' },
    firmwareVendor: 'Imaginary UEFI',
  },
} as const satisfies Record<string, DeviceModel>;

export type DeviceModelName = keyof typeof DEVICE_MODELS;
export const DEVICE_MODEL_NAMES = Object.keys(DEVICE_MODELS) as DeviceModelName[];
