/** The authority's file in the data folder: read at each start, made at the first one. */
import { existsSync } from 'node:fs';
import { open, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Authority } from './authority.ts';
import { DataError, isMissing, reasonOf } from './data-error.ts';
import { withFolderLock } from './folder-lock.ts';
import { makePrivateFolder, whyShared, writeWhole } from './user-data.ts';

/** Certificate and key in one file, so that neither is ever without the other. */
const FILE = 'authority-and-key.pem';
/** Two files, as earlier versions wrote them. */
const EARLIER = { certificate: 'authority.pem', key: 'authority-key.pem' };

/** Read or write for the group or for everyone. */
const OPEN_TO_OTHERS = 0o066;
/** This program is younger than any clock that says less: a board without a battery begins at 1970. */
const EARLIEST_CLOCK = Date.UTC(2026, 0, 1);

export interface OpenedAuthority {
  readonly authority: Authority;
  /** Made just now: no phone trusts it yet. */
  readonly isNew: boolean;
}

/**
 * Reads the authority kept in `folder`, or makes one for a machine of these names, also in place of one that is about
 * to end. Two files of an earlier version become one. `now`: milliseconds since 1970.
 *
 * @throws DataError where it cannot be read, used, or written
 */
export async function openAuthority(folder: string, names: readonly string[], now: number): Promise<OpenedAuthority> {
  const shared = existsSync(folder) ? whyShared(folder) : null;
  if (shared !== null) throw new DataError(shared);
  const one = await oneFileIn(folder);
  if (one !== null && isInUse(one, now)) return { authority: one.authority, isNew: false };
  const file = join(folder, FILE);
  try {
    makePrivateFolder(folder);
    return await withFolderLock(folder, async () => {
      // Another host may have been here first.
      const there = await keptIn(folder);
      if (there !== null && isInUse(there, now)) {
        if (!there.isOneFile) await putTogether(folder, there.pem);
        return { authority: there.authority, isNew: false };
      }
      if (now < EARLIEST_CLOCK) throw new DataError({ kind: 'clock-too-early', now });
      await removeHalves(folder);
      const made = await Authority.make(names, now);
      await writeWhole(file, made.pem);
      return { authority: made.authority, isNew: true };
    });
  } catch (error) {
    if (error instanceof DataError) throw error;
    // Where nothing can be written, what is there still does.
    const kept = await keptIn(folder);
    if (kept !== null && isInUse(kept, now)) return { authority: kept.authority, isNew: false };
    throw new DataError({ kind: 'authority-not-written', file, reason: reasonOf(error) }, { cause: error });
  }
}

interface Kept {
  readonly authority: Authority;
  readonly pem: string;
  readonly isOneFile: boolean;
  /** One, or the two of an earlier version. */
  readonly files: readonly string[];
}

/** Null where there is none. */
async function oneFileIn(folder: string): Promise<Kept | null> {
  const file = join(folder, FILE);
  const text = await privateText(file, true);
  return text === null ? null : { ...(await usable(text, [file])), isOneFile: true };
}

/** Also as an earlier version left it. Of two files, one may go while the other is read: so not without the lock. */
async function keptIn(folder: string): Promise<Kept | null> {
  const one = await oneFileIn(folder);
  if (one !== null) return one;
  const files = { certificate: join(folder, EARLIER.certificate), key: join(folder, EARLIER.key) };
  const certificate = await privateText(files.certificate, false);
  const key = await privateText(files.key, true);
  if (certificate === null && key === null) return null;
  if (certificate === null || key === null) {
    const [file, missing] = certificate === null ? [files.key, files.certificate] : [files.certificate, files.key];
    throw new DataError({ kind: 'half-an-authority', file, missing });
  }
  return { ...(await usable(`${certificate}\n${key}`, [files.certificate, files.key])), isOneFile: false };
}

/** Null where there is no such file. `isSecret`: nobody else may read it. */
async function privateText(file: string, isSecret: boolean): Promise<string | null> {
  try {
    const handle = await open(file);
    try {
      // Of the very file that is read. Windows keeps its permissions elsewhere, and shows every file as open.
      const { mode } = await handle.stat();
      if (isSecret && process.platform !== 'win32' && (mode & OPEN_TO_OTHERS) !== 0) {
        throw new DataError({ kind: 'key-open-to-others', file });
      }
      return await handle.readFile('utf8');
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (isMissing(error)) return null;
    if (error instanceof DataError) throw error;
    throw new DataError({ kind: 'authority-not-read', file, reason: reasonOf(error) }, { cause: error });
  }
}

async function usable(pem: string, files: readonly string[]): Promise<Omit<Kept, 'isOneFile'>> {
  const read = await Authority.read(pem);
  if (typeof read !== 'string') return { authority: read, pem, files };
  throw new DataError({ kind: 'no-authority', files, found: read });
}

/** False where another one has to take its place. Throws where its time and the clock have nothing to do with each other. */
function isInUse({ authority, files }: Kept, now: number): boolean {
  if (authority.outlasts(now)) return true;
  const { validFrom, validTo } = authority;
  if (now >= validFrom && now < validTo) return false;
  throw new DataError({ kind: 'authority-out-of-time', files, validFrom, validTo, now });
}

async function putTogether(folder: string, pem: string): Promise<void> {
  await writeWhole(join(folder, FILE), pem);
  await rm(join(folder, EARLIER.key), { force: true });
  await rm(join(folder, EARLIER.certificate), { force: true });
}

/** What a process that was killed was about to write. Whoever holds the lock is the only one who writes. */
async function removeHalves(folder: string): Promise<void> {
  const halves = (await readdir(folder)).filter((name) => /^authority.*\.new$/.test(name));
  for (const half of halves) await rm(join(folder, half), { force: true });
}
