/** Device secrets that a person keeps on the host: sealed in the job's record, under a key in a file of its own. */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { open } from 'node:fs/promises';
import { isMissing } from '../../data/data-error.ts';
import { writeWhole } from '../../data/user-data.ts';
import { lazy } from '../../../model/lazy.ts';
import { loginText, readLogin, type Secrets } from '../../../model/device/secrets/secrets.ts';
import { secretsKeyOpenText } from '../../../words/host/jobs.ts';

const CIPHER = 'aes-256-gcm';
const KEY_BYTES = 32;
/** NIST SP 800-38D, 5.2.1.1: what the mode is made for. */
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** Read or write for the group or for everyone. */
const OPEN_TO_OTHERS = 0o066;

/**
 * Seals secrets, each for one place: moved to the record of another device they do not open. It keeps them from whoever
 * gets hold of a record alone, as in a backup or a report; whoever can read the whole folder has the key as well.
 */
export class SecretSeal {
  readonly #file: string;
  readonly #key = lazy(() => this.#readOrMake());
  readonly #trouble: (sentence: string) => void;

  /** `file`: where the key is kept; made when it is first needed. `trouble` is told of one that others may have read. */
  constructor(file: string, trouble: (sentence: string) => void) {
    this.#file = file;
    this.#trouble = trouble;
  }

  /** Rejects with Node's error where there is no key yet and none can be written. */
  async seal({ token, login }: Secrets, place: string): Promise<string> {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv(CIPHER, await this.#key(), nonce, { authTagLength: TAG_BYTES });
    cipher.setAAD(Buffer.from(place));
    const text = JSON.stringify([token, login === null ? null : loginText(login)]);
    return Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]).toString('base64');
  }

  /** Null where they cannot be opened: for another place, damaged, or the key is gone. */
  async open(sealed: string, place: string): Promise<Secrets | null> {
    const bytes = Buffer.from(sealed, 'base64');
    try {
      const decipher = createDecipheriv(CIPHER, await this.#key(), bytes.subarray(0, NONCE_BYTES), {
        authTagLength: TAG_BYTES,
      });
      decipher.setAAD(Buffer.from(place));
      decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
      const text = Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]);
      const [token, login]: unknown[] = JSON.parse(text.toString('utf8')) as unknown[];
      return {
        token: typeof token === 'string' ? token : null,
        login: readLogin(typeof login === 'string' ? login : null),
      };
    } catch {
      // The person types the token again, which is all that is lost.
      return null;
    }
  }

  async #readOrMake(): Promise<Buffer> {
    const kept = await this.#read();
    if (kept?.key.length === KEY_BYTES && !kept.isOpen) return kept.key;
    const made = randomBytes(KEY_BYTES);
    await writeWhole(this.#file, made.toString('base64'));
    if (kept?.isOpen === true) this.#trouble(secretsKeyOpenText(this.#file));
    return made;
  }

  /** Null where there is none. `isOpen`: others may read or write it. */
  async #read(): Promise<{ readonly key: Buffer; readonly isOpen: boolean } | null> {
    try {
      const handle = await open(this.#file);
      try {
        // Of the very file that is read. Windows keeps its permissions elsewhere, and shows every file as open.
        const { mode } = await handle.stat();
        const isOpen = process.platform !== 'win32' && (mode & OPEN_TO_OTHERS) !== 0;
        return { key: Buffer.from(await handle.readFile('utf8'), 'base64'), isOpen };
      } finally {
        await handle.close();
      }
    } catch (error) {
      if (isMissing(error)) return null;
      throw error;
    }
  }
}
