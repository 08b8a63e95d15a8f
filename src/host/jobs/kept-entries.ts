import { timingSafeEqual } from 'node:crypto';
import { keyHash } from '../data/key-hash.ts';

/** What a host has of one kind, by id: found by key, watched, and waited for until it is on the disk. */
export class KeptEntries<Entry extends { readonly saving: Promise<void> | null }> {
  readonly #entries = new Map<string, Entry>();
  readonly #watchers = new Set<(id: string) => void>();
  readonly #keyHashOf: (entry: Entry) => string;

  /** @param keyHashOf what `keyHash` made of an entry's key */
  constructor(keyHashOf: (entry: Entry) => string) {
    this.#keyHashOf = keyHashOf;
  }

  /** In the order that they were made. */
  get all(): Iterable<Entry> {
    return this.#entries.values();
  }

  get size(): number {
    return this.#entries.size;
  }

  has(id: string): boolean {
    return this.#entries.has(id);
  }

  get(id: string): Entry | null {
    return this.#entries.get(id) ?? null;
  }

  /** Null where there is none of that id, or its key is another one: nobody can tell which. */
  find(id: string, key: string): Entry | null {
    const entry = this.#entries.get(id);
    const hash = Buffer.from(keyHash(key), 'hex');
    // Compared with something in any case, and in constant time.
    const isRight = timingSafeEqual(hash, entry === undefined ? hash : Buffer.from(this.#keyHashOf(entry), 'hex'));
    return entry !== undefined && isRight ? entry : null;
  }

  add(id: string, entry: Entry): void {
    this.#entries.set(id, entry);
  }

  /** Whether it was there. */
  delete(id: string): boolean {
    return this.#entries.delete(id);
  }

  /** `told` gets the id of each entry that changes or goes. Answers how to stop that. */
  watch(told: (id: string) => void): () => void {
    this.#watchers.add(told);
    return () => this.#watchers.delete(told);
  }

  tell(id: string): void {
    for (const told of this.#watchers) told(id);
  }

  /** Resolves when everything is on the disk that could be written. */
  async saved(): Promise<void> {
    await Promise.all([...this.#entries.values()].flatMap(({ saving }) => saving ?? []));
  }
}
