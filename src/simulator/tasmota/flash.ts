/** The flash of a Tasmota device: what runs, what an upload overwrites, and what the next start tries. */
import type { TasmotaOptions } from './options.ts';

const IMAGE_MAGIC = 0xe9;
const GZIP_MAGIC = 0x1f;

/** Its errors, by the numbers of its web server. */
export const ERRORS = { space: 2, signature: 3, size: 4, failed: 6, aborted: 7, invalid: 8 } as const;

export class TasmotaFlash {
  readonly #options: TasmotaOptions;
  /** The app. With one partition it is null once an upload has begun to overwrite it. */
  #app: Uint8Array<ArrayBuffer> | null;
  #runsSafeboot = false;
  /** Whether the next start is to be safeboot's. */
  #startsSafeboot = false;
  #written: Uint8Array[] | null = null;
  /** What the next start tries; null: what runs. */
  #bootable: Uint8Array<ArrayBuffer> | null = null;

  constructor(options: TasmotaOptions) {
    this.#options = options;
    this.#app = new Uint8Array(options.firmware);
  }

  get running(): Uint8Array<ArrayBuffer> {
    return this.#runsSafeboot ? new Uint8Array(this.#options.safeboot) : (this.#app ?? new Uint8Array());
  }

  get runsSafeboot(): boolean {
    return this.#runsSafeboot;
  }

  /** Whether an upload has to wait until safeboot runs. */
  get hasToStandAside(): boolean {
    return this.#options.layout === 'safeboot' && !this.#runsSafeboot;
  }

  get isBootable(): boolean {
    return this.#bootable !== null;
  }

  /** Sets which of the two starts next. */
  start(which: 'safeboot' | 'app'): void {
    this.#startsSafeboot = which === 'safeboot';
  }

  /**
   * The first block has come.
   *
   * @param size as it was announced; 0: it was not
   * @returns the number of the error; 0: none
   */
  begin(first: number, size: number): number {
    const { slotBytes, layout } = this.#options;
    if (first !== IMAGE_MAGIC && first !== GZIP_MAGIC) return ERRORS.signature;
    if (layout !== 'esp8266' && size > slotBytes) return ERRORS.size;
    if (this.hasToStandAside) return ERRORS.space;
    this.#written = [];
    if (this.#runsSafeboot) this.#app = null;
    return 0;
  }

  write(bytes: Uint8Array): number {
    if (this.#written === null) return ERRORS.failed;
    const length = this.#written.reduce((sum, part) => sum + part.length, 0);
    if (length + bytes.length > this.#options.slotBytes) return ERRORS.space;
    this.#written.push(bytes.slice());
    return 0;
  }

  async end(): Promise<number> {
    if (this.#written === null) return ERRORS.failed;
    const image = await unpacked(new Uint8Array(await new Blob(this.#written as BlobPart[]).arrayBuffer()));
    this.#written = null;
    const { layout, isWhole } = this.#options;
    // An ESP8266 checks nothing.
    if (image === null || (layout !== 'esp8266' && !isWhole(image))) return ERRORS.failed;
    this.#bootable = image;
    return 0;
  }

  abort(): void {
    this.#written = null;
  }

  /**
   * Starts the device, with the new image where that starts.
   *
   * @returns whether it tried one
   */
  boot(): boolean {
    const { layout, boots, startsSafeboot } = this.#options;
    const next = this.#bootable;
    this.#written = null;
    this.#bootable = null;
    if (layout !== 'safeboot') {
      if (next !== null && boots(next)) this.#app = next;
      return next !== null;
    }
    if (next !== null) {
      this.#app = boots(next) ? next : null;
      this.#startsSafeboot = false;
    }
    // Where no app starts, the bootloader starts safeboot.
    this.#runsSafeboot = (this.#startsSafeboot && startsSafeboot) || this.#app === null;
    return next !== null;
  }
}

/** Unpacks an image, as the boot loader does at the next start. Null: it is damaged. */
async function unpacked(image: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer> | null> {
  if (image[0] !== GZIP_MAGIC) return image;
  try {
    const stream = new Blob([image]).stream().pipeThrough(new DecompressionStream('gzip'));
    return new Uint8Array(await new Response(stream).arrayBuffer());
  } catch {
    // It is not gzip, or not all of it.
    return null;
  }
}
