/** Browsers of the LAN that may use what the host does for them, and the codes that they are paired with. */
import { randomBytes, randomInt, timingSafeEqual } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { browserInWords, type BrowserMake, type SystemMake } from '../../words/host/browsers.ts';
import { DataError, reasonOf } from '../data/data-error.ts';
import { withFolderLock } from '../data/folder-lock.ts';
import { keyHash } from '../data/key-hash.ts';
import { setAside } from '../data/set-aside.ts';
import { makePrivateFolder, writeWhole } from '../data/user-data.ts';

/** A paired browser, as people see it. */
export interface Client {
  /** Names it in `moult clients --revoke`. */
  readonly id: string;
  /** "Chrome on Android", by its own word. */
  readonly name: string;
  /** Milliseconds since 1970. */
  readonly pairedAt: number;
}

export type PairResult =
  | { readonly kind: 'paired'; readonly key: string; readonly client: Client }
  /** There is no such code, or it was used, or its time is up, or the browser that showed it is no longer paired. */
  | { readonly kind: 'wrong-code' }
  /** One has to be revoked first. */
  | { readonly kind: 'full' };

/** Letters and digits that nobody takes for each other (Crockford's Base32), for people who type a code. */
const CODE_LETTERS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
/** 50 bits. At thirty tries a minute for each client that the host listens to, that is out of reach. */
const CODE_LENGTH = 10;
/** A code that a paired page shows is scanned at once. The terminal's is good for as long as the host runs. */
export const CODE_MS = 600_000;
/** Codes that were shown and not used: more than one person lets stand. */
const MOST_CODES = 64;
/** A household's browsers, many times. */
const MOST_CLIENTS = 256;
/** The bits of a file's mode that let its group and everybody write. */
const WRITABLE_BY_OTHERS = 0o022;
const KEY_BYTES = 16;
const ID_BYTES = 4;

const HASH = /^[0-9a-f]{64}$/;
const FILE = v.array(
  v.object({
    id: v.pipe(v.string(), v.regex(/^[0-9a-f]{8}$/)),
    name: v.pipe(v.string(), v.maxLength(100)),
    pairedAt: v.number(),
    keySha256: v.pipe(v.string(), v.regex(HASH)),
  }),
);
interface Code {
  /** Milliseconds since 1970. */
  readonly endsAt: number;
  readonly by: string | null;
}

type Kept = v.InferOutput<typeof FILE>[number];

/** Its file in the host's own folder. A key that was lost with it costs one pairing. */
const FILE_NAME = 'clients.json';

/**
 * The paired browsers, in a file of the host's own folder. It is looked at anew with each question, so that a browser
 * that another process revoked is refused at once.
 */
export class Clients {
  readonly #folder: string;
  readonly #now: () => number;
  readonly #trouble: (error: DataError) => void;
  readonly #codes = new Map<string, Code>();
  #read: { readonly mark: string; readonly clients: readonly Kept[] } | null = null;

  /** `now`: milliseconds since 1970. `trouble` is told of a file that cannot be read, once. */
  constructor(
    folder: string,
    now: () => number = () => Date.now(),
    trouble: (error: DataError) => void = () => undefined,
  ) {
    this.#folder = folder;
    this.#now = now;
    this.#trouble = trouble;
  }

  /**
   * A code that pairs one browser, once, within `ms` milliseconds. `by`: the paired browser that shows it, without which
   * it is worth nothing; null where this machine does.
   */
  newCode(by: string | null = null, ms: number = CODE_MS): string {
    const code = Array.from({ length: CODE_LENGTH }, () => CODE_LETTERS[randomInt(CODE_LETTERS.length)]).join('');
    const now = this.#now();
    for (const [old, { endsAt }] of this.#codes) if (endsAt <= now) this.#codes.delete(old);
    const passing = [...this.#codes].filter(([, { endsAt }]) => endsAt < Infinity);
    for (const [old] of passing.slice(0, Math.max(0, passing.length + 1 - MOST_CODES))) this.#codes.delete(old);
    this.#codes.set(code, { endsAt: now + ms, by });
    return code;
  }

  /**
   * Trades a code for a key of 128 bits, as 22 characters of base64url. A code is used up before anything is written,
   * so that two browsers that come with it at the same time do not both get in. Rejects with `DataError` where the
   * pairing cannot be kept; then the code is good again.
   */
  async pair(code: string, name: string): Promise<PairResult> {
    const meant = code.toUpperCase().replaceAll(/[\s-]/g, '').replaceAll('O', '0').replaceAll(/[IL]/g, '1');
    const known = this.#codes.get(meant);
    this.#codes.delete(meant);
    if (known === undefined || known.endsAt <= this.#now()) return { kind: 'wrong-code' };
    const clients = this.#clients();
    if (known.by !== null && !clients.some(({ id }) => id === known.by)) return { kind: 'wrong-code' };
    if (clients.length >= MOST_CLIENTS) {
      this.#codes.set(meant, known);
      return { kind: 'full' };
    }
    const key = randomBytes(KEY_BYTES).toString('base64url');
    const client = { id: randomBytes(ID_BYTES).toString('hex'), name, pairedAt: this.#now() };
    try {
      await this.#change((others) => [...others, { ...client, keySha256: keyHash(key) }]);
    } catch (error) {
      this.#codes.set(meant, known);
      throw error;
    }
    return { kind: 'paired', key, client };
  }

  /** Whether this code still waits for a browser. */
  waits(code: string): boolean {
    return this.#codes.has(code);
  }

  /** The id of the paired browser that holds this key; null where none does. Every hash is compared, each in constant time. */
  holderOf(key: string | undefined): string | null {
    if (key === undefined) return null;
    const hash = Buffer.from(keyHash(key), 'hex');
    let holder: string | null = null;
    for (const { id, keySha256 } of this.#clients()) {
      if (timingSafeEqual(hash, Buffer.from(keySha256, 'hex'))) holder = id;
    }
    return holder;
  }

  knows(key: string | undefined): boolean {
    return this.holderOf(key) !== null;
  }

  /** In the order that they were paired. */
  list(): readonly Client[] {
    return this.#clients().map(({ id, name, pairedAt }) => ({ id, name, pairedAt }));
  }

  /**
   * @returns whether there was one
   * @throws DataError where the file cannot be written
   */
  async revoke(id: string): Promise<boolean> {
    let was = false;
    await this.#change((clients) => {
      was = clients.some((one) => one.id === id);
      return clients.filter((one) => one.id !== id);
    });
    return was;
  }

  get #file(): string {
    return join(this.#folder, FILE_NAME);
  }

  #clients(): readonly Kept[] {
    // Each write makes a new file in the place of the old one.
    const at = statSync(this.#file, { throwIfNoEntry: false });
    const mark = at === undefined ? 'none' : `${at.ino} ${at.mtimeMs} ${at.ctimeMs} ${at.size} ${at.mode}`;
    if (this.#read?.mark !== mark) this.#read = { mark, clients: at === undefined ? [] : this.#believed(at.mode) };
    return this.#read.clients;
  }

  /** None where others may write the file: they could pair whatever they like. */
  #believed(mode: number): readonly Kept[] {
    // Windows has no such bits.
    if (process.platform === 'win32' || (mode & WRITABLE_BY_OTHERS) === 0) return this.#parse();
    this.#trouble(new DataError({ kind: 'clients-writable-by-others', file: this.#file }));
    return [];
  }

  #parse(): readonly Kept[] {
    try {
      return v.parse(FILE, JSON.parse(readFileSync(this.#file, 'utf8')));
    } catch (error) {
      // That keeps every browser out, and costs each a new scan.
      this.#trouble(setAside('clients', this.#file, error));
      return [];
    }
  }

  async #change(next: (clients: readonly Kept[]) => readonly Kept[]): Promise<void> {
    try {
      makePrivateFolder(this.#folder);
      await withFolderLock(this.#folder, () =>
        writeWhole(this.#file, `${JSON.stringify(next(this.#clients()), null, 2)}\n`),
      );
    } catch (error) {
      if (error instanceof DataError) throw error;
      throw new DataError(
        { kind: 'list-not-written', list: 'clients', file: this.#file, reason: reasonOf(error) },
        { cause: error },
      );
    }
  }
}

const BROWSERS: readonly (readonly [RegExp, BrowserMake])[] = [
  [/EdgA?\/|EdgiOS\//, 'edge'],
  [/OPR\//, 'opera'],
  [/SamsungBrowser\//, 'samsung'],
  [/Firefox\/|FxiOS\//, 'firefox'],
  [/Chrome\/|CriOS\//, 'chrome'],
  [/Safari\//, 'safari'],
];
const SYSTEMS: readonly (readonly [RegExp, SystemMake])[] = [
  [/Android/, 'android'],
  [/iPhone/, 'iphone'],
  [/iPad/, 'ipad'],
  [/Mac OS X/, 'mac'],
  [/Windows/, 'windows'],
  [/CrOS/, 'chromeos'],
  [/Linux/, 'linux'],
];

/** What people call a browser, by its `User-Agent`: "Chrome on Android". It names, and proves nothing. */
export function browserName(userAgent = ''): string {
  const of = <T>(makes: readonly (readonly [RegExp, T])[]): T | null =>
    makes.find(([pattern]) => pattern.test(userAgent))?.[1] ?? null;
  return browserInWords(of(BROWSERS), of(SYSTEMS));
}
