/** The part of PrettyOTA that writes an update, implemented a second time. Source: PrettyOTA `ESPUpdateManager.cpp`. */
import { md5 } from '@noble/hashes/legacy.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { joined } from '../whole/joined.ts';
import type { PrettyOptions } from './options.ts';

/** Its errors, in its own words. */
export const ERRORS = {
  none: 'No error',
  space: 'ERROR_NO_SPACE: Not enough free space',
  invalidHash: 'ERROR_INVALID_HASH: Invalid MD5 hash',
  mismatch: 'ERROR_HASH_MISMATCH: The firmware hash does not match the expected hash',
  activate: 'ERROR_ACTIVATE: Could not activate target partition',
  magic: 'ERROR_MAGIC_BYTE: Magic byte is invalid',
} as const;
type PrettyError = (typeof ERRORS)[keyof typeof ERRORS];

const IMAGE_MAGIC = 0xe9;
/** It writes sector by sector, and checks the first one when it writes it. */
const SECTOR_BYTES = 4096;

export class UpdateManager {
  readonly #options: Pick<PrettyOptions, 'slotBytes' | 'isWhole'>;
  /** What has come of an update; null: none is under way. */
  #taken: Uint8Array[] | null = null;
  #hash = '';
  error: PrettyError = ERRORS.none;
  /** What the next start tries; null: what runs. */
  bootable: Uint8Array<ArrayBuffer> | null = null;

  constructor(options: Pick<PrettyOptions, 'slotBytes' | 'isWhole'>) {
    this.#options = options;
  }

  get isRunning(): boolean {
    return this.#taken !== null;
  }

  get takenBytes(): number {
    return (this.#taken ?? []).reduce((sum, part) => sum + part.length, 0);
  }

  /** Refuses where an update is under way, without noting an error. */
  begin(hash: string): boolean {
    if (this.#taken !== null) return false;
    this.error = ERRORS.none;
    this.#hash = hash.toLowerCase();
    if (this.#hash.length !== 32) return this.#fail(ERRORS.invalidHash);
    this.#taken = [];
    return true;
  }

  /** @returns whether all of it was taken */
  write(bytes: Uint8Array): boolean {
    if (this.error !== ERRORS.none || this.#taken === null) return false;
    const before = this.takenBytes;
    if (before + bytes.length > this.#options.slotBytes) return this.#fail(ERRORS.space);
    this.#taken.push(bytes.slice());
    return before + bytes.length <= SECTOR_BYTES || this.#looksAtFirst();
  }

  /**
   * Ends the update, once its last byte has come.
   *
   * @returns whether it starts next
   */
  end(): boolean {
    if (this.error !== ERRORS.none || this.#taken === null) return false;
    if (!this.#looksAtFirst()) return false;
    const image = joined(this.#taken);
    if (bytesToHex(md5(image)) !== this.#hash) return this.#fail(ERRORS.mismatch);
    if (!this.#options.isWhole(image)) return this.#fail(ERRORS.activate);
    this.#taken = null;
    this.bootable = image;
    return true;
  }

  /** A reset: nothing is left in its memory. */
  forget(): void {
    this.#taken = null;
    this.error = ERRORS.none;
    this.bootable = null;
  }

  #looksAtFirst(): boolean {
    const first = this.#taken?.find(({ length }) => length > 0)?.[0];
    return first === undefined || first === IMAGE_MAGIC || this.#fail(ERRORS.magic);
  }

  #fail(error: PrettyError): false {
    this.error = error;
    this.#taken = null;
    return false;
  }
}
