// Apps: what an installer, the app platform or the management extension reports.
import type { Failure } from './failure.ts';

const STATUS_PAGE = ['device-esp', 'user-esp'] as const;
const GRAPH_REFERENCE = 'Microsoft Learn, App installation error reference';
const WRITE_UPS = 'Public write-ups of the management extension; Microsoft documents no list of its codes';
const SYSTEM_ERRORS = 'Microsoft Learn, System Error Codes, as HRESULT';

export const APPS_FAILURES = {
  '0x87d1041c': {
    steps: STATUS_PAGE,
    sentence: 'An app was not detected after its installation had completed successfully.',
    cause:
      'The detection rule looks for something that the installer does not leave behind; of a package that OMA-DM orders also: it could not be fetched as announced.',
    remedy: 'Compare the detection rule with what the installer writes, and the content with its hash.',
    source: GRAPH_REFERENCE,
  },
  '0x87d30065': {
    steps: STATUS_PAGE,
    sentence: 'The management extension could not retrieve the content information of an app.',
    cause: 'The gateway refused or failed, or what it answered was not for this device.',
    remedy: 'Look at the exchanges with the gateway, then at the certificate of the device.',
    source: WRITE_UPS,
  },
  '0x87d30068': {
    steps: STATUS_PAGE,
    sentence: 'The management extension could not download the content of an app.',
    cause: 'The content origin was not reached, refused, or broke off more often than the download was resumed.',
    remedy: 'Look at the exchanges with the content origin, then at proxies and the bandwidth of the site.',
    source: WRITE_UPS,
  },
  '0x87d30067': {
    steps: STATUS_PAGE,
    sentence: 'The management extension could not unzip the content of an app.',
    cause:
      'What came was not what was packaged: it did not match its authentication code, did not decrypt, or was no zip.',
    remedy: 'Package and upload the app again; if it happens at one site only, look for a proxy that changes content.',
    source: WRITE_UPS,
  },
  '0x87d300c9': {
    steps: STATUS_PAGE,
    sentence: 'The installer of an app did not end within the time that the app allows.',
    cause: 'It waits for somebody who cannot see it, or the time is too short.',
    remedy: 'Make the installer silent, or allow it more time ("Installation time required").',
    source: WRITE_UPS,
  },
  '0x80070643': {
    steps: STATUS_PAGE,
    sentence: 'A fatal error occurred during the installation of an app.',
    cause: 'The installer ended with 1603 (ERROR_INSTALL_FAILURE).',
    remedy: "Read the installer's own log.",
    source: SYSTEM_ERRORS,
  },
  '0x80070652': {
    steps: STATUS_PAGE,
    sentence: 'An app could not be installed because another installation was in progress.',
    cause:
      'The installer ended with 1618 on each attempt: often MSI apps of the MDM and Win32 apps in one status page.',
    remedy: 'Deliver all apps that the page waits for as Win32 apps.',
    source: SYSTEM_ERRORS,
  },
  '0x80070642': {
    steps: STATUS_PAGE,
    sentence: 'The installation of an app was cancelled.',
    cause: 'The installer ended with 1602 (ERROR_INSTALL_USEREXIT).',
    remedy: 'Run the installer silently.',
    source: SYSTEM_ERRORS,
  },
  '0x80070653': {
    steps: STATUS_PAGE,
    sentence: 'The installation package of an app could not be opened.',
    cause: 'The installer ended with 1619 (ERROR_INSTALL_PACKAGE_OPEN_FAILED).',
    remedy: 'Check the names in the install command and the files in the package.',
    source: SYSTEM_ERRORS,
  },
  '0x80070666': {
    steps: STATUS_PAGE,
    sentence: 'Another version of the product is already installed.',
    cause: 'The installer ended with 1638 (ERROR_PRODUCT_VERSION).',
    remedy: 'Remove the older version first, or make the app supersede it.',
    source: SYSTEM_ERRORS,
  },
  '0x80070005': {
    steps: STATUS_PAGE,
    sentence: 'The installer of an app was denied access.',
    cause:
      'It ended with 5 (ERROR_ACCESS_DENIED): it runs in another context than it needs, or protection software stops it.',
    remedy: 'Check the install behaviour of the app (system or user).',
    source: SYSTEM_ERRORS,
  },
  '0x80070002': {
    steps: STATUS_PAGE,
    sentence: 'The installer of an app did not find a file.',
    cause: 'It ended with 2 (ERROR_FILE_NOT_FOUND): the install command names a file that the package does not have.',
    remedy: 'Check the install command.',
    source: SYSTEM_ERRORS,
  },
  '0x80070070': {
    steps: STATUS_PAGE,
    sentence: 'There was not enough space on the disk to install an app.',
    cause: 'The installer ended with 112 (ERROR_DISK_FULL).',
    remedy: 'Add a disk space requirement to the app, and clear the disk of the model.',
    source: SYSTEM_ERRORS,
  },
  'installer-failed': {
    steps: STATUS_PAGE,
    sentence: 'The installer of an app ended with an exit code that none of its return codes explains.',
    cause: "The installer's own reason; the code is in the trace.",
    remedy: "Look the exit code up in the installer's documentation, and add it to the app's return codes.",
    source: 'Ours: Intune shows the exit code itself, which could be any',
  },
} as const satisfies Record<string, Failure>;
