// What the content origins send: updates, app packages and installers of the size that the configuration says. Their bytes are
// one shared ring (content-body.ts): cheap, and the same for all runs. Everything is hashed, or encrypted, before the first device
// comes; files are found by the last parts of their URL.
import { createHash } from 'node:crypto';
import { findsUpdates } from '../catalog/content.ts';
import type { AppContent, CoManagementConfig, UpdatesConfig } from '../catalog/content.ts';
import type { TenantConfig } from '../catalog/tenant.ts';
import { RandomStream } from '../kernel/random.ts';
import { MIB } from '../kernel/units.ts';
import type { OwnContentKeys } from '../protocol/extension/encrypted-content.ts';
import { ByteRing, eachPiece, RING_BYTES, ringBody } from './content-body.ts';
import { encryptedPackage } from './content-package.ts';
import type { ContentBody } from './http/message.ts';
import type { Identifiers } from './identifiers.ts';
import type { Endpoints } from './tenant.ts';

export type ContentOrigin = 'apps' | 'updates';

/** What a content origin sends. */
export interface ServedFile {
  /** GUID. */
  readonly id: string;
  readonly url: string;
  readonly bytes: number;
  /** Names this version of the file: If-Range compares it. */
  readonly etag: string;
  readonly body: ContentBody;
}

/** A file as it is, with its hash. */
export interface ContentFile extends ServedFile {
  readonly title: string;
  /** Lower-case hex. */
  readonly sha256: string;
}

/** The encrypted package of a Win32 app. */
export interface EncryptedFile extends ServedFile {
  readonly keys: OwnContentKeys;
}

/** The management extension's own package: about as large as the real one. */
const EXTENSION_INSTALLER: AppContent = { name: 'IntuneWindowsAgent', sizeBytes: 2 * MIB };
/** What a zip without its 64-bit extension can hold, with room for its outside. */
const PACKAGE_BYTES_MAX = 0xffff_0000;

export class ContentLibrary {
  readonly #ring = new ByteRing('content');
  readonly #endpoints: Endpoints;
  readonly #identifiers: Identifiers;
  readonly #tenantId: string;
  readonly #files = new Map<string, ServedFile>();
  readonly #plain = new Map<string, ContentFile>();
  readonly #packages = new Map<string, EncryptedFile>();

  /** Prepares all content of the tenant: about 1 ms a megabyte, of packages 2. */
  constructor(config: TenantConfig, endpoints: Endpoints, identifiers: Identifiers) {
    this.#endpoints = endpoints;
    this.#identifiers = identifiers;
    this.#tenantId = config.tenantId;
    for (const { esp, updates, coManagement } of config.groups) {
      if (findsUpdates(updates)) this.update(updates);
      if (updates.quality !== null) this.qualityUpdate(updates.quality);
      if (coManagement !== null) this.configManagerInstaller(coManagement);
      for (const { msiApps, modernApps, win32Apps } of [esp.device, esp.user]) {
        for (const app of [...msiApps, ...modernApps]) this.app(app);
        for (const app of win32Apps) this.win32App(app);
      }
    }
  }

  /** The package of an app that OMA-DM orders. */
  app(app: AppContent): ContentFile {
    const subject = `${app.name} ${app.sizeBytes}`;
    return this.#file('apps', subject, app.name, app.sizeBytes, (id) => `/content/${id}.bin`);
  }

  /** The update that a group's devices find. */
  update(updates: UpdatesConfig): ContentFile {
    const subject = `update ${updates.kind} ${updates.sizeBytes}`;
    const title = 'Simulated critical update';
    return this.#file('updates', subject, title, updates.sizeBytes, (id) => `/content/${id}.cab`);
  }

  /** The update that a group's devices find at the end of OOBE. */
  qualityUpdate({ sizeBytes }: NonNullable<UpdatesConfig['quality']>): ContentFile {
    const subject = `quality update ${sizeBytes}`;
    return this.#file('updates', subject, 'Simulated quality update', sizeBytes, (id) => `/content/${id}.msu`);
  }

  /** The MSI of the management extension: devices know it by its name. */
  get extensionInstaller(): ContentFile {
    return this.#installer(EXTENSION_INSTALLER);
  }

  /** ccmsetup.msi, which brings the Configuration Manager client. */
  configManagerInstaller(config: Pick<CoManagementConfig, 'clientSizeBytes'>): ContentFile {
    return this.#installer({ name: 'ccmsetup', sizeBytes: config.clientSizeBytes });
  }

  /** The encrypted package of an app that the management extension installs. */
  win32App(app: AppContent): EncryptedFile {
    const subject = `win32 ${app.name} ${app.sizeBytes}`;
    let file = this.#packages.get(subject);
    if (file === undefined) {
      const { keys, body } = encryptedPackage(this.#ring, subject, Math.min(app.sizeBytes, PACKAGE_BYTES_MAX));
      const id = this.#identifiers.guid('content', subject);
      const path = `/${this.#tenantId}/${id}/${id}.intunewin.bin`;
      const url = `${this.#endpoints.apps}${path}`;
      // The authentication code at its beginning is as good a name for the bytes as their hash.
      const etag = `"${Buffer.from(body.slice(0, 32)).toString('hex')}"`;
      file = { id, url, bytes: body.bytes, etag, body, keys };
      this.#packages.set(subject, file);
      this.#serve('apps', path, file);
    }
    return file;
  }

  /** The file at a path of a content origin, named by what follows the path's first segment. */
  at(origin: ContentOrigin, name: string): ServedFile | undefined {
    return this.#files.get(`${origin}/${name.toLowerCase()}`);
  }

  #installer({ name, sizeBytes }: AppContent): ContentFile {
    const subject = `installer ${name} ${sizeBytes}`;
    return this.#file('apps', subject, name, sizeBytes, (id) => `/content/${id}/${name}.msi`);
  }

  #file(
    origin: ContentOrigin,
    subject: string,
    title: string,
    bytes: number,
    pathOf: (id: string) => string,
  ): ContentFile {
    const known = this.#plain.get(subject);
    if (known !== undefined) return known;
    const id = this.#identifiers.guid('content', subject);
    const path = pathOf(id);
    const body = ringBody(this.#ring, new RandomStream(`content ${subject}`).below(RING_BYTES), bytes);
    const hash = createHash('sha256');
    eachPiece(body, (piece) => hash.update(piece));
    const sha256 = hash.digest('hex');
    const url = `${this.#endpoints[origin]}${path}`;
    const file: ContentFile = { id, title, url, bytes, etag: `"${sha256}"`, sha256, body };
    this.#plain.set(subject, file);
    this.#serve(origin, path, file);
    return file;
  }

  #serve(origin: ContentOrigin, path: string, file: ServedFile): void {
    this.#files.set(`${origin}/${path.slice(path.indexOf('/', 1) + 1).toLowerCase()}`, file);
  }
}
