/** A browser profile as somebody has it who copies its folder: a journey looks what can be read in it. */
import { createDecipheriv } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

const KEY_BYTES = 32;
const TAG_BYTES = 16;
/** Of 32 random bytes fewer are distinct once in a hundred thousand times; most of what lies in the files is far below. */
const LEAST_DISTINCT = 22;

export interface Sealed {
  readonly place: string;
  readonly iv: readonly number[];
  readonly data: readonly number[];
}

/** What somebody has who copies the browser's profile. */
export class Copied {
  readonly #files: readonly Buffer[];

  private constructor(files: readonly Buffer[]) {
    this.#files = files;
  }

  static async of(profile: string): Promise<Copied> {
    const entries = await readdir(profile, { recursive: true, withFileTypes: true });
    const paths = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
    return new Copied(await Promise.all(paths.map((path) => readFile(path))));
  }

  has(text: string): boolean {
    return this.#files.some((bytes) => bytes.includes(text));
  }

  /** Tries every 32 bytes of the page's database as the key; the token, or null. */
  opened({ place, iv, data }: Sealed): string | null {
    const name = Buffer.from('vault');
    const [nonce, sealed] = [Buffer.from(iv), Buffer.from(data)];
    for (const bytes of this.#files.filter((file) => file.includes(name) && file.length < 4 * 1024 * 1024)) {
      for (let at = 0; at + KEY_BYTES <= bytes.length; at += 1) {
        const key = bytes.subarray(at, at + KEY_BYTES);
        if (new Set(key).size < LEAST_DISTINCT) continue;
        const token = unseal(key, nonce, sealed, `moult token 2 of ${place}`);
        if (token !== null) return token;
      }
    }
    return null;
  }
}

function unseal(key: Buffer, nonce: Buffer, sealed: Buffer, context: string): string | null {
  const cipher = createDecipheriv('aes-256-gcm', key, nonce);
  cipher.setAAD(Buffer.from(context));
  cipher.setAuthTag(sealed.subarray(-TAG_BYTES));
  const token = cipher.update(sealed.subarray(0, -TAG_BYTES));
  try {
    cipher.final();
  } catch {
    // Not the key.
    return null;
  }
  return token.toString();
}
