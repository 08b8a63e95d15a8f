import { atom } from 'nanostores';
import type { DeviceOfPair, Fit } from '../../model/firmware/fit.ts';
import type { ReasonCode } from '../../model/firmware/finding.ts';
import type { Misfit } from '../../model/firmware/misfit.ts';
import type { InnerFile } from '../../model/firmware/inspection.ts';
import { shownName } from '../../model/device/plain-names.ts';
import type { ChosenFile } from '../../model/page/page-ports.ts';
import type { NoticesState } from '../notices.ts';
import type { FileWords, UnpackFile } from '../tools.ts';
import type { Chosen, Firmware } from './chosen.ts';
import { nameOf, newDrop } from './library.ts';
import { FirmwareReader, isStale, type FirmwareReaderParts } from './firmware-reader.ts';

export interface FirmwareParts extends FirmwareReaderParts {
  readonly unpack: UnpackFile;
  readonly notices: NoticesState;
}

/** Notices that are of the file on the screen, or say that one has to be chosen: with the next choice they are no longer true. */
const OF_THE_CHOICE = [
  'file-gone',
  'handed-over',
  'kept-files',
  'library-full',
  'new-build',
  'shared',
  'shared-lost',
] as const;

/** What is going to be sent. */
export class FirmwareState {
  readonly $chosen = atom<Chosen>({ kind: 'none' });
  readonly #parts: FirmwareParts;
  readonly #reader: FirmwareReader;
  /** Loaded with the first file, so they are there whenever a file is. */
  #loaded: FileWords | null = null;
  /** Each choice has its own; a later choice aborts the one before, and its results are dropped. */
  #run = new AbortController();

  constructor(parts: FirmwareParts) {
    this.#parts = parts;
    this.#reader = new FirmwareReader({ ...parts, words: () => this.#words() }, (reading) =>
      this.$chosen.set({ kind: 'reading', ...reading }),
    );
  }

  /** The chosen firmware, where there is one. */
  get firmware(): Firmware | null {
    const chosen = this.$chosen.get();
    return chosen.kind === 'ready' ? chosen.firmware : null;
  }

  /** Why a file is not sent to a device; empty before there was a file. */
  misfitInWords(misfit: Misfit): string {
    return this.#loaded?.misfit(misfit) ?? '';
  }

  /** Whether a firmware fits a device: what judges it came with it. */
  fit(firmware: Firmware, device: DeviceOfPair, overruled: readonly ReasonCode[]): Fit {
    if (this.#loaded === null) throw new Error('a firmware was judged before its words were loaded');
    return this.#loaded.fit(firmware, device, overruled);
  }

  /** Puts a firmware that is in memory already on the screen. */
  show(firmware: Firmware): void {
    if (this.firmware?.sha256 === firmware.sha256) return;
    this.#next();
    this.#show(firmware);
  }

  /**
   * Reads, names and judges each file, keeps what is firmware, and chooses the first that a device could run. Answers
   * what was chosen of these files; null where another choice came in between, or there was none.
   */
  async choose(files: readonly ChosenFile[]): Promise<Chosen | null> {
    const { signal } = this.#next();
    let shown: Chosen | null = null;
    const refused: string[] = [];
    const drop = newDrop();
    for (const file of files) {
      const read = await this.#reader.read(file, signal, drop);
      if (read === null) break;
      const usable = read.kind === 'ready' && read.firmware.inspection.verdict !== 'refuse';
      if (!usable) refused.push(shownName(file.name));
      const better = usable && !(shown?.kind === 'ready' && shown.firmware.inspection.verdict !== 'refuse');
      if (shown === null || better) shown = read;
    }
    // Also where another choice came in between: what was removed by then is gone.
    this.#parts.library.tell(drop);
    if (shown === null || isStale(signal)) return null;
    this.$chosen.set(shown);
    if (files.length > 1) {
      const { kept } = drop;
      this.#parts.notices.show({ kind: 'kept-files', count: kept.size, total: files.length, refused });
    }
    return shown;
  }

  /** Reads and judges a file that another app or a web page handed over, and shows it. It is not kept. */
  async offer(file: ChosenFile): Promise<void> {
    const read = await this.#reader.read(file, this.#next().signal, null);
    if (read !== null) this.$chosen.set(read);
  }

  /**
   * Chooses a file of the library. False: another choice came in between; or its bytes are gone, which a notice says.
   */
  async chooseFromLibrary(sha256: string): Promise<boolean> {
    const { signal } = this.#next();
    const firmware = await this.fromLibrary(sha256);
    if (signal.aborted) return false;
    if (firmware === null) {
      const record = this.#parts.library.find(sha256);
      this.#parts.notices.show({ kind: 'file-gone', name: record === undefined ? null : nameOf(record) });
      return false;
    }
    this.#show(firmware);
    return true;
  }

  /** A firmware by its hash: the chosen one where it is that, else out of the library; null where it is gone. */
  async fromLibrary(sha256: string): Promise<Firmware | null> {
    if (this.firmware?.sha256 === sha256) return this.firmware;
    const record = this.#parts.library.find(sha256);
    const bytes = record === undefined ? null : await this.#parts.library.bytes(sha256);
    if (record === undefined || bytes === null) return null;
    const { name, label, inspection } = record;
    const told = (await this.#words()).verdict(inspection);
    return { sha256, name, label, bytes, inspection, told, kept: true, from: null };
  }

  /** Takes a file out of the chosen one and chooses it. */
  async useInside(inner: InnerFile): Promise<void> {
    const outer = this.firmware;
    if (outer === null) return;
    const { signal } = this.#next();
    const name = nameOfInner(outer.name, inner);
    this.$chosen.set({ kind: 'reading', name, size: inner.size ?? outer.bytes.length, hashed: 0 });
    const unpacked = await this.#parts.unpack(outer.bytes, inner);
    if (signal.aborted) return;
    if (unpacked.kind !== 'taken') {
      const told = (await this.#words()).notTaken(unpacked);
      if (!isStale(signal)) this.$chosen.set({ kind: 'unreadable', name: outer.name, told });
      return;
    }
    const drop = newDrop();
    const from = { name: outer.name, inspection: outer.inspection, inner };
    const read = await this.#reader.know(name, unpacked.bytes, signal, from, outer.offered === true ? null : drop);
    this.#parts.library.tell(drop);
    if (read !== null) this.$chosen.set(read);
  }

  /** Keeps the chosen file because the person says so: one that was handed over, or that the inspector refused. */
  async keepChosen(): Promise<void> {
    const { firmware } = this;
    if (firmware === null || firmware.kept) return;
    const drop = newDrop();
    const makeRoom = firmware.offered !== true;
    const kept = await this.#reader.keep(firmware, this.#parts.library.find(firmware.sha256), drop, makeRoom);
    this.#parts.library.tell(drop);
    if (kept && this.firmware === firmware) this.#show({ ...firmware, kept });
  }

  forget(): void {
    this.#next();
    this.$chosen.set({ kind: 'none' });
  }

  #show(firmware: Firmware): void {
    this.$chosen.set({ kind: 'ready', firmware });
  }

  async #words(): Promise<FileWords> {
    return (this.#loaded ??= await this.#parts.words());
  }

  #next(): AbortController {
    this.#parts.notices.dismiss(...OF_THE_CHOICE);
    this.#run.abort();
    this.#run = new AbortController();
    return this.#run;
  }
}

/** What a file is called that is taken out of another one. It is kept, so that nothing but names and numbers is in it. */
function nameOfInner(outer: string, { how, name, offset }: InnerFile): string {
  const place = name ?? (offset === null ? null : `0x${offset.toString(16)}`);
  return shownName(how === 'zip-entry' ? name : place === null ? outer : `${outer} › ${place}`);
}
