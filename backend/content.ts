// What the content origins send: updates and app packages of the size that the configuration says, with their SHA-256. The
// bytes are one shared block over and over, begun at a place that the content's name decides: cheap, and the same for all runs.
import { createHash } from 'node:crypto';
import { findsUpdates, type AppContent, type UpdatesConfig } from '../catalog/content.ts';
import { type TenantConfig } from '../catalog/tenant.ts';
import { RandomStream } from '../kernel/random.ts';
import type { ContentBody } from './http/message.ts';
import type { Identifiers } from './identifiers.ts';
import type { Endpoints } from './tenant.ts';

const BLOCK_BYTES = 64 * 1024;

/** One file of a content origin. */
export interface ContentFile {
  /** GUID. */
  readonly id: string;
  readonly title: string;
  readonly url: string;
  readonly bytes: number;
  /** Lower-case hex. */
  readonly sha256: string;
  readonly body: ContentBody;
}

export class ContentLibrary {
  readonly #block: Buffer;
  readonly #endpoints: Endpoints;
  readonly #identifiers: Identifiers;
  readonly #files = new Map<string, ContentFile>();

  /** Hashes all content of the tenant: about 0.7 ms a megabyte, before the first device comes. */
  constructor(config: TenantConfig, endpoints: Endpoints, identifiers: Identifiers) {
    this.#endpoints = endpoints;
    this.#identifiers = identifiers;
    // Twice the block, so that a slice that begins anywhere in it needs no copy.
    const once = new RandomStream('content').bytes(BLOCK_BYTES);
    this.#block = Buffer.concat([once, once]);
    for (const group of config.groups) {
      if (findsUpdates(group.updates)) this.update(group.updates);
      for (const { msiApps, modernApps } of [group.esp.device, group.esp.user]) {
        for (const app of [...msiApps, ...modernApps]) this.app(app);
      }
    }
  }

  /** The package of an app. */
  app(app: AppContent): ContentFile {
    return this.#file('apps', `${app.name} ${app.sizeBytes}`, app.name, app.sizeBytes, (id) => `/content/${id}.bin`);
  }

  /** The update that a group's devices find. */
  update(updates: UpdatesConfig): ContentFile {
    const name = `update ${updates.kind} ${updates.sizeBytes}`;
    return this.#file('updates', name, 'Simulated critical update', updates.sizeBytes, (id) => `/content/${id}.cab`);
  }

  /** The file at a path of a content origin, such as `/content/GUID.bin`. */
  at(origin: 'apps' | 'updates', fileName: string): ContentFile | undefined {
    return this.#files.get(`${origin}/${fileName.toLowerCase()}`);
  }

  #file(
    origin: 'apps' | 'updates',
    name: string,
    title: string,
    bytes: number,
    pathOf: (id: string) => string,
  ): ContentFile {
    const id = this.#identifiers.guid('content', name);
    const path = pathOf(id);
    const key = `${origin}/${path.slice(path.lastIndexOf('/') + 1)}`;
    const known = this.#files.get(key);
    if (known !== undefined) return known;
    const body = this.#body(name, bytes);
    const hash = createHash('sha256');
    for (let offset = 0; offset < bytes; offset += BLOCK_BYTES) {
      hash.update(body.slice(offset, Math.min(BLOCK_BYTES, bytes - offset)));
    }
    const file: ContentFile = {
      id,
      title,
      url: `${this.#endpoints[origin]}${path}`,
      bytes,
      sha256: hash.digest('hex'),
      body,
    };
    this.#files.set(key, file);
    return file;
  }

  #body(name: string, bytes: number): ContentBody {
    const start = new RandomStream(`content ${name}`).below(BLOCK_BYTES);
    return {
      kind: 'content',
      bytes,
      slice: (offset, length) => {
        const from = (start + offset) % BLOCK_BYTES;
        return this.#block.subarray(from, from + Math.min(length, BLOCK_BYTES));
      },
    };
  }
}
