/**
 * The part of flash that OpenBeken writes an update to, implemented a second time. Source: OpenBeken
 * `hal_ota_espidf.c`, esp-idf `esp_ota_ops.c`.
 */
import type { OpenbekenOptions } from './options.ts';

/** It takes no upload that is shorter than the headers of an image. */
const LEAST_BYTES = 288;
const IMAGE_MAGIC = 0xe9;

type Options = Pick<OpenbekenOptions, 'slotBytes' | 'judgesImage' | 'isWhole' | 'refusesBeside'>;

/** One upload that is written to flash. */
export interface OtaSession {
  /** Bytes that were written. */
  readonly written: number;
  /** @returns whether it was written; where it was not, the session is over */
  write(bytes: Uint8Array): boolean;
  /**
   * The client has sent everything, or is gone.
   *
   * @returns whether what is in flash now starts next
   */
  end(): boolean;
}

export class OtaSlot {
  readonly #options: Options;
  #flash = new Uint8Array(0);
  #underWay = 0;
  /** What the next start tries; null: what runs. */
  bootable: Uint8Array<ArrayBuffer> | null = null;

  constructor(options: Options) {
    this.#options = options;
  }

  /** A reset: no upload goes on. What was made bootable runs by now, or did not start. */
  forget(): void {
    this.#underWay = 0;
    this.bootable = null;
  }

  /**
   * Null where it refuses to begin one.
   *
   * @param length as the request states it; null: it states none
   */
  begin(length: number | null): OtaSession | null {
    const { slotBytes, refusesBeside } = this.#options;
    if (slotBytes === null || (length !== null && length <= LEAST_BYTES)) return null;
    if (refusesBeside && this.#underWay > 0) return null;
    this.#underWay += 1;
    if (this.#flash.length === 0) this.#flash = new Uint8Array(slotBytes);
    let written = 0;
    let isOpen = true;
    const close = (): void => {
      if (isOpen) this.#underWay -= 1;
      isOpen = false;
    };
    return {
      get written() {
        return written;
      },
      write: (bytes) => {
        const isImage = !this.#options.judgesImage || written > 0 || bytes[0] === IMAGE_MAGIC;
        if (bytes.length === 0 || !isOpen) return isOpen;
        if (!isImage || written + bytes.length > slotBytes) {
          close();
          return false;
        }
        // This overwrites what was taken before, which can no longer start.
        this.bootable = null;
        this.#flash.set(bytes, written);
        written += bytes.length;
        return true;
      },
      end: () => {
        const image = this.#flash.slice(0, written);
        const isTaken = isOpen && written > 0 && (!this.#options.judgesImage || this.#options.isWhole(image));
        close();
        if (isTaken) this.bootable = image;
        return isTaken;
      },
    };
  }
}
