/** The one update session a device can hold, and what it does to the flash. Lost at every reset. */
import { sha256 } from '@noble/hashes/sha2.js';
import { Refusal } from '../answers.ts';
import type { Bootloader, Slot, SlotLabel } from '../bootloader.ts';
import type { DeviceClock } from '../clock.ts';
import { BLOCK_BYTES } from '../flash.ts';
import { Panic, type Power } from '../power.ts';

/** First byte of every ESP32 app image; the device refuses to make anything else bootable. */
const IMAGE_MAGIC = 0xe9;

export interface Session {
  /** Counts from 1 after each boot. */
  readonly id: number;
  readonly slot: Slot;
  readonly expectedSize: number | null;
  readonly expectedSha256: string | null;
  readonly startedAt: number;
  readonly erased: Set<number>;
  lastActivityAt: number;
  written: number;
  /** Writes taken so far. */
  sequence: number;
  /**
   * The hash of what was received, not of what the flash holds. Null once its digest was read, which is possible only
   * once.
   */
  hash: ReturnType<typeof sha256.create> | null;
}

/** One write that the device took. */
export interface Written {
  readonly sessionId: number;
  readonly slot: SlotLabel;
  readonly offset: number;
  readonly bytes: number;
}

/** Makes the next erase or the next program fail, as worn flash does. */
export type FlashFailure = 'erase' | 'write';

export interface UpdaterOptions {
  readonly checksImage: boolean | ((image: Uint8Array) => boolean);
}

export class Updater {
  session: Session | null = null;
  /** What the last good finalize said. */
  lastResult: Readonly<Record<string, unknown>> | null = null;
  lastError: string | null = null;
  failNext: FlashFailure | null = null;
  /** A record for tests, which is kept over resets, since it is not the device's memory. */
  readonly log: Written[] = [];
  #counter = 0;
  readonly #bootloader: Bootloader;
  readonly #clock: DeviceClock;
  readonly #options: UpdaterOptions;

  constructor(bootloader: Bootloader, clock: DeviceClock, options: UpdaterOptions) {
    this.#bootloader = bootloader;
    this.#clock = clock;
    this.#options = options;
  }

  /** A reset: everything in RAM is gone. */
  forget(): void {
    this.session = null;
    this.lastResult = null;
    this.lastError = null;
    this.failNext = null;
    this.#counter = 0;
  }

  /**
   * Opens a session in the next slot. Nothing is erased yet, so that this also succeeds where the next slot is the one
   * that runs.
   */
  begin(expectedSize: number | null, expectedSha256: string | null): Session {
    const now = this.#clock.now();
    this.#counter += 1;
    this.session = {
      id: this.#counter,
      slot: this.#bootloader.next,
      expectedSize,
      expectedSha256,
      startedAt: now,
      lastActivityAt: now,
      erased: new Set(),
      written: 0,
      sequence: 0,
      hash: sha256.create(),
    };
    this.lastError = null;
    return this.session;
  }

  active(): Session {
    if (this.session === null) throw new Refusal(409, 'ota session is not active');
    return this.session;
  }

  /**
   * Appends `payload`: erases the blocks it reaches first, then programs.
   *
   * @throws Panic where the slot is the one that runs: ESP-IDF guards it, and nothing of it is lost
   */
  async write(payload: Uint8Array, power: Power): Promise<void> {
    const session = this.active();
    const { slot, written } = session;
    if (slot.label === this.#bootloader.running) throw new Panic('The slot that runs cannot be erased.');
    const first = Math.floor(written / BLOCK_BYTES);
    const last = Math.floor((written + payload.length - 1) / BLOCK_BYTES);
    for (let block = first; block <= last; block += 1) {
      if (session.erased.has(block)) continue;
      if (this.#fails('erase')) throw new Refusal(500, `erase failed at block ${block}: OSError(1, 'ESP_FAIL')`);
      // From here on the slot no longer holds an image.
      slot.imageBytes = 0;
      await slot.flash.erase(block, power);
      session.erased.add(block);
    }
    if (this.#fails('write')) throw new Refusal(500, `write failed at offset ${written}: OSError(1, 'ESP_FAIL')`);
    const programmed = slot.flash.program(written, payload, power);
    // An ESP32 hashes in hardware while it programs its flash. Where programming fails, the session is lost, and its
    // hash with it.
    session.hash?.update(payload);
    await programmed;
    session.written += payload.length;
    session.sequence += 1;
    session.lastActivityAt = this.#clock.now();
    this.log.push({ sessionId: session.id, slot: slot.label, offset: written, bytes: payload.length });
  }

  /** The digest in lower-case hex; null when it was read before: the device's hash object gives it only once. */
  digest(): string | null {
    const session = this.active();
    const { hash } = session;
    session.hash = null;
    return hash === null ? null : Array.from(hash.digest(), (byte) => byte.toString(16).padStart(2, '0')).join('');
  }

  /** Makes the written slot the one that starts at the next reset; refused with 500 where it holds no app image. */
  setBoot(): void {
    const { slot, written } = this.active();
    const image = slot.flash.read(0, written);
    const { checksImage } = this.#options;
    const good = typeof checksImage === 'function' ? checksImage(image) : !checksImage || image[0] === IMAGE_MAGIC;
    if (!good) {
      throw new Refusal(500, "failed to set boot partition: OSError(-5379, 'ESP_ERR_OTA_VALIDATE_FAILED')");
    }
    slot.imageBytes = written;
    this.#bootloader.setBoot(slot.label);
  }

  /** Closes the session: its bytes are a whole image now. */
  finish(result: Readonly<Record<string, unknown>>): void {
    const { slot, written } = this.active();
    slot.imageBytes = written;
    this.lastResult = result;
    this.lastError = null;
    this.session = null;
  }

  drop(reason: string): void {
    this.session = null;
    this.lastError = reason;
  }

  #fails(step: FlashFailure): boolean {
    if (this.failNext !== step) return false;
    this.failNext = null;
    return true;
  }
}
