/** The folder where the host keeps its authority and what it knows of devices. */
import { randomUUID } from 'node:crypto';
import { mkdirSync, statSync } from 'node:fs';
import { open, rename, rm, type FileHandle } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import type { DataTrouble } from '../../model/host/data-trouble.ts';

/** Where each system wants a program's own data of one user. */
export function userDataFolder(env: NodeJS.ProcessEnv = process.env, platform: string = process.platform): string {
  const home = homedir();
  if (platform === 'win32') return join(env['LOCALAPPDATA'] ?? join(home, 'AppData', 'Local'), 'moult');
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'moult');
  // The base directory specification: a relative path there counts as unset.
  const data = env['XDG_DATA_HOME'] ?? '';
  return join(data.startsWith('/') ? data : join(home, '.local', 'share'), 'moult');
}

/** Makes the folder, for this user alone. */
export function makePrivateFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
}

/** The bits of a folder's mode that let its group and everybody write in it. */
const WRITABLE_BY_OTHERS = 0o022;
const ROOT = 0;

/**
 * Why the folder is not this account's alone; null where it is. Whoever may write in it can put files of
 * their own in the place of ours, whatever the modes of these say. `uid`: this account.
 */
export function whyShared(folder: string, uid: number | undefined = process.getuid?.()): DataTrouble | null {
  // Windows keeps its permissions elsewhere.
  if (uid === undefined) return null;
  const { mode, uid: owner } = statSync(folder);
  if ((mode & WRITABLE_BY_OTHERS) !== 0) return { kind: 'folder-writable-by-others', folder };
  // Root may write anywhere.
  return owner === uid || owner === ROOT ? null : { kind: 'folder-of-another-account', folder };
}

/**
 * Writes a file for this user alone, and never half of it: a new file takes the old one's place once its bytes are on
 * the disk. Rejects with Node’s error; the old file is untouched then. `isDurable: false`: without waiting for the disk, for
 * what is written many times a minute: it outlives this process, and a power cut may leave the old file or an empty one.
 */
export async function writeWhole(file: string, text: string, isDurable = true): Promise<void> {
  // A name of its own: several hosts of one user may write at once.
  const fresh = `${file}.${randomUUID()}.new`;
  try {
    const handle = await open(fresh, 'wx', 0o600);
    try {
      await handle.writeFile(text);
      // Or a power cut could leave the file's name with none of its bytes.
      if (isDurable) await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(fresh, file);
  } catch (error) {
    // The error that counts is the first one.
    await rm(fresh, { force: true }).catch(() => undefined);
    throw error;
  }
  if (isDurable) await syncFolder(dirname(file));
}

/** Puts the folder's entries on the disk, the new file's name among them. */
export async function syncFolder(folder: string): Promise<void> {
  let handle: FileHandle | null = null;
  try {
    handle = await open(folder, 'r');
    await handle.sync();
  } catch {
    // Windows and some network shares sync no folder. The file is whole either way.
  } finally {
    await handle?.close();
  }
}
