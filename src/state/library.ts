import { atom } from 'nanostores';
import type { NoticesState } from './notices.ts';
import type { FirmwareLibrary, FirmwareRecord } from './ports.ts';

/** The firmware that is kept in this browser, newest first. */
export class LibraryState {
  readonly $records = atom<readonly FirmwareRecord[]>([]);
  readonly #library: FirmwareLibrary;
  readonly #notices: NoticesState;

  constructor(library: FirmwareLibrary, notices: NoticesState) {
    this.#library = library;
    this.#notices = notices;
  }

  async load(): Promise<void> {
    const records = await this.#library.list();
    this.$records.set(records.toSorted((a, b) => b.added - a.added));
  }

  find(sha256: string): FirmwareRecord | undefined {
    return this.$records.get().find((record) => record.sha256 === sha256);
  }

  bytes(sha256: string): Promise<Uint8Array<ArrayBuffer> | null> {
    return this.#library.bytes(sha256);
  }

  /** Keeps a file, and says so where it could not be kept or others had to go for it. */
  async keep(record: FirmwareRecord, bytes: Uint8Array<ArrayBuffer>): Promise<boolean> {
    const result = await this.#library.keep(record, bytes);
    if (!result.kept) {
      this.#notices.show({ kind: 'library-full', name: nameOf(record), why: result.why });
      return false;
    }
    if (result.removed.length > 0) {
      this.#notices.show({ kind: 'library-made-room', names: result.removed.map(nameOf) });
    }
    await this.load();
    return true;
  }

  async rename(sha256: string, label: string): Promise<void> {
    const trimmed = label.trim();
    await this.#library.rename(sha256, trimmed === '' ? null : trimmed);
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
}

/** What a firmware is called on the screen. */
export function nameOf(record: Pick<FirmwareRecord, 'label' | 'name'>): string {
  return record.label ?? record.name;
}
