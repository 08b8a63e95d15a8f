/** Remembers which certificate a device showed first; another one later is refused, as SSH does. */
import { existsSync, readFileSync } from 'node:fs';
import * as v from 'valibot';
import { writeWhole } from './user-data.ts';

const PINS = v.record(v.string(), v.string());
/** More devices than one LAN has, and half a megabyte of file at most. */
const MOST = 4_096;

export class CertificatePins {
  readonly #file: string | null;
  readonly #trouble: (error: unknown) => void;
  /** By place ("name:port"); what was seen longest ago comes first. */
  readonly #pins: Map<string, string>;
  #writing: Promise<void> | null = null;
  #changed = false;

  /**
   * `file`: where they are kept; null keeps them in memory. `trouble` is told where it cannot be written. Throws where
   * the file is not ours.
   */
  constructor(file: string | null, trouble: (error: unknown) => void) {
    this.#file = file;
    this.#trouble = trouble;
    const kept = file !== null && existsSync(file) ? v.parse(PINS, JSON.parse(readFileSync(file, 'utf8'))) : {};
    this.#pins = new Map(Object.entries(kept));
  }

  /** Whether a certificate is remembered for `place`. */
  knows(place: string): boolean {
    return this.#pins.has(place);
  }

  /** Whether the device at `place` may show this certificate (SHA-256 fingerprint). It may where none is known. */
  allows(place: string, fingerprint: string): boolean {
    const known = this.#pins.get(place);
    return known === undefined || known === fingerprint;
  }

  /** Remembers it, in place of what was seen longest ago where there are too many. False where another one is known. */
  keep(place: string, fingerprint: string): boolean {
    const known = this.#pins.get(place);
    if (known !== undefined && known !== fingerprint) return false;
    this.#pins.delete(place);
    this.#pins.set(place, fingerprint);
    if (known !== undefined) return true;
    for (const oldest of this.#pins.keys()) {
      if (this.#pins.size <= MOST) break;
      this.#pins.delete(oldest);
    }
    this.#changed = true;
    if (this.#file !== null) this.#writing ??= this.#write(this.#file);
    return true;
  }

  /** Resolves when everything that is remembered is in the file. */
  async written(): Promise<void> {
    await this.#writing;
  }

  /** However many come while it is written, they are one more writing. */
  async #write(file: string): Promise<void> {
    while (this.#changed) {
      this.#changed = false;
      try {
        await writeWhole(file, JSON.stringify(Object.fromEntries(this.#pins), null, 2));
      } catch (error) {
        this.#trouble(error);
      }
    }
    this.#writing = null;
  }
}
