/** Reads a file, names and judges it, and keeps it where it is firmware. */
import type { Inspection } from '../../model/firmware/inspection.ts';
import { LARGEST_FILE_BYTES } from '../../firmware/largest-file.ts';
import { shownName } from '../../model/device/plain-names.ts';
import type { ChosenFile } from '../../model/page/page-ports.ts';
import type { FirmwareRecord } from '../../model/page/stores.ts';
import type { Unreadable } from '../../words/firmware/files.ts';
import type { DigestFile, FileWords, InspectFile } from '../tools.ts';
import type { Chosen, Firmware } from './chosen.ts';
import type { Drop, LibraryState } from './library.ts';

export interface FirmwareReaderParts {
  readonly inspect: InspectFile;
  readonly digest: DigestFile;
  /** What is said of files; loaded with the first of them. */
  readonly words: () => Promise<FileWords>;
  readonly library: LibraryState;
  /** Milliseconds since 1970. */
  readonly today: () => number;
}

type Reading = Omit<Extract<Chosen, { kind: 'reading' }>, 'kind'>;

export class FirmwareReader {
  readonly #parts: FirmwareReaderParts;
  /** Told how far it is. */
  readonly #reading: (reading: Reading) => void;

  constructor(parts: FirmwareReaderParts, reading: (reading: Reading) => void) {
    this.#parts = parts;
    this.#reading = reading;
  }

  /**
   * Null where another choice came in between.
   *
   * @param drop null: it was handed over, and is not kept
   */
  async read(file: ChosenFile, signal: AbortSignal, drop: Drop | null): Promise<Chosen | null> {
    const { size } = file;
    const name = shownName(file.name);
    if (size > LARGEST_FILE_BYTES) return this.#unreadable(name, { kind: 'larger-than-flash' });
    this.#reading({ name, size, hashed: 0 });
    let bytes: Uint8Array<ArrayBuffer>;
    try {
      bytes = new Uint8Array(await file.arrayBuffer());
    } catch (error) {
      // The browser's own words name the cause best: moved, removed, no permission.
      const said = error instanceof Error ? error.message : String(error);
      return signal.aborted ? null : this.#unreadable(name, { kind: 'unreadable', said });
    }
    return signal.aborted ? null : this.know(name, bytes, signal, null, drop);
  }

  async #unreadable(name: string, not: Unreadable): Promise<Chosen> {
    return { kind: 'unreadable', name, told: (await this.#parts.words()).unreadable(not) };
  }

  /** Names and judges bytes that are there. Null where another choice came in between. */
  async know(
    name: string,
    bytes: Uint8Array<ArrayBuffer>,
    signal: AbortSignal,
    from: Firmware['from'],
    drop: Drop | null,
  ): Promise<Chosen | null> {
    const { digest, inspect, words, library } = this.#parts;
    const progress = (hashed: number): void => {
      if (!signal.aborted) this.#reading({ name, size: bytes.length, hashed });
    };
    let sha256: string;
    let inspection: Inspection;
    let told: string;
    try {
      sha256 = await digest(bytes, { signal, progress });
      inspection = await inspect(bytes, signal);
      told = (await words()).verdict(inspection);
    } catch (error) {
      if (signal.aborted) return null;
      throw error;
    }
    if (signal.aborted) return null;
    const known = library.find(sha256);
    const file = { sha256, name, label: known?.label ?? null, bytes, inspection, told, from };
    if (drop === null) return { kind: 'ready', firmware: { ...file, kept: known !== undefined, offered: true } };
    // What no device could run is shown and judged, but takes no room.
    const kept = inspection.verdict !== 'refuse' && (await this.keep(file, known, drop));
    return isStale(signal) ? null : { kind: 'ready', firmware: { ...file, kept } };
  }

  /** Into the library, under its hash. Answers whether it is there. */
  keep(
    file: Pick<Firmware, 'sha256' | 'name' | 'inspection' | 'bytes'>,
    known: FirmwareRecord | undefined,
    drop: Drop,
    makeRoom = true,
  ): Promise<boolean> {
    const { library, today } = this.#parts;
    const { sha256, name, inspection, bytes } = file;
    const { label = null, pinned = false } = known ?? {};
    return library.keep({ sha256, name, label, size: bytes.length, inspection, added: today(), pinned }, bytes, drop, {
      makeRoom,
    });
  }
}

/** Asked anew after every await; TypeScript believes the answer it saw first. */
export function isStale(signal: AbortSignal): boolean {
  return signal.aborted;
}
