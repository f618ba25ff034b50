// An object that a server sends in several items: each but the last says MoreData and is answered 213. One at a time, bounded.
// Source: OMA-TS-DM_Protocol-V1_2_1, 7.2 (large objects).
import { LIMITS } from '../../kernel/limits.ts';
import { STATUS } from '../../protocol/management/syncml.ts';
import type { Item } from '../../protocol/management/syncml.ts';

export class LargeObject {
  #target: string | undefined;
  #data = '';

  /** The item with all its data, or the Status of a piece. A piece of another object drops what was there. */
  join(item: Item): Item | number {
    if (item.target !== this.#target) {
      this.#target = undefined;
      this.#data = '';
    }
    if (item.moreData !== true && this.#target === undefined) return item;
    if (this.#data.length + (item.data?.length ?? 0) > LIMITS.treeCharactersMax) {
      this.#target = undefined;
      this.#data = '';
      return STATUS.deviceFull;
    }
    const data = this.#data + (item.data ?? '');
    this.#target = item.moreData === true ? item.target : undefined;
    this.#data = item.moreData === true ? data : '';
    return item.moreData === true ? STATUS.chunkAccepted : { ...item, data };
  }
}
