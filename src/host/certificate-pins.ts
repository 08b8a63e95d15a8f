/** Remembers which certificate a device showed first; another one later is refused, as SSH does. */
import { existsSync, readFileSync } from 'node:fs';
import * as v from 'valibot';
import { writeWhole } from './user-data.ts';

const PINS = v.record(v.string(), v.string());
/** More devices than one LAN has; a bound on what a page could make us remember. */
const MOST = 4_096;

export class CertificatePins {
  readonly #file: string | null;
  readonly #pins: Map<string, string>;

  /** `file`: where they are kept; null keeps them in memory. Throws where the file is not ours. */
  constructor(file: string | null) {
    this.#file = file;
    const kept = file !== null && existsSync(file) ? v.parse(PINS, JSON.parse(readFileSync(file, 'utf8'))) : {};
    this.#pins = new Map(Object.entries(kept));
  }

  /** Whether the device at `place` ("name:port") may show this certificate (SHA-256 fingerprint). The first one may. */
  accepts(place: string, fingerprint: string): boolean {
    const known = this.#pins.get(place);
    if (known !== undefined) return known === fingerprint;
    if (this.#pins.size >= MOST) return false;
    this.#pins.set(place, fingerprint);
    if (this.#file !== null) writeWhole(this.#file, JSON.stringify(Object.fromEntries(this.#pins), null, 2));
    return true;
  }
}
