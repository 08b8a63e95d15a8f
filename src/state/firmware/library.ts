import { atom } from 'nanostores';
import { isBlank, shownName } from '../../model/device/plain-names.ts';
import type { WhyNotKept } from '../../model/page/notice.ts';
import type { NoticesState } from '../notices.ts';
import type { Hidden } from '../removals.ts';
import type { FirmwareLibrary, FirmwareRecord } from '../../model/page/stores.ts';

/** What became of files that were dropped together. */
export interface Drop {
  /** Hashes. */
  readonly kept: Set<string>;
  readonly notKept: { readonly name: string; readonly why: WhyNotKept }[];
  readonly removed: FirmwareRecord[];
}

export function newDrop(): Drop {
  return { kept: new Set(), notKept: [], removed: [] };
}

/** The firmware that is kept in this browser, newest first. */
export class LibraryState {
  readonly $records = atom<readonly FirmwareRecord[]>([]);
  readonly #library: FirmwareLibrary;
  readonly #notices: NoticesState;
  /** Hashes of files that are about to be removed. */
  readonly #hidden = new Set<string>();

  constructor(library: FirmwareLibrary, notices: NoticesState) {
    this.#library = library;
    this.#notices = notices;
  }

  async load(): Promise<void> {
    const records = (await this.#library.list()).filter(({ sha256 }) => !this.#hidden.has(sha256));
    this.$records.set(records.toSorted((a, b) => b.added - a.added));
  }

  find(sha256: string): FirmwareRecord | undefined {
    return this.$records.get().find((record) => record.sha256 === sha256);
  }

  bytes(sha256: string): Promise<Uint8Array<ArrayBuffer> | null> {
    return this.#library.bytes(sha256);
  }

  /**
   * Keeps a file, and notes in `drop` what became of it; `tell` says it. To make room, no file of the same drop is
   * removed, and none at all with `makeRoom: false`.
   */
  async keep(
    record: FirmwareRecord,
    bytes: Uint8Array<ArrayBuffer>,
    drop: Drop,
    { makeRoom = true }: { readonly makeRoom?: boolean } = {},
  ): Promise<boolean> {
    // Dropped again while it was about to go: it stays.
    this.#hidden.delete(record.sha256);
    const spare = makeRoom ? drop.kept : new Set((await this.#library.list()).map(({ sha256 }) => sha256));
    const result = await this.#library.keep(record, bytes, spare);
    if (result.kind !== 'kept') {
      const why = result.kind === 'full' && !makeRoom ? 'no-room-made' : result.kind;
      drop.notKept.push({ name: nameOf(record), why });
      return false;
    }
    drop.kept.add(record.sha256);
    drop.removed.push(...result.removed);
    await this.load();
    return true;
  }

  /** Says what could not be kept, and what had to go; each once, however many files were dropped. */
  tell({ notKept, removed }: Drop): void {
    if (notKept.length > 0) this.#notices.show({ kind: 'library-full', files: notKept });
    // One that had to go may have come again with the same drop.
    const gone = removed.filter(({ sha256 }) => this.find(sha256) === undefined);
    if (gone.length > 0) this.#notices.show({ kind: 'library-made-room', names: gone.map(nameOf) });
  }

  /** A label without a visible character is none; invisible characters are left out. */
  async rename(sha256: string, label: string): Promise<void> {
    await this.#library.rename(sha256, isBlank(label) ? null : shownName(label).trim());
    await this.load();
  }

  async pin(sha256: string, pinned: boolean): Promise<void> {
    await this.#library.pin(sha256, pinned);
    await this.load();
  }

  async remove(sha256: string): Promise<void> {
    await this.#library.remove(sha256);
    await this.load();
  }

  /** Takes a file off the list; it stays stored until `finish`. */
  hide(sha256: string): Hidden {
    this.#hidden.add(sha256);
    this.$records.set(this.$records.get().filter((record) => record.sha256 !== sha256));
    return {
      restore: () => {
        this.#hidden.delete(sha256);
        return this.load();
      },
      finish: async () => {
        if (this.#hidden.delete(sha256)) await this.remove(sha256);
      },
    };
  }
}

/** What a firmware is called on the screen. */
export function nameOf(record: Pick<FirmwareRecord, 'label' | 'name'>): string {
  return record.label ?? record.name;
}
