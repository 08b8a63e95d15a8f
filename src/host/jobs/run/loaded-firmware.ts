/** Firmware in memory: one copy, however many devices it goes to, and for no longer than somebody needs it. */
import { statedName, type StatedName } from '../../../firmware/image/stated-name.ts';
import { inspect } from '../../../firmware/inspect.ts';
import { lacksMicroPython, type Inspection } from '../../../model/firmware/inspection.ts';
import type { FirmwareShelf } from '../kept/firmware-shelf.ts';

/** A file with what was found of it. */
export interface Loaded {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly inspection: Inspection;
}

/** Somebody's hold of a file. The bytes may be let go of once everybody has called `release`. */
export interface Lease extends Loaded {
  release(): void;
}

export interface FirmwareFacts {
  /** What a job tells of its file; `size` in bytes. */
  readonly told: StatedName & { readonly size: number };
  readonly lacksMicroPython: boolean;
}

interface Held {
  readonly loading: Promise<Loaded | null>;
  holders: number;
}

/** Facts of more files than the shelf has are of no use. */
const MOST_FACTS = 256;

export class LoadedFirmware {
  readonly #shelf: Pick<FirmwareShelf, 'read' | 'sizeOf'>;
  readonly #held = new Map<string, Held>();
  readonly #facts = new Map<string, FirmwareFacts>();
  /** One file at a time is read only to look into it. */
  #looking: Promise<unknown> = Promise.resolve();

  constructor(shelf: Pick<FirmwareShelf, 'read' | 'sizeOf'>) {
    this.#shelf = shelf;
  }

  /** Bytes in memory, of files that are held. */
  get bytes(): number {
    return [...this.#held.keys()].reduce((all, sha256) => all + (this.#shelf.sizeOf(sha256) ?? 0), 0);
  }

  isHeld(sha256: string): boolean {
    return this.#held.has(sha256);
  }

  /** Null where the host does not have it, or no longer as it was. Rejects with Node's error. */
  async lease(sha256: string): Promise<Lease | null> {
    const held = this.#held.get(sha256) ?? { loading: this.#load(sha256), holders: 0 };
    held.holders += 1;
    this.#held.set(sha256, held);
    let isReleased = false;
    const release = (): void => {
      if (isReleased) return;
      isReleased = true;
      held.holders -= 1;
      if (held.holders === 0) this.#held.delete(sha256);
    };
    try {
      const loaded = await held.loading;
      if (loaded === null) release();
      return loaded === null ? null : { ...loaded, release };
    } catch (error) {
      release();
      throw error;
    }
  }

  /** As `lease`, and lets go of it at once. */
  async factsOf(sha256: string): Promise<FirmwareFacts | null> {
    const known = this.#facts.get(sha256);
    if (known !== undefined && this.#shelf.sizeOf(sha256) !== null) return known;
    const look = this.#looking.then(async () => {
      const lease = await this.lease(sha256);
      if (lease === null) return null;
      try {
        const { bytes, inspection } = lease;
        const facts = {
          told: { size: bytes.length, ...statedName(inspection) },
          lacksMicroPython: lacksMicroPython(inspection),
        };
        this.#facts.delete(sha256);
        this.#facts.set(sha256, facts);
        for (const oldest of this.#facts.keys()) {
          if (this.#facts.size <= MOST_FACTS) break;
          this.#facts.delete(oldest);
        }
        return facts;
      } finally {
        lease.release();
      }
    });
    this.#looking = look.catch(() => undefined); // Whoever waits for `look` has the error.
    return look;
  }

  async #load(sha256: string): Promise<Loaded | null> {
    const bytes = await this.#shelf.read(sha256);
    return bytes === null ? null : { bytes, inspection: await inspect(bytes) };
  }
}
