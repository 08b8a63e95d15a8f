/**
 * The part of a WLED lamp that takes an image: what it checks, in its order and its words, and what it keeps of a half
 * upload.
 */
import { buildOf, bytesToJudge, type WledBuild } from './metadata.ts';
import type { WledOptions } from './options.ts';
import { joined } from '../whole/joined.ts';

/** One upload, from its first byte to its end. */
export interface Upload {
  /** Bytes of it that have come. */
  taken: number;
  /** Its beginning, until it was judged. */
  head: Uint8Array;
  judged: boolean;
  /** Why it is refused; what comes after that is not written. */
  refused: string | null;
}

const IMAGE_MAGIC = 0xe9;

export class WledUpdater {
  readonly #options: WledOptions;
  /** What was written of the next image, including one whose upload broke off; null: nothing. */
  #written: Uint8Array[] | null = null;
  /** What the next start tries; null: what runs. */
  bootable: Uint8Array<ArrayBuffer> | null = null;
  /** Every upload of which a byte came. */
  readonly log: Upload[] = [];
  /** How many uploads were appended to what was left of another. */
  appended = 0;

  constructor(options: WledOptions) {
    this.#options = options;
  }

  /** Bytes of an upload that broke off, which the next one would be appended to. */
  get leftBytes(): number {
    return this.#length();
  }

  get isRunning(): boolean {
    return this.#written !== null;
  }

  /**
   * The first byte of an image has come. Null: another update runs.
   *
   * @param appends whether this version appends to what was left of an earlier upload
   */
  begin(appends: boolean, validates: boolean): Upload | null {
    if (this.#written !== null && !appends) return null;
    if (this.#length() > 0) this.appended += 1;
    this.#written ??= [];
    const upload: Upload = { taken: 0, head: new Uint8Array(0), judged: !validates, refused: null };
    this.log.push(upload);
    return upload;
  }

  write(upload: Upload, bytes: Uint8Array, runs: WledBuild): void {
    upload.taken += bytes.length;
    if (upload.refused !== null) return;
    upload.refused = this.#judge(upload, bytes, runs);
    if (isRefused(upload) || this.#written === null) return;
    if (this.#written.length === 0 && bytes[0] !== IMAGE_MAGIC) upload.refused = 'Wrong Magic Byte';
    else if (this.#length() + bytes.length > this.#options.slotBytes) upload.refused = 'Not Enough Space';
    else this.#written.push(bytes.slice());
  }

  /** The last byte has come. Answers why the image is refused; null: it is bootable now. */
  end(upload: Upload): string | null {
    const image = joined(this.#written ?? []);
    this.#written = null;
    if (upload.refused !== null) return upload.refused;
    if (!upload.judged) return 'Release check data never arrived?';
    if (!this.#options.isWhole(image)) return 'Could Not Activate The Firmware';
    this.bootable = image;
    return null;
  }

  /** Throws away what was written so far. */
  abort(): void {
    this.#written = null;
  }

  /** Why the image is refused for its metadata; null: it is not, or that is not known yet. */
  #judge(upload: Upload, bytes: Uint8Array, runs: WledBuild): string | null {
    if (upload.judged) return null;
    const { arch } = this.#options;
    upload.head = joined([upload.head, bytes]);
    if (upload.head.length < bytesToJudge(arch)) return null;
    upload.judged = true;
    const build = buildOf(upload.head, arch);
    upload.head = new Uint8Array(0);
    const advice = " Enable 'Ignore firmware validation' to proceed anyway.";
    if (build === null) return `This firmware file is missing compatibility metadata.${advice}`;
    if (plain(build.release) === plain(runs.release)) return null;
    return `Firmware release name mismatch: current='${runs.release}', uploaded='${build.release}'.${advice}`;
  }

  #length(): number {
    return (this.#written ?? []).reduce((sum, part) => sum + part.length, 0);
  }
}

/** A function, since TypeScript would not expect the value to change. */
function isRefused({ refused }: Upload): boolean {
  return refused !== null;
}

/** A build for the other version of ESP-IDF has another name, and counts as the same release. */
function plain(release: string): string {
  return release.replace(/_V4$/, '');
}
