/**
 * Arduino's `Update`, which nearly all home-made firmware writes an update with, implemented a second time. Source:
 * `Updater.cpp` of arduino-esp32 and of the ESP8266's core.
 */
import { md5 } from '@noble/hashes/legacy.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { joined } from '../whole/joined.ts';

export interface UpdaterOptions {
  readonly chip: 'ESP32' | 'ESP8266';
  /** Bytes of the part of flash that an update goes to. */
  readonly slotBytes: number;
  /**
   * Whether what was written is a whole image: an ESP32 checks that before it makes it bootable, an ESP8266 does not.
   */
  readonly isWhole: (image: Uint8Array) => boolean;
  /** As an older core of the ESP8266: a begin beside a running update is refused until a reset, and not just once. */
  readonly staysBusy?: boolean;
}

const IMAGE_MAGIC = 0xe9;
const GZIP_MAGIC = 0x1f;

export class ArduinoUpdater {
  readonly #options: UpdaterOptions;
  /** What is written of the next image; null: no update runs. */
  #written: Uint8Array[] | null = null;
  #md5 = '';
  /** The error in its own words; null: none. */
  error: string | null = null;
  /** What the next start tries; null: what runs. */
  bootable: Uint8Array<ArrayBuffer> | null = null;
  /** How many uploads were appended to what was left of another. */
  appended = 0;

  constructor(options: UpdaterOptions) {
    this.#options = options;
  }

  get isRunning(): boolean {
    return this.#written !== null;
  }

  /** Bytes of an update that was not ended. */
  get leftBytes(): number {
    return (this.#written ?? []).reduce((sum, part) => sum + part.length, 0);
  }

  /**
   * Whether an update was begun. Where one runs already, an ESP32 refuses without an error; an ESP8266 has an error,
   * and drops the running one.
   */
  begin(): boolean {
    if (this.#written !== null) {
      if (this.#options.chip === 'ESP8266') this.#fail('Update already running', this.#options.staysBusy === true);
      return false;
    }
    this.error = null;
    // Even a hash that was set just before is forgotten.
    this.#md5 = '';
    this.#written = [];
    return true;
  }

  /** 32 hex digits. */
  setMd5(hash: string): boolean {
    if (hash.length !== 32) return false;
    this.#md5 = hash.toLowerCase();
    return true;
  }

  /** @returns whether all of it was taken */
  write(bytes: Uint8Array): boolean {
    if (this.error !== null || this.#written === null) return false;
    if (this.leftBytes + bytes.length > this.#options.slotBytes) return this.#fail('Not Enough Space');
    const isFirst = this.leftBytes === 0 && bytes.length > 0;
    if (isFirst && this.#options.chip === 'ESP32' && bytes[0] !== IMAGE_MAGIC) return this.#fail('Wrong Magic Byte');
    this.#written.push(bytes.slice());
    return true;
  }

  /**
   * Ends the update with whatever has come.
   *
   * @returns whether it starts next
   */
  end(): boolean {
    if (this.error !== null || this.#written === null) return false;
    const image = joined(this.#written);
    const { chip, isWhole } = this.#options;
    if (chip === 'ESP8266' && image.length === 0) return this.#fail('No data supplied');
    if (this.#md5 !== '' && bytesToHex(md5(image)) !== this.#md5)
      return this.#fail(chip === 'ESP32' ? 'MD5 Check Failed' : 'MD5 verification failed: expected: …, calculated: …');
    if (chip === 'ESP8266' && image[0] !== IMAGE_MAGIC && image[0] !== GZIP_MAGIC)
      return this.#fail('Magic byte is not 0xE9');
    if (chip === 'ESP32' && !isWhole(image)) return this.#fail('Could Not Activate The Firmware');
    this.#written = null;
    this.bootable = image;
    return true;
  }

  /** Throws away what was written so far. */
  abort(): void {
    if (this.#written !== null) this.#fail('Aborted');
  }

  /** A reset: nothing is left in its memory. */
  forget(): void {
    this.#written = null;
    this.error = null;
    this.#md5 = '';
    this.bootable = null;
  }

  #fail(words: string, keeps = false): false {
    this.error = words;
    if (!keeps) this.#written = null;
    return false;
  }
}
