/** Remembers which certificate a device showed first; another one later is refused, as SSH does. */
import { readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import * as v from 'valibot';
import { DataError, reasonOf } from '../data/data-error.ts';
import { withFolderLock } from '../data/folder-lock.ts';
import { setAside } from '../data/set-aside.ts';
import { writeWhole } from '../data/user-data.ts';

const PINS = v.record(v.string(), v.string());
/** More devices than one LAN has, and half a megabyte of file at most. */
const MOST = 4_096;
/** The state of a file that is not there. */
const NO_FILE = '';

export class CertificatePins {
  readonly #file: string | null;
  readonly #trouble: (error: unknown) => void;
  /** By place ("name:port"); what was seen longest ago comes first. */
  #pins = new Map<string, string>();
  /** The places that are not in the file yet. */
  readonly #unwritten = new Set<string>();
  /** Which state of the file is known. */
  #state = NO_FILE;
  #writing: Promise<void> | null = null;

  /** `file`: where they are kept; null keeps them in memory. `trouble` is told where it cannot be read or written. */
  constructor(file: string | null, trouble: (error: unknown) => void) {
    this.#file = file;
    this.#trouble = trouble;
  }

  /**
   * Takes over what the file says by now: another host, or a person, may have changed it. A file that cannot be read is
   * set aside. Done before every answer.
   */
  read(): void {
    const file = this.#file;
    if (file === null) return;
    const state = stateOf(file);
    if (state === this.#state) return;
    this.#state = state;
    try {
      this.#merge(state === NO_FILE ? new Map() : new Map(Object.entries(pinsIn(file))));
    } catch (error) {
      // What is known here is written again with the next one.
      for (const place of this.#pins.keys()) this.#unwritten.add(place);
      this.#trouble(setAside('certificates', file, error));
    }
  }

  /** Whether a certificate is remembered for `place`. */
  knows(place: string): boolean {
    return this.#pins.has(place);
  }

  /** Whether the device at `place` may show this certificate (SHA-256 fingerprint). It may where none is known. */
  allows(place: string, fingerprint: string): boolean {
    this.read();
    const known = this.#pins.get(place);
    return known === undefined || known === fingerprint;
  }

  /** Remembers it, in place of what was seen longest ago where there are too many. False where another one is known. */
  keep(place: string, fingerprint: string): boolean {
    this.read();
    const known = this.#pins.get(place);
    if (known !== undefined && known !== fingerprint) return false;
    this.#pins.delete(place);
    this.#pins.set(place, fingerprint);
    if (known !== undefined) return true;
    this.#unwritten.add(place);
    this.#forgetOldest();
    if (this.#file !== null) this.#writing ??= this.#write(this.#file);
    return true;
  }

  /** Resolves when everything that is remembered is in the file, or cannot be. */
  async written(): Promise<void> {
    await this.#writing;
  }

  /** The file's word goes before ours: whoever saw a device first is right. */
  #merge(kept: ReadonlyMap<string, string>): void {
    const merged = new Map(kept);
    for (const [place, ours] of this.#pins) {
      const fingerprint = kept.get(place) ?? (this.#unwritten.has(place) ? ours : undefined);
      if (fingerprint === undefined) continue;
      merged.delete(place);
      merged.set(place, fingerprint);
    }
    this.#pins = merged;
    this.#forgetOldest();
  }

  #forgetOldest(): void {
    for (const oldest of this.#pins.keys()) {
      if (this.#pins.size <= MOST) break;
      this.#pins.delete(oldest);
      this.#unwritten.delete(oldest);
    }
  }

  /** However many come while it is written, they are one more writing. */
  async #write(file: string): Promise<void> {
    try {
      while (this.#unwritten.size > 0) await withFolderLock(dirname(file), () => this.#writeOnce(file));
    } catch (error) {
      // They stay unwritten, and go with the next one.
      this.#trouble(new DataError({ kind: 'list-not-written', list: 'certificates', file, reason: reasonOf(error) }));
    }
    this.#writing = null;
  }

  async #writeOnce(file: string): Promise<void> {
    this.read();
    const places = [...this.#unwritten];
    await writeWhole(file, JSON.stringify(Object.fromEntries(this.#pins), null, 2));
    this.#state = stateOf(file);
    for (const place of places) this.#unwritten.delete(place);
  }
}

/** Differs after each writing. */
function stateOf(file: string): string {
  const stat = statSync(file, { throwIfNoEntry: false });
  return stat === undefined ? NO_FILE : `${stat.ino} ${stat.size} ${stat.mtimeMs}`;
}

function pinsIn(file: string): Readonly<Record<string, string>> {
  return v.parse(PINS, JSON.parse(readFileSync(file, 'utf8')));
}
